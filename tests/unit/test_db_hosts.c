/* SPDX-License-Identifier: ISC */
/* Tests of connection strings that name several hosts. */
#include "config.h"
#include "unit.h"

#include "db/hosts.h"

#include <stdlib.h>

static void check_list(const char *got, const char *want)
{
	assert_string_equal(got ? got : "-", want);
}

static void check_vector(char **field, int fields)
{
	struct db_hosts hosts;

	assert_int_equal(fields, 6);
	assert_int_equal(db_hosts_read(field[0], atoi(field[1]), &hosts), atoi(field[2]));
	check_list(hosts.host, field[3]);
	check_list(hosts.hostaddr, field[4]);
	check_list(hosts.port, field[5]);
	db_hosts_free(&hosts);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("db_hosts.tsv", check_vector), 17);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
	};

	return cmocka_run_group_tests_name("db_hosts", tests, NULL, NULL);
}
