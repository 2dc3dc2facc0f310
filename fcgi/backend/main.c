/* SPDX-License-Identifier: ISC */
/* b3lb-backend: what BigBlueButton nodes call, and telephone gateways. Who may, and with what, is decided here, once for all
 * endpoints. */
#include "config.h"
#include "backend.h"

#include "base/cidr.h"
#include "bbb/route.h"

#include <string.h>

/* Its nonce stands in the query: what a POST says beside it is not looked at. */
#define END_MAX	       (1u << 14)
#define ANALYTICS_MAX  (8u << 20)
#define EVENT_MAX      (1u << 20)
#define DIALIN_MAX     (1u << 18)
#define UPLOAD_RETRY_S 30
/* What a telephone gateway calls, and nobody else. */
#define DIALPLAN "dialin/dialplan"

static bool nonce_is_sound(const char *nonce)
{
	size_t len = nonce ? strlen(nonce) : 0;

	return len >= 32 && len <= 64 && nonce[strspn(nonce, "0123456789abcdef-")] == '\0';
}

/* Who may not call learns nothing of what there is. */
static bool admit(struct exchange *x)
{
	const struct backend *b = (const struct backend *)x;
	const struct conf *conf = b->service->conf;
	bool may =
		cidr_list_contains(b->gateway ? conf->dialin_allow : conf->backend_allow, x->rq->remote_addr);

	if (b->gateway && !*conf->dialin_password)
		endpoint_refuse(x, 404, "there is nothing here");
	else if (!may)
		endpoint_refuse(x, 403,
			b->gateway ? "this address is not in dialin_allow"
				   : "this address is not in backend_allow");
	return may && !(b->gateway && !*conf->dialin_password);
}

static bool authorize(struct exchange *x)
{
	struct backend *b = (struct backend *)x;
	struct err err = {0};

	if (b->gateway)
		return backend_dialin_authorize(b);
	if (query_parse(&x->rq->arena, x->rq->query, strlen(x->rq->query), &b->query, &err) == -1) {
		endpoint_refuse(x, 400, err.text);
		return false;
	}
	query_clean(&x->rq->arena, &b->query);
	b->nonce = query_get(&b->query, "nonce");
	if (nonce_is_sound(b->nonce))
		return true;
	endpoint_refuse(x, 404, "no such nonce");
	return false;
}

static void describe(const struct exchange *x, struct log_line *l)
{
	log_str(l, "endpoint", x->endpoint ? x->endpoint->path : "unknown");
	log_str(l, "from", x->rq->remote_addr);
	if (((const struct backend *)x)->note)
		log_str(l, "event", ((const struct backend *)x)->note);
}

static const struct endpoint rows[] = {
	{"callback/end", ON_GET_HEAD_POST, .body_max = END_MAX, .handle = backend_callback_end},
	{"meeting/end", ON_GET_HEAD_POST, .body_max = END_MAX, .handle = backend_callback_end},
	{"callback/analytics", ON_POST, .body_max = ANALYTICS_MAX, .handle = backend_callback_analytics},
	{"callback/event", ON_POST, .body_max = EVENT_MAX, .handle = backend_callback_event},
	{DIALPLAN, ON_POST, .body_max = DIALIN_MAX, .handle = backend_dialin_dialplan},
	{"recording/upload", ON_POST, .retry_after = UPLOAD_RETRY_S, .handle = backend_recording_upload},
	{"record/upload", ON_POST, .retry_after = UPLOAD_RETRY_S, .handle = backend_recording_upload},
};
static const struct endpoint_table table = {
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.admit = admit,
	.authorize = authorize,
	.describe = describe,
};

static void handle(const struct service *service, struct request *rq, int refused, const struct err *why)
{
	struct backend b = {.x.rq = rq, .service = service};
	struct route route;

	route_parse(service->conf->api_base_domain, rq->host, rq->path, &route);
	b.gateway = route.kind == ROUTE_BACKEND && strcmp(route.rest, DIALPLAN) == 0;
	endpoint_run(&b.x, &table, route.kind == ROUTE_BACKEND ? route.rest : NULL, refused, why);
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-backend",
		.purpose = "answers what BigBlueButton nodes call",
		.handle = handle,
	};

	return server_main(&app, argc, argv);
}
