/* SPDX-License-Identifier: ISC */
/* Tests of uploaded subtitles: what each kind of file becomes, what is refused, and the limits. */
#include "config.h"
#include "unit.h"

#include "bbb/subtitle.h"

#include <stdlib.h>

/* In place; returns the length. */
static size_t unescape(char *s)
{
	static const char names[] = "nrt\\", values[] = "\n\r\t\\";
	char *to = s, hex[3] = "";

	for (const char *from = s; *from; from++) {
		const char *name = *from == '\\' ? strchr(names, from[1]) : NULL;

		if (*from == '\\' && from[1] == 'x') {
			memcpy(hex, from + 2, 2);
			*to++ = (char)strtoul(hex, NULL, 16);
			from += 3;
		} else if (name) {
			*to++ = values[name - names];
			from++;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return (size_t)(to - s);
}

static void check(char **field, int fields)
{
	struct buf out = BUF_INIT;
	struct err err = {0};
	size_t len;

	assert_int_equal(fields, 2);
	len = unescape(field[0]);
	unescape(field[1]);
	if (subtitle_convert(field[0], len, &out, &err) == -1) {
		assert_int_equal(field[1][0], '!');
		assert_string_equal(err.text, field[1] + 1);
	} else {
		assert_int_equal(strncmp(out.ptr, "WEBVTT\n", 7), 0);
		assert_string_equal(out.ptr + 7, field[1]);
	}
	buf_free(&out);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("subtitle.tsv", check) > 25);
}

/* A file of so many cues, each with so many bytes of text. */
static int convert(int cues, int bytes, char c, struct err *err)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	char *text = malloc((size_t)bytes + 1);
	int rc;

	memset(text, c, (size_t)bytes);
	text[bytes] = '\0';
	for (int i = 0; i < cues; i++) {
		buf_puts(&in, "1\n00:00:01,000 --> 00:00:02,000\n");
		buf_puts(&in, text);
		buf_puts(&in, "\n\n");
	}
	memset(err, 0, sizeof(*err));
	rc = subtitle_convert(in.ptr, in.len, &out, err);
	buf_free(&in);
	buf_free(&out);
	free(text);
	return rc;
}

static void test_limits(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(convert(SUBTITLE_CUES_MAX, 1, 'x', &err), 0);
	assert_int_equal(convert(SUBTITLE_CUES_MAX + 1, 1, 'x', &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_string_equal(err.text, "it has more than 20000 cues");
	assert_int_equal(convert(1, SUBTITLE_CUE_MAX, 'x', &err), 0);
	assert_int_equal(convert(1, SUBTITLE_CUE_MAX + 1, 'x', &err), -1);
	assert_string_equal(err.text, "the text at second 1 is longer than 4096 bytes");
	/* Within the limit as it came, beyond it as it is written. */
	assert_int_equal(convert(3000, 800, '&', &err), -1);
	assert_string_equal(err.text, "as WebVTT it is longer than 10485760 bytes");
	assert_int_equal(convert(3000, 4000, 'x', &err), -1);
	assert_string_equal(err.text, "the file is longer than 10485760 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
