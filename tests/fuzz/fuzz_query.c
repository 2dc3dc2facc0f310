/* SPDX-License-Identifier: ISC */
/* Query strings and form bodies: what is taken goes out as the same parameters, and holds no control byte. */
#include "config.h"
#include "fuzz.h"

#include "http/query.h"

static void require_same(const struct query *a, const struct query *b)
{
	FUZZ_REQUIRE(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		FUZZ_REQUIRE(strcmp(a->params[i].name, b->params[i].name) == 0);
		FUZZ_REQUIRE(strcmp(a->params[i].value, b->params[i].value) == 0);
	}
}

static void require_text(const char *s)
{
	for (; *s; s++)
		FUZZ_REQUIRE((unsigned char)*s >= 0x20 || strchr("\t\r\n", *s));
}

/* A parameter that is set is there once, first of its name; one that is removed is gone. */
static void change(struct arena *a, struct query *q)
{
	size_t seen = 0;

	query_set(a, q, "meetingID", "ours");
	for (size_t i = 0; i < q->count; i++)
		seen += strcmp(q->params[i].name, "meetingID") == 0;
	FUZZ_REQUIRE(seen == 1 && strcmp(query_get(q, "meetingID"), "ours") == 0);
	query_remove(q, "meetingID");
	FUZZ_REQUIRE(!query_get(q, "meetingID"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct query q, again;
	struct buf out = BUF_INIT;
	struct err err = {0};
	char *raw = mem_alloc(size + 1);

	/* Not terminated where the parser is told that it ends. */
	if (size)
		memcpy(raw, data, size);
	raw[size] = '%';
	if (query_parse(&a, raw, size, &q, &err) == -1) {
		FUZZ_REQUIRE(err.kind == ERR_INVALID && err.text[0]);
		require_text(err.text);
		goto out;
	}
	FUZZ_REQUIRE(q.count <= QUERY_PARAMS_MAX);
	query_clean(&a, &q);
	for (size_t i = 0; i < q.count; i++) {
		require_text(q.params[i].name);
		require_text(q.params[i].value);
	}
	query_write(&q, &out);
	FUZZ_REQUIRE(query_parse(&a, buf_str(&out), out.len, &again, &err) == 0);
	/* A pair without name and value is written as "=" and read again as one. */
	require_same(&q, &again);
	FUZZ_REQUIRE(
		strspn(buf_str(&out),
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%=&") == out.len);
	change(&a, &q);
out:
	buf_free(&out);
	arena_free(&a);
	free(raw);
	return 0;
}
