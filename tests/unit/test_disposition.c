/* SPDX-License-Identifier: ISC */
/* Tests of file names that come from outside. */
#include "config.h"
#include "unit.h"

#include "http/disposition.h"

static void check_disposition(char **field, int fields)
{
	struct buf out = BUF_INIT;

	assert_int_equal(fields, 2);
	disposition_write(&out, true, field[0], "mp4");
	assert_string_equal(buf_str(&out), field[1]);
	buf_free(&out);
}

static void test_dispositions(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("disposition.tsv", check_disposition), 16);
}

/* What no vector file can hold. */
static void test_names_of_any_bytes(void **state)
{
	struct buf out = BUF_INIT;
	char name[1001];

	(void)state;
	disposition_write(&out, false, "a\r\nSet-Cookie: x=1\xff\x80", "webm");
	assert_string_equal(buf_str(&out), "inline; filename=\"a__Set-Cookie_ x=1__.webm\"");
	buf_clear(&out);
	memset(name, 'x', 1000);
	name[1000] = '\0';
	disposition_write(&out, false, name, "webm");
	assert_int_equal(out.len, strlen("inline; filename=\"\"") + 150 + 5);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dispositions),
		cmocka_unit_test(test_names_of_any_bytes),
	};

	return cmocka_run_group_tests_name("disposition", tests, NULL, NULL);
}
