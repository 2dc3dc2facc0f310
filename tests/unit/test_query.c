/* SPDX-License-Identifier: ISC */
/* Tests of query strings: decoding, refusals, changes, and what goes out. */
#include "config.h"
#include "unit.h"

#include "http/query.h"

static struct arena arena;

static int parse(const char *raw, struct query *q, struct err *err)
{
	return query_parse(&arena, raw, strlen(raw), q, err);
}

/* What goes to a node for this raw query. */
static const char *rewritten(const char *raw)
{
	struct query q;
	struct err err = {0};
	struct buf out = BUF_INIT;
	const char *text;

	assert_int_equal(parse(raw, &q, &err), 0);
	query_write(&q, &out);
	text = arena_strdup(&arena, buf_str(&out));
	buf_free(&out);
	return text;
}

static void test_decodes_and_writes_normal_form(void **state)
{
	(void)state;
	assert_string_equal(
		rewritten("name=A+B%2bC%20%c3%a9&x=~!'()*"), "name=A%20B%2BC%20%C3%A9&x=~%21%27%28%29%2A");
	assert_string_equal(rewritten("&a=b&&c&d="), "a=b&c=&d=");
	assert_string_equal(rewritten("a=b=c"), "a=b%3Dc");
	assert_string_equal(rewritten("%F0%9F%98%80=%ff"), "%F0%9F%98%80=%FF");
	assert_string_equal(rewritten(""), "");
}

static void test_keeps_order_and_first_value(void **state)
{
	struct query q;
	struct err err = {0};

	(void)state;
	assert_int_equal(parse("b=1&a=2&b=3", &q, &err), 0);
	assert_string_equal(query_get(&q, "b"), "1");
	assert_null(query_get(&q, "B"));
	assert_string_equal(rewritten("b=1&a=2&b=3"), "b=1&a=2&b=3");
}

static void test_set_replaces_the_first_and_drops_the_rest(void **state)
{
	struct query q;
	struct err err = {0};
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(parse("meetingID=a&x=1&meetingID=b", &q, &err), 0);
	query_set(&arena, &q, "meetingID", "ours");
	query_set(&arena, &q, "new", "&");
	query_remove(&q, "x");
	query_write(&q, &out);
	assert_string_equal(buf_str(&out), "meetingID=ours&new=%26");
	buf_free(&out);
}

static void test_refuses_what_is_no_text(void **state)
{
	static const char *const bad[] = {"a=%", "a=%4", "a=%zz", "a=b&c=%"};
	struct query q;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = {0};

		assert_int_equal(parse(bad[i], &q, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID);
	}
}

static void test_names_the_parameter(void **state)
{
	struct query q;
	struct err err = {0};

	(void)state;
	assert_int_equal(parse("name=%zz", &q, &err), -1);
	assert_string_equal(err.text, "parameter name: must be percent-encoded text");
}

/* As bbb-web reads them; what the checksum covers stays as it was. */
static void test_cleans_text(void **state)
{
	static const struct {
		const char *raw, *value;
		bool cleaned;
	} texts[] = {
		{"a=A%0BB", "AB", true},
		{"a=%7fx%01", "x", true},
		{"a=x%00y", "xy", true},
		{"a=%C2%85%C2%9Fx", "x", true},
		{"a=%C2%A0x", "\xC2\xA0x", false},
		{"a=a%0D%0Ab%09c", "a\r\nb\tc", false},
		{"a=M%FCller", "M\xEF\xBF\xBDller", false},
		{"a=%C0%AF", "\xEF\xBF\xBD\xEF\xBF\xBD", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct query q;
		struct err err = {0};

		assert_int_equal(parse(texts[i].raw, &q, &err), 0);
		query_clean(&arena, &q);
		assert_string_equal(query_get(&q, "a"), texts[i].value);
		assert_int_equal(q.params[0].cleaned, texts[i].cleaned);
	}
	assert_string_equal(rewritten("a=A%0BB"), "a=A%0BB");
}

/* Groovy's String.toBoolean. */
static void test_reads_booleans(void **state)
{
	static const char *const yes[] = {"true", "TRUE", "y", "Y", "1", " true "};
	static const char *const no[] = {"", "false", "yes", "t", "0", "on", "11", "true1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		assert_true(query_to_boolean(yes[i]));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_false(query_to_boolean(no[i]));
}

static void test_line_breaks_are_text(void **state)
{
	(void)state;
	assert_string_equal(rewritten("welcome=a%0D%0Ab%09c"), "welcome=a%0D%0Ab%09c");
}

static void test_caps_the_number(void **state)
{
	struct query q;
	struct err err = {0};
	struct buf raw = BUF_INIT;

	(void)state;
	for (int i = 0; i < QUERY_PARAMS_MAX; i++)
		buf_printf(&raw, "p%d=1&", i);
	assert_int_equal(parse(buf_str(&raw), &q, &err), 0);
	assert_int_equal(q.count, QUERY_PARAMS_MAX);
	buf_puts(&raw, "one=more");
	assert_int_equal(parse(buf_str(&raw), &q, &err), -1);
	buf_free(&raw);
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_decodes_and_writes_normal_form, teardown),
		cmocka_unit_test_teardown(test_keeps_order_and_first_value, teardown),
		cmocka_unit_test_teardown(test_set_replaces_the_first_and_drops_the_rest, teardown),
		cmocka_unit_test_teardown(test_refuses_what_is_no_text, teardown),
		cmocka_unit_test_teardown(test_names_the_parameter, teardown),
		cmocka_unit_test_teardown(test_line_breaks_are_text, teardown),
		cmocka_unit_test_teardown(test_cleans_text, teardown),
		cmocka_unit_test_teardown(test_reads_booleans, teardown),
		cmocka_unit_test_teardown(test_caps_the_number, teardown),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
