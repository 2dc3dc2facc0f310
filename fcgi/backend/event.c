/* SPDX-License-Identifier: ISC */
/* callback/event: a node's webhook says what happens in its meetings (doc/bbb-api, 3.9). */
#include "config.h"
#include "backend.h"

#include "bbb/hook_sign.h"
#include "core/hook_node.h"
#include "http/response.h"

#include <string.h>

/* True when the node's secret has signed it. */
static bool is_signed(struct backend *b, const struct query *form, const struct hook_sender *sender)
{
	struct request *rq = b->x.rq;
	const struct hook_request signed_text = {
		.url = hook_node_url(b->service->conf, &rq->arena, b->nonce),
		.checksum = query_get(&b->query, "checksum"),
		.authorization = request_env(rq, "HTTP_AUTHORIZATION"),
		.body = buf_str(&rq->body),
		.body_len = rq->body.len,
		.event = query_get(form, "event"),
		.timestamp = query_get(form, "timestamp"),
		.domain = query_get(form, "domain"),
	};
	enum hook_sign sign = hook_sign_check(&signed_text, sender->secret);
	struct err ignored = {0};

	/* Who tells us is known all the same, by nonce and network: an upgrade of its webhooks mends it. */
	if (sign != HOOK_SIGN_NONE && (sign == HOOK_SIGN_EMPTY) != sender->weak &&
		hook_sender_weak(b->service->db, sender, !sender->weak, &ignored) == -1)
		b->note = "not noted as weak";
	return sign != HOOK_SIGN_NONE;
}

/* False: nothing was answered, since the sender may have changed. */
static bool take(struct backend *b, const struct hook_sender *sender, const char *event)
{
	struct err err = {0};
	int told = 0, rc;

	if (!event || hook_is_deep(event)) {
		response_send_text(b->x.rq, 400, "event is missing, or nested too deep");
		return true;
	}
	if (hook_is_denied(b->service->conf, event)) {
		b->note = "denied";
		response_send_text(b->x.rq, 200, "ok");
		return true;
	}
	rc = hook_take(b->service->db, b->service->conf, sender, event, &told, &err);
	if (rc == 0) {
		b->note = told ? "told" : "dropped";
		response_send_text(b->x.rq, 200, "ok");
	} else if (rc == -1 && err.kind == ERR_INVALID) {
		response_send_text(b->x.rq, 400, "event is no list of 1 to 100 events");
	} else if (rc == -1) {
		endpoint_fail(&b->x, &err);
	}
	return rc != 1;
}

/* fresh: the sender is read anew. False: nothing was answered. */
static bool take_from(struct backend *b, const struct query *form, bool fresh)
{
	struct hook_sender sender = {0};
	struct err err = {0};

	if (hook_sender_find(b->service->db, &b->x.rq->arena, b->nonce, fresh, &sender, &err) == -1) {
		endpoint_fail(&b->x, &err);
		return true;
	}
	if (is_signed(b, form, &sender))
		return take(b, &sender, query_get(form, "event"));
	if (fresh)
		endpoint_refuse(&b->x, 403, "the signature is not this node's");
	return fresh;
}

void backend_callback_event(struct exchange *x)
{
	struct backend *b = (struct backend *)x;
	struct query form = {0};
	struct err err = {0};

	if (b->service->conf->webhooks != CONF_WEBHOOKS_NODES)
		endpoint_refuse(x, 404, "webhooks of nodes are not used here");
	else if (query_parse(&x->rq->arena, buf_str(&x->rq->body), x->rq->body.len, &form, &err) == -1)
		endpoint_refuse(x, 400, err.text);
	/* The second time is for what another process has changed meanwhile; a change between the two waits for the node's next try. */
	else if (!take_from(b, &form, false) && !take_from(b, &form, true))
		endpoint_refuse(x, 503, "the node's settings change");
}
