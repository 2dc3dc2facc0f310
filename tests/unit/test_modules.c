/* SPDX-License-Identifier: ISC */
/* Modules taken out of the body of a create. */
#include "config.h"
#include "unit.h"

#include "bbb/modules.h"

#include <stdlib.h>

static const struct modules_rule no_gone = {.only = "*", .never = "gone"};

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void check_bytes(const char *body, size_t len, const struct modules_rule *rule, const char *want)
{
	struct buf out = BUF_INIT;
	struct err err = {0};
	const char *got = buf_str(&out);
	int rc = modules_cut(body, len, rule, &out, &err);

	if (rc == 1) {
		assert_memory_equal(buf_str(&out), DECLARATION, strlen(DECLARATION));
		assert_int_equal(out.ptr[out.len - 1], '\n');
		out.ptr[out.len - 1] = '\0';
		got = out.ptr + strlen(DECLARATION);
	} else {
		assert_int_equal(out.len, 0);
		assert_int_equal(rc == -1, err.kind == ERR_INVALID);
		got = rc == 0 ? "=" : "!";
	}
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", body, got, want);
	buf_free(&out);
}

static void check(char **field, int fields)
{
	assert_int_equal(fields, 2);
	check_bytes(field[0], strlen(field[0]), &no_gone, field[1]);
}

/* a body, which modules may go on, what goes on as above, whether slides were in it */
static void check_only(char **field, int fields)
{
	const struct modules_rule rule = {.only = field[1]};
	struct err err = {0};

	assert_int_equal(fields, 4);
	check_bytes(field[0], strlen(field[0]), &rule, field[2]);
	assert_int_equal(modules_have_slides(field[0], strlen(field[0]), &err), atoi(field[3]));
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("modules.tsv", check) >= 18);
	assert_true(unit_each_vector("modules_only.tsv", check_only) >= 10);
}

/* A name that only a reader of UTF-16 sees. */
static void test_utf16(void **state)
{
	static const char text[] = "<modules><module name=\"gone\"/><module name=\"b\"/></modules>";
	char wide[2 * sizeof(text)] = {(char)0xFF, (char)0xFE};

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		wide[2 + 2 * i] = text[i];
	check_bytes(wide, 2 * sizeof(text), &no_gone, "<modules><module name=\"b\"></module></modules>");
}

/* A slide is one text of many megabytes. */
static void test_large_slide(void **state)
{
	struct buf body = BUF_INIT, out = BUF_INIT;
	struct err err = {0};
	static char slide[11 << 20];
	const char *preload = getenv("LD_PRELOAD");
	/* Under valgrind all of it would take minutes. */
	size_t len = preload && strstr(preload, "valgrind") ? 1 << 16 : sizeof(slide);

	(void)state;
	memset(slide, 'A', len);
	buf_puts(&body, "<modules><module name=\"gone\"/><module name=\"presentation\"><document>");
	buf_add(&body, slide, len);
	buf_puts(&body, "</document></module></modules>");
	assert_int_equal(modules_cut(body.ptr, body.len, &no_gone, &out, &err), 1);
	assert_int_equal(modules_have_slides(body.ptr, body.len, &err), 1);
	assert_true(out.len > len);
	buf_free(&body);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_large_slide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
