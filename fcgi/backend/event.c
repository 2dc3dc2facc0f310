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

static void take(struct backend *b, const struct hook_sender *sender, const char *event)
{
	struct err err = {0};
	int told = 0;

	if (!event || hook_is_deep(event)) {
		response_send_text(b->x.rq, 400, "event is missing, or nested too deep");
	} else if (hook_is_denied(b->service->conf, event)) {
		b->note = "denied";
		response_send_text(b->x.rq, 200, "ok");
	} else if (hook_take(b->service->db, b->service->conf, sender, event, &told, &err) == 0) {
		b->note = told ? "told" : "dropped";
		response_send_text(b->x.rq, 200, "ok");
	} else if (err.kind == ERR_INVALID) {
		response_send_text(b->x.rq, 400, "event is no list of 1 to 100 events");
	} else {
		endpoint_fail(&b->x, &err);
	}
}

void backend_callback_event(struct exchange *x)
{
	struct backend *b = (struct backend *)x;
	struct hook_sender sender = {0};
	struct query form = {0};
	struct err err = {0};

	if (b->service->conf->webhooks != CONF_WEBHOOKS_NODES)
		endpoint_refuse(x, 404, "webhooks of nodes are not used here");
	else if (hook_sender_find(b->service->db, &x->rq->arena, b->nonce, &sender, &err) == -1)
		endpoint_fail(x, &err);
	else if (query_parse(&x->rq->arena, buf_str(&x->rq->body), x->rq->body.len, &form, &err) == -1)
		endpoint_refuse(x, 400, err.text);
	else if (!is_signed(b, &form, &sender))
		endpoint_refuse(x, 403, "the signature is not this node's");
	else
		take(b, &sender, query_get(&form, "event"));
}
