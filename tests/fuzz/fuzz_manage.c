/* SPDX-License-Identifier: ISC */
/* A request of the management API up to where a handler begins: cookie, condition, body, fields, a page. Whatever comes, it is answered
 * once, with JSON. Input: CGI variables, an empty line, a body (fuzz_io_init). */
#include "config.h"
#include "fuzz.h"

#include "core/credential.h"
#include "manage.h"

#define BODY_MAX 4096

static const struct manage_field fields[] = {{"role", FIELD_TEXT}, {"tenants", FIELD_NAMES_OR_NULL},
	{"disabled", FIELD_BOOL}, {"ids", FIELD_NAMES}, {"until", FIELD_TEXT_OR_NULL}, {"etag", FIELD_READ},
	{NULL, FIELD_READ}};
static const struct endpoint_table table = {.refuse = manage_refuse};

static void check_head(struct manage *m)
{
	const char *cookie = manage_cookie(m), *match = manage_if_match(m),
		   *header = request_env(m->x.rq, "HTTP_IF_MATCH");
	const struct manage_who bound = {.tenants = "{1}", .slugs = "{acme,beta}"};

	FUZZ_REQUIRE(!cookie || (strlen(cookie) == CREDENTIAL_LEN && !strchr(cookie, ';')));
	FUZZ_REQUIRE(!match == !header);
	FUZZ_REQUIRE(!match || strlen(match) <= strlen(header) + 2);
	FUZZ_REQUIRE(manage_sees(&bound, m->x.rq->host) ==
		     (strcmp(m->x.rq->host, "acme") == 0 || strcmp(m->x.rq->host, "beta") == 0));
}

/* What a handler does with its body. */
static void answer(struct manage *m)
{
	struct err err = {0};
	json_t *body = NULL;
	int status = request_read_body(m->x.rq, BODY_MAX, &err);

	if (status)
		manage_refuse(&m->x, status, err.text);
	else if (!manage_read_json(m, &body) || !manage_check_fields(m, body, fields) ||
		 !manage_is_current(m, body, false))
		FUZZ_REQUIRE(m->x.rq->head_sent);
	else if (manage_is_set(m, "object"))
		manage_send_object(m, 200, json_incref(body));
	else
		manage_send_page(m, json_pack("[O, O]", body, body));
	json_decref(body);
}

static void check_answer(const struct request *rq, const struct fuzz_io *f)
{
	const char *end = strstr(f->written, "\r\n\r\n");
	json_t *body;

	FUZZ_REQUIRE(rq->head_sent && end);
	if (rq->status == 304 || rq->method == METHOD_HEAD) {
		FUZZ_REQUIRE(!end[4]);
		return;
	}
	body = json_loads(end + 4, 0, NULL);
	FUZZ_REQUIRE(json_is_object(body));
	FUZZ_REQUIRE(rq->status == 200 || json_integer_value(json_object_get(body, "status")) == rq->status);
	json_decref(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_strndup((const char *)data, size);
	struct request rq = {0};
	struct manage m = {.x = {.rq = &rq, .table = &table}};
	struct fuzz_io f;
	struct err err = {0};

	fuzz_io_init(&f, text, size);
	if (request_begin(&rq, &f.io, &err) == 0 &&
		query_parse(&rq.arena, rq.query, strlen(rq.query), &m.query, &err) == 0) {
		query_clean(&rq.arena, &m.query);
		check_head(&m);
		answer(&m);
		check_answer(&rq, &f);
	}
	request_end(&rq);
	arena_free(&rq.arena);
	fuzz_io_free(&f);
	free(text);
	return 0;
}
