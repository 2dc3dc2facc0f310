/* SPDX-License-Identifier: ISC */
/* What is kept of a create's parameters: b3lb.meeting.own_params, a JSON object. What the client
 * said where something of ours goes to the node, and where people go from the meeting. */
#ifndef B3LB_CORE_CLIENT_PARAMS_H
#define B3LB_CORE_CLIENT_PARAMS_H

#include "base/conf.h"
#include "http/query.h"

#include <jansson.h>

/* A URL of the client that a node must not call itself, or the tags that it asks for. */
enum client_param {
	CLIENT_END,
	CLIENT_MEETING_ENDED,
	CLIENT_ANALYTICS,
	CLIENT_RECORDING_READY,
	CLIENT_RECORDING_READY_BN,
	CLIENT_RECORDING_READY_CANVAS,
	CLIENT_SERVER_TAG,
	CLIENT_PARAM__MAX,
};
/* Bytes of the tags that a create may ask for. */
#define CLIENT_SERVER_TAG_MAX 512
/* What a client's create said; NULL: nothing of it. Strings belong to where they were read from. */
struct client_params {
	const char *values[CLIENT_PARAM__MAX];
	const char *logout_url; /* goes to the node too; kept for a join that fails here */
};

/*
 * Takes the client's callback URLs and tags out of a create's parameters, into own, which is zeroed; logoutURL is
 * copied. A record set's nonce is thrown away: only we give one. Any thread, as all of them.
 */
void client_params_take(const struct conf *conf, struct query *q, struct client_params *own) b3lb_nonnull;
/* That alone: no answer shows what a client calls one. */
void client_params_drop_tag(const struct conf *conf, struct query *q) b3lb_nonnull;
/* As b3lb.meeting.own_params keeps them: a JSON object in the arena, names as in b3lb.tell_client, meta_ names
 * in lower case as bbb-web keeps them. */
const char *client_params_write(struct arena *a, const struct client_params *own) b3lb_nonnull;
/* Reads that column (NULL: nothing is known) into the arena. */
void client_params_read(struct arena *a, const char *json, struct client_params *own);
/*
 * Adds what goes to the node instead: our URL for the end of every meeting; for analytics and meetingEndedURL
 * where the client has one (doc/bbb-api, 3.8), for analytics also where they are kept; the record set's nonce under
 * conf's record_meta_data_tag, unless it is NULL. server_tag: that of the node; NULL: nothing of it goes there.
 */
void client_params_send(struct arena *a, const struct conf *conf, const struct client_params *own,
	const char *nonce, const char *record_nonce, const char *server_tag, bool analytics, struct query *q);
/* In an element with <metadata> (bbb/xml.h): ours is taken out, the client's own put back. */
void client_params_restore(const struct conf *conf, const struct client_params *own, void *element);
/* The same in a node's analytics (doc/bbb-api, 3.8), where the client's meetingID stands for the node's again.
 * Of a breakout room, which a node gives its parent's metadata, they bear the room's own. */
void client_params_restore_analytics(const struct conf *conf, const struct client_params *own,
	const char *node_meeting_id, const char *client_id, json_t *analytics) b3lb_nonnull;

#endif
