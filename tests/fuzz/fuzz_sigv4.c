/* SPDX-License-Identifier: ISC */
/* Signatures for an S3 store: what is signed is sorted and encoded, and another key signs otherwise. Input:
 * lines secret key, region, path, then "name=value" as many as there are. */
#include "config.h"
#include "fuzz.h"

#include "http/query.h"
#include "store/sigv4.h"

static const char TARGET_BYTES[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%=&";

static void check_query(struct arena *a, const struct sigv4_pair *pairs, size_t count)
{
	struct buf out = BUF_INIT;
	struct query q = {0};
	struct err err = {0};

	sigv4_write_query(pairs, count, &out);
	FUZZ_REQUIRE(strspn(buf_str(&out), TARGET_BYTES) == out.len);
	/* Control characters are encoded too; only our own parser refuses them. */
	if (query_parse(a, buf_str(&out), out.len, &q, &err) == 0)
		FUZZ_REQUIRE(q.count == count);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *rest = fuzz_text(&a, data, size), hash[SIGV4_HASH_LEN + 1];
	struct sigv4_pair pairs[SIGV4_PAIRS_MAX - 5];
	struct sigv4_key key = {.access_key = "AKID"}, other;
	struct sigv4_request rq = {.method = "GET", .host = "store:9000", .query = pairs, .now = 1700000000};
	struct buf one = BUF_INIT, two = BUF_INIT, url = BUF_INIT;
	const char *question;

	key.secret_key = fuzz_line(&rest);
	key.region = fuzz_line(&rest);
	rq.path = fuzz_line(&rest);
	while (*rest && rq.query_count < ARRAY_SIZE(pairs)) {
		char *name = fuzz_line(&rest), *value = strchr(name, '=');

		if (value)
			*value++ = '\0';
		pairs[rq.query_count++] = (struct sigv4_pair){name, value ? value : ""};
	}
	sigv4_hash(rest, strlen(rest), hash);
	FUZZ_REQUIRE(strspn(hash, "0123456789abcdef") == SIGV4_HASH_LEN);
	check_query(&a, pairs, rq.query_count);
	sigv4_sign(&rq, &key, hash, &one);
	other = key;
	other.secret_key = arena_printf(&a, "%sx", key.secret_key);
	sigv4_sign(&rq, &other, hash, &two);
	FUZZ_REQUIRE(one.len == two.len && strcmp(buf_str(&one), buf_str(&two)) != 0);
	sigv4_presign(&rq, &key, 60, &url);
	question = buf_str(&url) + strlen(rq.path);
	FUZZ_REQUIRE(*question == '?' && strspn(question + 1, TARGET_BYTES) == strlen(question + 1));
	buf_free(&one);
	buf_free(&two);
	buf_free(&url);
	arena_free(&a);
	return 0;
}
