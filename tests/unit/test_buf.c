/* SPDX-License-Identifier: ISC */
/* Tests of the buffer: its cap, and the escapes of each context. */
#include "config.h"
#include "unit.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/err.h"

#include <limits.h>
#include <stdio.h>

typedef void escape_fn(struct buf *b, const char *s);

static void check(escape_fn *escape, const char *in, const char *want)
{
	struct buf b = BUF_INIT;

	escape(&b, in);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void test_cap_drops_what_does_not_fit(void **state)
{
	struct buf b;

	(void)state;
	buf_init_max(&b, 4);
	buf_puts(&b, "abc");
	assert_false(b.failed);
	buf_puts(&b, "de");
	assert_true(b.failed);
	buf_puts(&b, "f");
	assert_string_equal(buf_str(&b), "abc");
	buf_free(&b);
}

static void test_xml(void **state)
{
	(void)state;
	check(buf_xml, "a<b>&\"'", "a&lt;b&gt;&amp;&quot;&apos;");
	check(buf_xml, "\xC3\xA4\xF0\x9F\x98\x80", "\xC3\xA4\xF0\x9F\x98\x80");
	check(buf_xml,
		"a\x01"
		"b\xFF"
		"c\xED\xA0\x80",
		"a\xEF\xBF\xBD"
		"b\xEF\xBF\xBD"
		"c\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
	check(buf_xml, "\t\r\n", "\t\r\n");
}

static void test_json(void **state)
{
	(void)state;
	check(buf_json, "a\"b\\c\n\x1b", "a\\\"b\\\\c\\u000a\\u001b");
	check(buf_json, "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void test_logvalue(void **state)
{
	(void)state;
	check(buf_logvalue, "plain-1.2", "plain-1.2");
	check(buf_logvalue, "", "\"\"");
	check(buf_logvalue, "a b", "\"a b\"");
	check(buf_logvalue, "a=b", "\"a=b\"");
	check(buf_logvalue, "x\nevent=fake\x1b[2J", "\"x\\x0aevent=fake\\x1b[2J\"");
	check(buf_logvalue, "\xC3\xA4 \"q\" \xFF", "\"\xC3\xA4 \\\"q\\\" \\xff\"");
	check(buf_logvalue, "\xC2\x9B", "\"\\xc2\\x9b\"");
}

static void test_utf8(void **state)
{
	unsigned cp;

	(void)state;
	assert_int_equal(utf8_length("\xC3\xA4"
				     "bc\xF0\x9F\x98\x80"),
		4);
	assert_int_equal(utf8_decode("\xC0\x80", &cp), 0);
	assert_int_equal(utf8_decode("\xF4\x90\x80\x80", &cp), 0);
	assert_int_equal(utf8_decode("\xE2\x82", &cp), 0);
	assert_int_equal(utf8_decode("\xE2\x82\xAC", &cp), 3);
	assert_int_equal(cp, 0x20AC);
}

static void test_prefix_ends_between_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_prefix("a\xC3\xA4", 3), 3);
	assert_int_equal(utf8_prefix("a\xC3\xA4", 2), 1);
	assert_int_equal(utf8_prefix("\xF0\x9F\x98\x80x", 3), 0);
	assert_int_equal(utf8_prefix("\xFF\xFF", 1), 1);
	assert_int_equal(utf8_prefix("", 5), 0);
}

static void test_errors_are_cut_between_characters(void **state)
{
	char long_text[600] = "";
	struct err err = {0};

	(void)state;
	for (int shift = 0; shift < 4; shift++) {
		memset(long_text, 'x', (size_t)shift);
		for (int i = 0; i < 130; i++)
			memcpy(long_text + shift + 4 * i, "\xF0\x9F\x98\x80", 5);
		err_set(&err, ERR_AWAY, "%s", long_text);
		assert_int_equal(utf8_prefix(err.text, sizeof(err.text)), strlen(err.text));
		assert_true(strlen(err.text) > sizeof(err.text) - 5);
		assert_int_equal((strlen(err.text) - (size_t)shift) % 4, 0);
	}
}

static void test_int(void **state)
{
	static const long long values[] = {0, 7, -1, 10, 1234567890123, LLONG_MAX, LLONG_MIN};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct buf b = BUF_INIT;
		char want[32];

		snprintf(want, sizeof(want), "%lld", values[i]);
		buf_int(&b, values[i]);
		assert_string_equal(buf_str(&b), want);
		buf_free(&b);
	}
}

static void test_hex(void **state)
{
	unsigned char bytes[4] = {0};
	char text[9];

	(void)state;
	hex_write("\0\x7f\xa5\xff", 4, text);
	assert_string_equal(text, "007fa5ff");
	assert_true(hex_read("007FA5ff", 4, bytes));
	assert_memory_equal(bytes, "\0\x7f\xa5\xff", 4);
	assert_true(hex_read("", 0, bytes));
	assert_false(hex_read("0g", 1, bytes));
	assert_false(hex_read("g0", 1, bytes));
	assert_false(hex_read("0", 1, bytes));
	assert_int_equal(hex_value('/'), -1);
	assert_int_equal(hex_value(':'), -1);
	assert_int_equal(hex_value('@'), -1);
	assert_int_equal(hex_value('`'), -1);
}

static void test_text(void **state)
{
	char mixed[] = "aZ-09\xC3\x84";

	(void)state;
	assert_string_equal(text_upper(mixed), "AZ-09\xC3\x84");
	assert_string_equal(text_lower(mixed), "az-09\xC3\x84");
	assert_true(text_is_number("0", 1));
	assert_true(text_is_number("0123456789", 10));
	assert_false(text_is_number("", 9));
	assert_false(text_is_number("10", 1));
	assert_false(text_is_number("1 ", 9));
	assert_false(text_is_number("-1", 9));
	assert_false(text_is_number("1/", 9));
	assert_false(text_is_number("1:", 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_cap_drops_what_does_not_fit),
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_logvalue),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_prefix_ends_between_characters),
		cmocka_unit_test(test_errors_are_cut_between_characters),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
