/* SPDX-License-Identifier: ISC */
/* A tenant's rules: what may be one, and what they make of a request. */
#include "config.h"
#include "unit.h"

#include "core/rule.h"

static const char *or_null(const char *text)
{
	return strcmp(text, "-") == 0 ? NULL : text;
}

static void check_rule(char **field)
{
	struct err err = {0};
	int rc = rule_check(field[1], field[2], or_null(field[3]), &err);
	const char *complaint = or_null(field[4]);

	if (complaint ? rc != -1 || err.kind != ERR_INVALID || !strstr(err.text, complaint) : rc != 0)
		fail_msg("%s %s %s: got '%s', want '%s'", field[1], field[2], field[3], err.text, field[4]);
	/* Name, mode or value is named. */
	if (rc == -1 && !strstr(err.text, field[1]) && !strstr(err.text, field[2]))
		fail_msg("%s %s: '%s' names neither", field[1], field[2], err.text);
}

static void check_apply(char **field)
{
	struct arena a = {0};
	struct rule_set rules;
	struct query q = {0};
	struct buf out = BUF_INIT;
	struct err err = {0};

	assert_int_equal(query_parse(&a, field[3], strlen(field[3]), &q, &err), 0);
	rule_read(&a, field[1], &rules);
	rule_apply(&a, &rules, strcmp(field[2], "create") == 0 ? RULE_CREATE : RULE_JOIN, &q);
	query_write(&q, &out);
	if (strcmp(buf_str(&out), field[4]) != 0)
		fail_msg("%s on %s: got %s, want %s", field[1], field[3], buf_str(&out), field[4]);
	buf_free(&out);
	arena_free(&a);
}

static void check(char **field, int fields)
{
	assert_int_equal(fields, 5);
	if (strcmp(field[0], "check") == 0)
		check_rule(field);
	else
		check_apply(field);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("rule.tsv", check) >= 80);
}

static void test_long_value(void **state)
{
	char value[4098];
	struct err err = {0};

	(void)state;
	memset(value, 'x', sizeof(value));
	value[4096] = '\0';
	assert_int_equal(rule_check("welcome", "set", value, &err), 0);
	value[4096] = 'x';
	value[4097] = '\0';
	assert_int_equal(rule_check("welcome", "set", value, &err), -1);
	assert_non_null(strstr(err.text, "longer than 4096 bytes"));
}

static void test_no_rules(void **state)
{
	struct arena a = {0};
	struct rule_set rules;

	(void)state;
	rule_read(&a, NULL, &rules);
	assert_int_equal(rules.count, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_long_value),
		cmocka_unit_test(test_no_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
