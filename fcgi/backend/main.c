/* SPDX-License-Identifier: ISC */
/* b3lb-backend: what BigBlueButton nodes call. Who may, and with what, is decided here, once for all
 * endpoints. */
#include "config.h"
#include "backend.h"

#include "base/cidr.h"
#include "base/log.h"
#include "http/response.h"
#include "bbb/route.h"

#include <string.h>

#define GET_HEAD (1u << METHOD_GET | 1u << METHOD_HEAD)
#define POST	 (1u << METHOD_POST)

#define ANALYTICS_MAX (8u << 20)

static const struct backend_endpoint endpoints[] = {
	{"callback/end", "GET, HEAD", GET_HEAD, 0, backend_callback_end},
	{"meeting/end", "GET, HEAD", GET_HEAD, 0, backend_callback_end},
	{"callback/analytics", "POST", POST, ANALYTICS_MAX, backend_callback_analytics},
	{"recording/upload", "POST", POST, 0, backend_recording_upload},
	{"record/upload", "POST", POST, 0, backend_recording_upload},
};

static const struct backend_endpoint *find_endpoint(const struct route *route)
{
	for (size_t i = 0; route->kind == ROUTE_BACKEND && i < ARRAY_SIZE(endpoints); i++)
		if (strcmp(endpoints[i].path, route->rest) == 0)
			return &endpoints[i];
	return NULL;
}

void backend_fail(struct backend *b, const struct err *err)
{
	static const struct response_header retry[] = {{"Retry-After", "5"}, {NULL, NULL}};
	struct log_line l;

	if (err->kind == ERR_NOT_FOUND) {
		response_send_text(b->rq, 404, "no such nonce");
		return;
	}
	log_begin(&l, LOG_LEVEL_ERROR, "failure");
	log_str(&l, "id", b->rq->id);
	log_str(&l, "endpoint", b->endpoint->path);
	log_str(&l, "msg", err->text);
	log_end(&l);
	if (err->kind == ERR_AWAY)
		response_send(b->rq, 503, "text/plain; charset=utf-8", retry, "away for a moment\n", 18);
	else
		response_send_text(b->rq, 500, "internal error");
}

static bool nonce_is_sound(const char *nonce)
{
	size_t len = nonce ? strlen(nonce) : 0;

	return len >= 32 && len <= 64 && nonce[strspn(nonce, "0123456789abcdef-")] == '\0';
}

static void dispatch(struct backend *b, const struct route *route)
{
	struct response_header allow[] = {{"Allow", NULL}, {NULL, NULL}};
	struct err err = {0};
	int status;

	/* Before anything else: who may not call learns nothing of what there is. */
	if (!cidr_list_contains(b->service->conf->backend_allow, b->rq->remote_addr)) {
		response_send_text(b->rq, 403, "this address is not in backend_allow");
		return;
	}
	b->endpoint = find_endpoint(route);
	if (!b->endpoint) {
		response_send_text(b->rq, 404, "no such endpoint");
		return;
	}
	if (!(b->endpoint->methods & 1u << b->rq->method)) {
		allow[0].value = b->endpoint->allow;
		response_send(b->rq, 405, "text/plain; charset=utf-8", allow, "wrong method\n", 13);
		return;
	}
	if (query_parse(&b->rq->arena, b->rq->query, strlen(b->rq->query), &b->query, &err) == -1) {
		response_send_text(b->rq, 400, err.text);
		return;
	}
	b->nonce = query_get(&b->query, "nonce");
	if (!nonce_is_sound(b->nonce)) {
		response_send_text(b->rq, 404, "no such nonce");
		return;
	}
	status = b->endpoint->body_max ? request_read_body(b->rq, b->endpoint->body_max, &err) : 0;
	if (status)
		response_send_text(b->rq, status, err.text);
	else
		b->endpoint->handle(b);
}

static void handle(const struct service *service, struct request *rq)
{
	struct backend b = {.service = service, .rq = rq};
	struct route route;
	struct log_line l;

	route_parse(service->conf->api_base_domain, rq->host, rq->path, &route);
	dispatch(&b, &route);
	log_begin(&l, LOG_LEVEL_INFO, "request");
	log_str(&l, "id", rq->id);
	log_str(&l, "endpoint", b.endpoint ? b.endpoint->path : "unknown");
	log_str(&l, "from", rq->remote_addr);
	log_int(&l, "status", rq->status);
	log_end(&l);
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
