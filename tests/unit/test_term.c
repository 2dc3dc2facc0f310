/* SPDX-License-Identifier: ISC */
/* Tests of text on terminals, and of words that were mistyped. */
#include "config.h"
#include "unit.h"

#include "base/near.h"
#include "base/term.h"

#include <stdlib.h>

static void check(const char *text, const char *want)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	assert_non_null(f);
	term_print(f, text);
	fclose(f);
	assert_string_equal(out, want);
	free(out);
}

static void test_print(void **state)
{
	(void)state;
	check("plain, \xc3\xa4\xe2\x82\xac \xf0\x9f\x98\x80", "plain, \xc3\xa4\xe2\x82\xac \xf0\x9f\x98\x80");
	check("a\x1b[2Jb\rc\nd\te\x7f", "a?[2Jb?c?d?e?");
	/* CSI and OSC of C1, as UTF-8 and as bytes */
	check("a\xc2\x9b"
	      "2Jb\xc2\x9d",
		"a?2Jb?");
	check("a\x9b"
	      "2J\xff\xc2",
		"a?2J??");
	check("\xc2\xa0", "\xc2\xa0");
	/* a line separator, and text turned round */
	check("a\xe2\x80\xa8"
	      "b\xe2\x80\xae"
	      "c",
		"a?b?c");
}

static const char *nearest(const char *word)
{
	static const char *const list[] = {"node", "tenant", "secret", "maintenance", "list", "set", "add"};
	struct near near = {.word = word};

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		near_look(&near, list[i]);
	return near.best ? near.best : "";
}

static void test_near(void **state)
{
	(void)state;
	assert_string_equal(nearest("noed"), "node");
	assert_string_equal(nearest("nodes"), "node");
	assert_string_equal(nearest("maint"), "maintenance");
	assert_string_equal(nearest("maintainance"), "maintenance");
	assert_string_equal(nearest("lst"), "list");
	assert_string_equal(nearest("ad"), "add");
	assert_string_equal(nearest("x"), "");
	assert_string_equal(nearest("zzzzzz"), "");
	assert_string_equal(nearest(""), "");
	assert_string_equal(nearest("a word that is longer than any that is compared"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_near),
	};

	return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
