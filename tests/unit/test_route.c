/* SPDX-License-Identifier: ISC */
/* Tests of the router: hosts and paths to tenant, sub id and call. */
#include "config.h"
#include "unit.h"

#include "bbb/route.h"

#include <stdlib.h>

static void check_vector(char **field, int fields)
{
	static const char *const kinds[] = {
		"none", "api", "tenant", "global", "recording", "backend", "admin"};
	struct route r;

	assert_int_equal(fields, 7);
	route_parse("bbb.example.com", field[0], field[1], &r);
	assert_string_equal(kinds[r.kind], field[2]);
	assert_int_equal(r.bad_tenant, atoi(field[5]));
	assert_string_equal(r.rest, field[6]);
	if (r.bad_tenant)
		return;
	assert_string_equal(r.slug, field[3]);
	assert_int_equal(r.sub_id, atoi(field[4]));
}

static void test_vectors(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("route.tsv", check_vector), 43);
}

static void test_longest_slug(void **state)
{
	char slug[ROUTE_SLUG_MAX + 1];
	int sub;

	(void)state;
	assert_true(route_parse_tenant("abcdefghijklmnopqrstuvwxyz012345", 32, slug, &sub));
	assert_false(route_parse_tenant("abcdefghijklmnopqrstuvwxyz0123456", 33, slug, &sub));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_longest_slug),
	};

	return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
