/* SPDX-License-Identifier: ISC */
/* Lines of the log: one an event, and nothing breaks out of a value. */
#include "config.h"
#include "unit.h"

#include "base/log.h"

#include <unistd.h>

static char line[8192];

/* What a line says behind time, program and level. */
static const char *said(struct log_line *l)
{
	int ends[2], kept = dup(STDERR_FILENO);
	char *event;
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	log_end(l);
	dup2(kept, STDERR_FILENO);
	close(ends[1]);
	close(kept);
	len = read(ends[0], line, sizeof(line) - 1);
	close(ends[0]);
	line[len < 0 ? 0 : len] = '\0';
	event = strstr(line, "event=");
	return event ? event : line;
}

static void check_value(char **field, int fields)
{
	struct log_line l;
	char want[1024];

	assert_int_equal(fields, 2);
	for (char *p = field[0]; *p; p++)
		*p = *p == '^' ? '\n' : *p == '~' ? '\x1b' : *p;
	log_begin(&l, LOG_LEVEL_INFO, "test");
	log_str(&l, "key", field[0]);
	log_int(&l, "n", -5);
	snprintf(want, sizeof(want), "event=test key=%s n=-5\n", field[1]);
	assert_string_equal(said(&l), want);
}

static void test_values(void **state)
{
	(void)state;
	assert_true(unit_each_vector("log.tsv", check_value) >= 12);
}

static void test_head(void **state)
{
	struct log_line l;
	int year, millis;
	char program[32], level[32];

	(void)state;
	log_begin(&l, LOG_LEVEL_WARNING, "odd");
	said(&l);
	assert_int_equal(sscanf(line, "%4d-%*2d-%*2dT%*2d:%*2d:%*2d.%3dZ %31s level=%31s event=odd", &year,
				 &millis, program, level),
		4);
	assert_string_equal(program, "unit");
	assert_string_equal(level, "warning");
}

static void test_null_adds_nothing(void **state)
{
	struct log_line l;

	(void)state;
	log_begin(&l, LOG_LEVEL_INFO, "test");
	log_str(&l, "key", NULL);
	assert_string_equal(said(&l), "event=test\n");
}

static void test_long_value_is_cut(void **state)
{
	char value[600];
	struct log_line l;

	(void)state;
	memset(value, 'x', sizeof(value));
	value[599] = '\0';
	log_begin(&l, LOG_LEVEL_INFO, "test");
	log_str(&l, "key", value);
	log_str(&l, "next", "1");
	assert_int_equal(strlen(said(&l)), strlen("event=test key= next=1\n") + 512);
}

static void test_level_is_kept(void **state)
{
	struct log_line l;

	(void)state;
	log_begin(&l, LOG_LEVEL_DEBUG, "test");
	log_str(&l, "key", "value");
	assert_false(l.wanted);
	assert_null(l.buf.ptr);
	log_end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_null_adds_nothing),
		cmocka_unit_test(test_long_value_is_cut),
		cmocka_unit_test(test_level_is_kept),
	};

	log_init("unit", LOG_TARGET_STDERR, LOG_LEVEL_INFO);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
