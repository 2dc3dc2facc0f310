/* SPDX-License-Identifier: ISC */
/* Dates of HTTP headers, and tokens compared. */
#include "config.h"
#include "unit.h"

#include "http/date.h"
#include "bbb/token.h"

#include <stdlib.h>

static void check_date(char **field, int fields)
{
	char text[HTTP_DATE_SIZE];
	long long when = -1;

	assert_int_equal(fields, 2);
	if (strcmp(field[0], "-") == 0) {
		assert_false(http_date_parse(field[1], &when));
		return;
	}
	assert_true(http_date_parse(field[1], &when));
	assert_int_equal(when, atoll(field[0]));
	http_date_write(when, text);
	/* The obsolete forms are read, never written. */
	if (field[1][3] == ',')
		assert_string_equal(text, field[1]);
}

static void test_dates(void **state)
{
	(void)state;
	assert_true(unit_each_vector("http_date.tsv", check_date) > 10);
}

static void test_tokens(void **state)
{
	(void)state;
	assert_true(token_equal("abc", "abc"));
	assert_false(token_equal("abc", "abd"));
	assert_false(token_equal("abc", "abcd"));
	assert_false(token_equal("", ""));
	assert_false(token_equal(NULL, NULL));
	assert_false(token_equal(NULL, "abc"));
	assert_false(token_equal("abc", NULL));
}

static void test_jwt(void **state)
{
	struct arena a = {0};
	const char *jwt = token_sign_analytics(&a, "secret"), *ready;

	(void)state;
	assert_non_null(jwt);
	assert_true(token_verify_analytics(jwt, "secret"));
	assert_false(token_verify_analytics(jwt, "other"));
	assert_false(token_verify_analytics(jwt, ""));
	assert_false(token_verify_analytics("", "secret"));
	assert_false(token_verify_analytics("e30.e30.e30", "secret"));
	/* alg none, and another algorithm with the right secret */
	assert_false(token_verify_analytics("eyJhbGciOiJub25lIn0.eyJleHAiOjk5OTk5OTk5OTl9.", "secret"));
	ready = token_sign_ready(&a, "{\"meeting_id\":\"m\",\"record_id\":\"r\"}", "secret");
	assert_non_null(ready);
	assert_false(token_verify_analytics(ready, "secret"));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_jwt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
