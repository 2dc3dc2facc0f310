/* SPDX-License-Identifier: ISC */
/* Tests of S3 signatures: the examples of the AWS documentation, and what they leave out. */
#include "config.h"
#include "unit.h"

#include "store/sigv4.h"

#include <stdlib.h>

static const struct sigv4_key key = {
	.access_key = "AKIAIOSFODNN7EXAMPLE",
	.secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	.region = "us-east-1",
};

/* "a=b c=d" with this separator, in place. */
static size_t split(char *text, const char *separator, struct sigv4_pair pairs[SIGV4_PAIRS_MAX])
{
	size_t count = 0;
	char *one;

	while ((one = strsep(&text, separator)) && *one) {
		char *value = strchr(one, '=');

		assert_non_null(value);
		*value++ = '\0';
		pairs[count++] = (struct sigv4_pair){one, value};
	}
	return count;
}

static void check_vector(char **field, int fields)
{
	struct sigv4_pair query[SIGV4_PAIRS_MAX], headers[SIGV4_PAIRS_MAX];
	bool presign = strcmp(field[0], "PRESIGN") == 0;
	struct sigv4_request rq = {
		.method = presign ? "GET" : field[0],
		.host = "examplebucket.s3.amazonaws.com",
		.path = field[1],
		.query = query,
		.headers = headers,
		.now = 1369353600,
	};
	char hash[SIGV4_HASH_LEN + 1];
	struct buf out = BUF_INIT;

	assert_int_equal(fields, 6);
	rq.query_count = split(field[2], " ", query);
	rq.header_count = split(field[3], "|", headers);
	sigv4_hash(field[4], strlen(field[4]), hash);
	if (presign)
		sigv4_presign(&rq, &key, 86400, &out);
	else
		sigv4_sign(&rq, &key, hash, &out);
	assert_true(out.len > SIGV4_HASH_LEN);
	assert_string_equal(out.ptr + out.len - SIGV4_HASH_LEN, field[5]);
	buf_free(&out);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("sigv4.tsv", check_vector), 5);
}

/* Sorted as encoded, '-' before letters, everything but unreserved characters escaped. */
static void test_query(void **state)
{
	static const struct sigv4_pair pairs[] = {
		{"uploads", ""}, {"b", "2 +/"}, {"b", "1"}, {"a-b", "\xc3\xa4"}, {"A", "~_.-"}};
	struct buf out = BUF_INIT;

	(void)state;
	sigv4_write_query(pairs, ARRAY_SIZE(pairs), &out);
	assert_string_equal(buf_str(&out), "A=~_.-&a-b=%C3%A4&b=1&b=2%20%2B%2F&uploads=");
	buf_free(&out);
}

static void test_hash(void **state)
{
	char hex[SIGV4_HASH_LEN + 1];

	(void)state;
	sigv4_hash(NULL, 0, hex);
	assert_string_equal(hex, SIGV4_EMPTY_HASH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
