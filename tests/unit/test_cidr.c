/* SPDX-License-Identifier: ISC */
/* Tests of network lists. */
#include "config.h"
#include "unit.h"

#include "base/cidr.h"

#include <stdlib.h>

static void check_vector(char **field, int fields)
{
	assert_int_equal(fields, 3);
	assert_true(cidr_list_valid(field[0]));
	assert_int_equal(cidr_list_contains(field[0], field[1]), atoi(field[2]));
}

static void test_vectors(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("cidr.tsv", check_vector), 16);
}

static void check_reach(char **field, int fields)
{
	assert_int_equal(fields, 3);
	assert_int_equal(cidr_list_reaches(field[0], field[1]), atoi(field[2]));
}

static void test_reaches(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("cidr_reach.tsv", check_reach), 16);
}

static void test_refuses(void **state)
{
	static const char *const bad[] = {"x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8",
		"::/129", "10.0.0.1,host", "10.0.0.0/8/8"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(cidr_list_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_reaches),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests_name("cidr", tests, NULL, NULL);
}
