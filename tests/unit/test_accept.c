/* SPDX-License-Identifier: ISC */
/* Accept and Accept-Language. */
#include "config.h"
#include "unit.h"

#include "http/accept.h"

static const char *const languages[] = {"en", "de", "fr", "pt"};

static void check(char **field, int fields)
{
	const char *got;
	int i;

	assert_int_equal(fields, 4);
	if (strcmp(field[0], "type") == 0) {
		got = accept_names_type(field[1], field[2]) ? "1" : "0";
	} else {
		i = accept_language(field[1], languages, ARRAY_SIZE(languages));
		got = i < 0 ? "none" : languages[i];
	}
	if (strcmp(got, field[3]) != 0)
		fail_msg("%s %s: got %s, want %s", field[0], field[1], got, field[3]);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("accept.tsv", check) >= 30);
}

static void test_no_header(void **state)
{
	(void)state;
	assert_false(accept_names_type(NULL, "text/html"));
	assert_int_equal(accept_language(NULL, languages, ARRAY_SIZE(languages)), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_no_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
