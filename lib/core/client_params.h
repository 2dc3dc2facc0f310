/* SPDX-License-Identifier: ISC */
/* What is kept of a create's parameters: b3lb.meeting.own_params, a JSON object. The client's own callback
 * URLs, while ours go to the node, and where people go from the meeting. */
#ifndef B3LB_CORE_CLIENT_PARAMS_H
#define B3LB_CORE_CLIENT_PARAMS_H

#include "base/conf.h"
#include "http/query.h"

#include <jansson.h>

/*
 * Takes the client's callback URLs out of a create's parameters, and copies logoutURL. Returns them as a JSON
 * object in the arena: names as in b3lb.tell_client, meta_ names in lower case as bbb-web keeps them. A record set's nonce is
 * thrown away: only we give one. Any thread.
 */
const char *client_params_take(struct arena *a, const struct conf *conf, struct query *q) b3lb_nonnull;
/*
 * Adds what goes to the node instead: our URL for the end of every meeting; for analytics and meetingEndedURL
 * where the client has one (bbb-api.md 3.8); the record set's nonce under conf's record_meta_data_tag, unless
 * it is NULL.
 */
void client_params_send(struct arena *a, const struct conf *conf, const char *own, const char *nonce,
	const char *record_nonce, struct query *q);
/* The meeting's logoutURL, which a node is given too, out of own (NULL: none), in the arena; NULL when the
 * client and the tenant's rules gave none. */
const char *client_params_logout_url(struct arena *a, const char *own);
/* In an element with <metadata> (bbb/xml.h): ours is taken out, the client's own put back. own NULL: nothing
 * of it is known. */
void client_params_restore(const struct conf *conf, const char *own, void *element);
/* The same in a node's analytics (bbb-api.md 3.8), where the client's meetingID stands for the node's again.
 * Of a breakout room, which a node gives its parent's metadata, they bear the room's own. */
void client_params_restore_analytics(const struct conf *conf, const char *own, const char *node_meeting_id,
	const char *client_id, json_t *analytics) b3lb_nonnull;

#endif
