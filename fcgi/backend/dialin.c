/* SPDX-License-Identifier: ISC */
/* dialin/dialplan: a FreeSWITCH gateway asks by mod_xml_curl where a call goes. */
#include "config.h"
#include "backend.h"

#include "bbb/token.h"
#include "core/dialin.h"
#include "http/response.h"

#include <string.h>
#include <strings.h>

/* As Scalelite's gateways know themselves. */
#define USER  "fsapi"
#define BASIC "Basic "

bool backend_dialin_authorize(struct backend *b)
{
	static const struct response_header headers[] = {
		{"WWW-Authenticate", BASIC "realm=\"dial-in\", charset=\"UTF-8\""}, {NULL, NULL}};
	static const char text[] = "user " USER " and dialin_password\n";
	struct request *rq = b->x.rq;
	const char *given = request_env(rq, "HTTP_AUTHORIZATION");
	const char *known = arena_printf(&rq->arena, USER ":%s", b->service->conf->dialin_password);

	if (given && strncasecmp(given, BASIC, strlen(BASIC)) == 0 &&
		token_equal(given + strlen(BASIC),
			asset_base64(&rq->arena, (const unsigned char *)known, strlen(known))))
		return true;
	response_send(rq, 401, "text/plain; charset=utf-8", headers, text, strlen(text));
	return false;
}

void backend_dialin_dialplan(struct exchange *x)
{
	static const char *const notes[] = {
		[DIALIN_NONE] = "not found",
		[DIALIN_ASK] = "asked",
		[DIALIN_WRONG] = "wrong PIN",
		[DIALIN_FOUND] = "bridged",
	};
	struct backend *b = (struct backend *)x;
	const struct conf *conf = b->service->conf;
	struct arena *a = &x->rq->arena;
	struct dialin_route route = {.result = DIALIN_NONE};
	struct dialin_call call;
	struct query form = {0};
	struct buf out = BUF_INIT;
	struct err err = {0};

	if (query_parse(a, buf_str(&x->rq->body), x->rq->body.len, &form, &err) == -1) {
		endpoint_refuse(x, 400, err.text);
		return;
	}
	query_clean(a, &form);
	if (dialin_read(a, &form, &call) && dialin_find(b->service->db, conf, a, &call, &route, &err) == -1) {
		endpoint_fail(x, &err);
		return;
	}
	b->note = notes[route.result];
	dialin_write(conf, &call, &route, &out);
	response_send(x->rq, 200, "text/xml; charset=utf-8", NULL, buf_str(&out), out.len);
	buf_free(&out);
}
