/* SPDX-License-Identifier: ISC */
/* Tests of the checksum: the clients' vectors, positions, re-encodings, and what must not verify. */
#include "config.h"
#include "unit.h"

#include "bbb/checksum.h"

#include <stdlib.h>

#define ALL ((1 << SHA_ALG__MAX) - 1)

static bool verify(const char *call, const char *raw, const char *s1, const char *s2, int allowed)
{
	const char *secrets[2] = {s1, s2};
	struct arena a = {0};
	struct checksum_claim claim;
	struct query q = {0};
	struct err err = {0};
	bool ok = checksum_find(&a, raw, strlen(raw), &claim) == 0 &&
		  query_parse(&a, claim.rest, strlen(claim.rest), &q, &err) == 0 &&
		  checksum_verify_request(&a, &claim, call, &q, secrets, allowed);

	arena_free(&a);
	return ok;
}

/* A row of vectors/checksum.tsv: the '@' in the query stands for the checksum. */
static void check_vector(char **field, int fields)
{
	struct arena a = {0};
	struct checksum_claim claim;
	const char *at;
	char *raw;

	assert_int_equal(fields, 4);
	at = strchr(field[1], '@');
	assert_non_null(at);
	raw = arena_printf(&a, "%.*s%s%s", (int)(at - field[1]), field[1], field[3], at + 1);
	assert_int_equal(checksum_find(&a, raw, strlen(raw), &claim), 0);
	assert_string_equal(claim.rest, field[2]);
	assert_true(verify(field[0], raw, "secret", NULL, ALL));
	assert_true(verify(field[0], raw, "other", "secret", ALL));
	assert_false(verify(field[0], raw, "Secret", NULL, ALL));
	assert_false(verify("end", raw, "secret", NULL, ALL));
	for (char *p = strstr(raw, field[3]); *p && *p != '&'; p++)
		if (*p >= 'a' && *p <= 'f')
			*p = (char)(*p - 32);
	assert_true(verify(field[0], raw, "secret", NULL, ALL));
	arena_free(&a);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("checksum.tsv", check_vector), 12);
}

static void test_root_vector(void **state)
{
	char hex[SHA_HEX_MAX + 1];

	(void)state;
	checksum_make(SHA_ALG_256, "", "", 0, "secret", hex);
	assert_memory_equal(hex, "2bb80d53", 8);
	assert_string_equal(hex + 60, "a25b");
}

/* Signs text under one algorithm, sends another spelling of it. */
static bool signed_as(const char *signed_text, const char *sent, enum sha_alg alg)
{
	struct arena a = {0};
	char hex[SHA_HEX_MAX + 1];
	bool ok;

	checksum_make(alg, "create", signed_text, strlen(signed_text), "secret", hex);
	ok = verify("create", arena_printf(&a, "%s&checksum=%s", sent, hex), "secret", NULL, ALL);
	arena_free(&a);
	return ok;
}

static void test_python_client_of_the_seed(void **state)
{
	(void)state;
	assert_true(signed_as("meetingID=m%26+1&name=%C3%9Cbung+%281%29~",
		"name=%C3%9Cbung+(1)~&meetingID=m%26%201", SHA_ALG_256));
}

static void test_javascript_client_of_the_seed(void **state)
{
	(void)state;
	assert_true(signed_as("meetingID=m%26%201&name=%C3%9Cbung%20(1)!'*",
		"name=%C3%9Cbung+%281%29%21%27*&meetingID=m%26+1", SHA_ALG_512));
}

static void test_reencoding_covers_every_parameter(void **state)
{
	(void)state;
	assert_false(signed_as("meetingID=m1&name=ab", "name=ab&meetingID=m1&record=true", SHA_ALG_1));
	assert_false(signed_as("meetingID=m1&name=ab&record=true", "name=ab&meetingID=m1", SHA_ALG_1));
	assert_false(signed_as("a=1&b=2", "a%3D1%26b=2", SHA_ALG_1));
}

static void test_algorithm_must_be_allowed(void **state)
{
	const char *raw = "checksum=867e6596b930651c0cd4dd1912bec902fae56d5a";

	(void)state;
	assert_true(verify("getMeetings", raw, "secret", NULL, 1 << SHA_ALG_1));
	assert_false(verify("getMeetings", raw, "secret", NULL, 1 << SHA_ALG_256));
}

static void test_what_is_no_checksum(void **state)
{
	static const char *const bad[] = {
		"",
		"name=x",
		"checksum",
		"checksum=",
		"checksum=867e6596b930651c0cd4dd1912bec902fae56d5",
		"checksum=zz7e6596b930651c0cd4dd1912bec902fae56d5a",
		"%63hecksum=867e6596b930651c0cd4dd1912bec902fae56d5a",
		("checksum=867e6596b930651c0cd4dd1912bec902fae56d5a&checksum="
		 "867e6596b930651c0cd4dd1912bec902fae56d5a"),
		"checksum=867e6596b930651c0cd4dd1912bec902fae56d5a&checksu%6D=1",
		"Checksum=867e6596b930651c0cd4dd1912bec902fae56d5a",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(verify("getMeetings", bad[i], "secret", NULL, ALL));
}

static void test_empty_secret_never_verifies(void **state)
{
	char hex[SHA_HEX_MAX + 1], raw[256];

	(void)state;
	checksum_make(SHA_ALG_1, "getMeetings", "", 0, "", hex);
	snprintf(raw, sizeof(raw), "checksum=%s", hex);
	assert_false(verify("getMeetings", raw, "", NULL, ALL));
	assert_false(verify("getMeetings", raw, NULL, NULL, ALL));
	assert_false(verify("getMeetings", raw, NULL, "", ALL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_root_vector),
		cmocka_unit_test(test_python_client_of_the_seed),
		cmocka_unit_test(test_javascript_client_of_the_seed),
		cmocka_unit_test(test_reencoding_covers_every_parameter),
		cmocka_unit_test(test_algorithm_must_be_allowed),
		cmocka_unit_test(test_what_is_no_checksum),
		cmocka_unit_test(test_empty_secret_never_verifies),
	};

	return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
