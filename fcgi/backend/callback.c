/* SPDX-License-Identifier: ISC */
/* callback/end and callback/analytics: a node says that a meeting has ended, and what happened in it. */
#include "config.h"
#include "backend.h"

#include "core/analytics.h"
#include "core/callback.h"
#include "base/log.h"
#include "core/client_params.h"
#include "http/response.h"
#include "bbb/token.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void backend_callback_end(struct exchange *x)
{
	struct backend *b = (struct backend *)x;
	const char *marks = query_get_filled(&b->query, "recordingmarks");
	struct err err = {0};

	/* meetingEndedURL is called plainly, beside the one that says it. */
	if (marks)
		marks = strcasecmp(marks, "true") == 0 ? "true" : "false";
	if (callback_end(b->service->db, b->nonce, query_get_filled(&b->query, "meetingID"), marks, &err) ==
		-1)
		endpoint_fail(x, &err);
	else
		response_send_text(x->rq, 200, "ok");
}

/* The token of "Authorization: Bearer TOKEN", "" without. */
static const char *bearer(const struct backend *b)
{
	const char *value = request_env(b->x.rq, "HTTP_AUTHORIZATION");

	return value && strncasecmp(value, "Bearer ", 7) == 0 ? value + 7 : "";
}

/* Takes it as the client may see it. 0 or -1 with err. */
static int take(struct backend *b, const struct callback_meeting *m, json_t *json, struct err *err)
{
	bool dropped = false;
	char *text;
	int rc;

	client_params_restore_analytics(b->service->conf, &m->own, m->node_meeting_id, m->client_id, json);
	text = json_dumps(json, JSON_COMPACT);
	if (!text)
		return err_set(err, ERR_INTERNAL, "the analytics could not be written");
	rc = analytics_take(b->service->db, b->nonce, text, &dropped, err);
	if (rc == 0 && dropped)
		log_msg(LOG_LEVEL_WARNING, "analytics_dropped",
			"request %s: %zu bytes of meeting %.128s are not kept", b->x.rq->id, strlen(text),
			m->client_id);
	free(text);
	return rc;
}

void backend_callback_analytics(struct exchange *x)
{
	struct backend *b = (struct backend *)x;
	struct callback_meeting m;
	struct err err = {0};
	json_t *json;

	if (callback_find_meeting(b->service->db, &x->rq->arena, b->nonce, &m, &err) == -1) {
		endpoint_fail(x, &err);
		return;
	}
	if (!token_verify_analytics(bearer(b), m.node_secret)) {
		response_send_text(x->rq, 401, "the bearer token is not this node's");
		return;
	}
	json = json_loadb(buf_str(&x->rq->body), x->rq->body.len, 0, NULL);
	if (!json_is_object(json))
		response_send_text(x->rq, 400, "the body is not a JSON object");
	else if (take(b, &m, json, &err) == -1)
		endpoint_fail(x, &err);
	else
		response_send_text(x->rq, 200, "ok");
	json_decref(json);
}
