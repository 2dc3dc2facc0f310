/* SPDX-License-Identifier: ISC */
/* Tests of form bodies as streams: every place where a buffer or a body can end. */
#include "config.h"
#include "unit.h"

#include "base/buf.h"
#include "http/multipart.h"

#include <stdlib.h>

#define BUFFER_BYTES 65536

/* A body: so many filling bytes in front, in the preamble, then text. */
struct source {
	size_t filling;
	const char *text;
	size_t len, at;
};

static size_t read_source(void *ctx, void *data, size_t len, bool *ok)
{
	struct source *s = ctx;
	size_t total = s->filling + s->len, n = total - s->at < len ? total - s->at : len;

	(void)ok;
	for (size_t i = 0; i < n; i++, s->at++)
		((char *)data)[i] =
			s->at < s->filling ? "-\n\r"[(s->filling - s->at) % 3] : s->text[s->at - s->filling];
	return n;
}

/* Reads the whole body in steps of so many bytes and writes down what was there; "!" and the error at the
 * end. */
static void run(const char *type, struct source source, size_t step, struct buf *out)
{
	struct err err = {0};
	struct multipart *m = multipart_open(type, read_source, &source, &err);
	struct multipart_field field;
	char *data = mem_alloc(step);
	int more = -1, count = 0;
	ssize_t n = 0;

	while (m && (more = multipart_next(m, &field, &err)) == 1) {
		buf_printf(out, "%s%s", count++ ? "|" : "", field.name);
		if (field.filename)
			buf_printf(out, "(%s)", field.filename);
		buf_putc(out, '=');
		while ((n = multipart_read(m, data, step, &err)) > 0)
			buf_add(out, data, (size_t)n);
		assert_int_equal(n == 0 ? multipart_read(m, data, step, &err) : 0, 0);
		if (n == -1)
			break;
	}
	if (more == -1 || n == -1)
		buf_printf(out, "!%s", err.text);
	multipart_close(m);
	free(data);
}

static void unescape(const char *s, struct buf *out)
{
	for (; *s; s++) {
		if (*s != '\\') {
			buf_putc(out, *s);
			continue;
		}
		s++;
		buf_putc(out, *s == 'r' ? '\r' : *s == 'n' ? '\n' : *s == 't' ? '\t' : *s == '0' ? '\0' : *s);
	}
}

static void check(const char *type, struct source source, size_t step, const struct buf *want)
{
	struct buf got = BUF_INIT;
	const char *mark = strchr(buf_str(want), '!');

	run(type, source, step, &got);
	if (mark) {
		const char *error = memrchr(buf_str(&got), '!', got.len);

		if (!error || !strstr(error, mark + 1))
			fail_msg("'%s' is not refused by '%s'", buf_str(&got), mark);
	} else if (got.len != want->len || memcmp(buf_str(&got), buf_str(want), got.len) != 0) {
		fail_msg("got '%s', want '%s' (step %zu, filling %zu)", buf_str(&got), buf_str(want), step,
			source.filling);
	}
	buf_free(&got);
}

static void check_vector(char **field, int fields)
{
	struct buf type = BUF_INIT, body = BUF_INIT, want = BUF_INIT;
	struct buf cut = BUF_INIT;

	assert_int_equal(fields, 3);
	unescape(field[0], &type);
	unescape(field[1], &body);
	unescape(field[2], &want);
	for (size_t step = 1; step <= body.len + 1; step++)
		check(buf_str(&type), (struct source){0, body.ptr, body.len, 0}, step, &want);
	/* The buffer's end at every byte of the body. */
	for (size_t i = 0; i <= body.len + 4; i++)
		check(buf_str(&type), (struct source){BUFFER_BYTES - i, body.ptr, body.len, 0}, 4096, &want);
	/* A body that ends early is never taken for a whole one. */
	buf_puts(&cut, "!");
	for (size_t i = 0; strstr(buf_str(&want), "=") && i + 1 < body.len; i++) {
		const char *last = memmem(body.ptr, i, "--b--", 5),
			   *quoted = memmem(body.ptr, i, "--b c--", 7);

		if (!last && !quoted)
			check(buf_str(&type), (struct source){0, body.ptr, i, 0}, 7, &cut);
	}
	buf_free(&type);
	buf_free(&body);
	buf_free(&want);
	buf_free(&cut);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("multipart.tsv", check_vector), 28);
}

/* Content longer than the buffer, with what looks like a boundary in it, comes out byte by byte. */
static void test_long_content(void **state)
{
	static const char head[] = "--xyz\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
	static const char tail[] = "\r\n--xyz--\r\n";
	struct buf body = BUF_INIT, want = BUF_INIT, got = BUF_INIT;

	(void)state;
	buf_puts(&body, head);
	buf_puts(&want, "file=");
	for (int i = 0; i < 40000; i++) {
		const char *piece = i % 7 ? "\r\n--xy" : "\r\n-\r\n--xx\0--xyz--";
		size_t len = i % 7 ? 6 : 18;

		buf_add(&body, piece, len);
		buf_add(&want, piece, len);
	}
	buf_puts(&body, tail);
	run("multipart/form-data; boundary=xyz", (struct source){0, body.ptr, body.len, 0}, 5000, &got);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.ptr, want.ptr, got.len);
	buf_free(&body);
	buf_free(&want);
	buf_free(&got);
}

static void test_head_limit(void **state)
{
	struct buf body = BUF_INIT, want = BUF_INIT;

	(void)state;
	buf_puts(&body, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nX: ");
	for (int i = 0; i < 9000; i++)
		buf_putc(&body, 'x');
	buf_puts(&body, "\r\n\r\n1\r\n--b--");
	buf_puts(&want, "!does not end within 8192");
	check("multipart/form-data; boundary=b", (struct source){0, body.ptr, body.len, 0}, 100, &want);
	buf_free(&body);
	buf_free(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_long_content),
		cmocka_unit_test(test_head_limit),
	};

	return cmocka_run_group_tests_name("multipart", tests, NULL, NULL);
}
