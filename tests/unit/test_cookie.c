/* SPDX-License-Identifier: ISC */
/* A node's session cookie, made ours. */
#include "config.h"
#include "unit.h"

#include "bbb/cookie.h"

static void check(char **field, int fields)
{
	struct arena a = {0};
	const char *got;

	assert_int_equal(fields, 2);
	got = cookie_of_session(&a, field[0]);
	if (strcmp(got ? got : "-", field[1]) != 0)
		fail_msg("%s: got %s, want %s", field[0], got ? got : "-", field[1]);
	arena_free(&a);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("cookie.tsv", check) >= 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
