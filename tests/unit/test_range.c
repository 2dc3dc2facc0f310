/* SPDX-License-Identifier: ISC */
/* Conditional and partial requests, and file names for Content-Disposition. */
#include "config.h"
#include "unit.h"

#include "http/range.h"

#include <stdlib.h>

/* status, offset, length, then headers as name=value: m u n s r i (see below); the file is "tag", 1000 bytes,
 * of 784111777. */
static void check_range(char **field, int fields)
{
	const struct range_file file = {"\"tag\"", 784111777, 1000};
	struct range_request rq = {.get = true};
	struct range_answer answer;

	assert_true(fields >= 3);
	for (int i = 3; i < fields; i++) {
		const char *value = field[i] + 2;

		switch (field[i][0]) {
		case 'm':
			rq.if_match = value;
			break;
		case 'u':
			rq.if_unmodified_since = value;
			break;
		case 'n':
			rq.if_none_match = value;
			break;
		case 's':
			rq.if_modified_since = value;
			break;
		case 'r':
			rq.range = value;
			break;
		case 'i':
			rq.if_range = value;
			break;
		default:
			rq.get = false;
		}
	}
	range_evaluate(&rq, &file, &answer);
	if (answer.status != atoi(field[0]) || answer.offset != atoll(field[1]) ||
		answer.length != atoll(field[2]))
		fail_msg("%s %s: got %d %lld %lld", field[0], fields > 3 ? field[3] : "", answer.status,
			answer.offset, answer.length);
}

static void test_ranges(void **state)
{
	(void)state;
	assert_true(unit_each_vector("range.tsv", check_range) > 30);
}

static void test_empty_file(void **state)
{
	const struct range_file file = {"\"tag\"", 0, 0};
	const struct range_request rq = {.get = true, .range = "bytes=0-"},
				   suffix = {.get = true, .range = "bytes=-5"};
	struct range_answer answer;

	(void)state;
	range_evaluate(&rq, &file, &answer);
	assert_int_equal(answer.status, 416);
	range_evaluate(&suffix, &file, &answer);
	assert_int_equal(answer.status, 416);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_empty_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
