/* SPDX-License-Identifier: ISC */
/* A request's head, its route and its body: whatever comes, paths, hosts and names hold only what they may.
 * Input: CGI variables, an empty line, a body (fuzz_io_init). */
#include "config.h"
#include "fuzz.h"

#include "http/request.h"
#include "http/response.h"
#include "bbb/route.h"

#define BODY_MAX 4096

static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static void check_head(const struct request *rq)
{
	FUZZ_REQUIRE(rq->path[0] == '/' && !strstr(rq->path, "//") && !strstr(rq->path, "/../"));
	FUZZ_REQUIRE(!strpbrk(rq->path, "%?#\\ \t\r\n"));
	FUZZ_REQUIRE(!strchr(rq->query, '#'));
	FUZZ_REQUIRE(strlen(rq->host) <= 253 && !strpbrk(rq->host, "/:@%\\ \t\r\n"));
	FUZZ_REQUIRE(rq->content_length >= -1);
}

static void check_route(const struct request *rq)
{
	struct route route;
	size_t len;

	route_parse("bbb.test", rq->host, rq->path, &route);
	len = strlen(route.slug);
	FUZZ_REQUIRE(route.sub_id >= 0 && route.sub_id <= 999);
	FUZZ_REQUIRE(len == 0 || (len >= 2 && len <= ROUTE_SLUG_MAX) || route.bad_tenant);
	FUZZ_REQUIRE(strspn(route.slug, LOWER) == len);
	FUZZ_REQUIRE(!*route.rest || (route.rest >= rq->path && route.rest < rq->path + strlen(rq->path)));
	FUZZ_REQUIRE(route.kind != ROUTE_NONE || !*route.rest);
}

static void check_body(struct request *rq, size_t sent)
{
	struct err err = {0};
	int status = request_read_body(rq, BODY_MAX, &err);

	FUZZ_REQUIRE(status == 0 || ((status == 400 || status == 413) && err.text[0]));
	FUZZ_REQUIRE(rq->body.len <= BODY_MAX && rq->body.len <= sent);
	if (status == 0)
		FUZZ_REQUIRE(rq->content_length < 0 ? rq->body.len == sent
						    : rq->body.len == (size_t)rq->content_length);
}

/* Values of the request in an answer's headers: the head stays as many lines as it has headers. */
static void check_answer(struct request *rq, struct fuzz_io *f, const char *status)
{
	const struct response_header headers[] = {
		{"Location", f->count > 0 ? f->value[0] : NULL},
		{"Content-Disposition", f->count > 1 ? f->value[1] : rq->query},
		{NULL, NULL},
	};
	const char *end;
	int lines = 0;

	response_send(rq, (int)strlen(status), "text/plain", headers, "body", 4);
	end = strstr(f->written, "\r\n\r\n");
	FUZZ_REQUIRE(end);
	for (const char *p = f->written; p < end + 2; p++) {
		FUZZ_REQUIRE((unsigned char)*p >= 0x20 || strchr("\t\r\n", *p));
		FUZZ_REQUIRE((*p == '\r') == (p[1] == '\n'));
		lines += *p == '\n';
	}
	FUZZ_REQUIRE(lines >= 4 && lines <= 7);
	FUZZ_REQUIRE(strcmp(end + 4, rq->method == METHOD_HEAD ? "" : "body") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_strndup((const char *)data, size);
	struct request rq = {0};
	struct fuzz_io f;
	struct err err = {0};
	size_t sent;
	int status;

	fuzz_io_init(&f, text, size);
	sent = f.body_len;
	status = request_begin(&rq, &f.io, &err);
	(void)!request_trust_proxies(&rq, "192.0.2.0/24, 10.0.0.0/8, ::1", &(struct err){0});
	FUZZ_REQUIRE(status == 0 || ((status == 400 || status == 404) && err.text[0]));
	if (status == 0) {
		check_head(&rq);
		check_route(&rq);
		check_body(&rq, sent);
		check_answer(&rq, &f, rq.path);
	}
	request_end(&rq);
	arena_free(&rq.arena);
	fuzz_io_free(&f);
	free(text);
	return 0;
}
