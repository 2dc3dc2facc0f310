/* SPDX-License-Identifier: ISC */
/* The calls of the BBB API: a handler each, with what its row says besides. */
#ifndef B3LB_CALLS_H
#define B3LB_CALLS_H

#include "api.h"

/* Each sends the one answer of its request. */
void api_version(struct exchange *x);
void api_create(struct exchange *x);
extern const struct api_call api_create_call;
void api_join(struct exchange *x);
extern const struct api_call api_join_call;
void api_is_meeting_running(struct exchange *x);
void api_get_meetings(struct exchange *x);
void api_end(struct exchange *x);
void api_pass_through(struct exchange *x);
void api_send_chat_message(struct exchange *x);
void api_get_sessions(struct exchange *x);
void api_get_recordings(struct exchange *x);
void api_publish_recordings(struct exchange *x);
void api_delete_recordings(struct exchange *x);
void api_update_recordings(struct exchange *x);
void api_get_text_tracks(struct exchange *x);
void api_put_text_track(struct exchange *x);
void api_hooks_create(struct exchange *x);
void api_hooks_list(struct exchange *x);
void api_hooks_destroy(struct exchange *x);

/* limit.c: says and notes that a limit was passed which refuses nothing (limit_mode warn). */
void api_warn_limit(const struct api *api, const char *text) b3lb_nonnull;

/* branding.c: what the tenant adds to create and join where the client sends nothing of its own. 0, or -1
 * with err. */
int api_brand_create(struct api *api, struct err *err);
void api_brand_join(struct api *api);

/* lrs.c: takes the client's LRS out of a create, whose query shows it nowhere then; api->lrs is what counts, its own or the tenant's. */
void api_take_lrs(struct api *api) b3lb_nonnull;
/* Adds it to what goes to that node, for which alone it is encrypted. */
void api_give_lrs(const struct api *api, const struct node *node, struct query *sent) b3lb_nonnull;

/* settings.c: takes modules out of a create's body that the tenant may not send: its own list of them; client settings
 * where a rule blocks or overrides clientSettingsOverrideJsonUrl. 0, or -1 when the request is answered: then the body cannot be read. */
int api_rule_modules(struct api *api);

#endif
