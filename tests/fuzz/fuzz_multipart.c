/* SPDX-License-Identifier: ISC */
/* Multipart bodies: however the bytes come in pieces, the same fields with the same contents are read. Input:
 * a line with the Content-Type, then the body. */
#include "config.h"
#include "fuzz.h"

#include "base/buf.h"
#include "http/multipart.h"

/* Longer than the reader's buffer needs many megabytes of input: repeated, a short one crosses its end too.
 */
#define REPEAT_MAX 3

struct source {
	const char *data;
	size_t len, at, piece;
	int repeat;
};

/* Fewer bytes than asked for mean the end, so a short piece is put together. */
static size_t source_read(void *ctx, void *data, size_t len, bool *ok)
{
	struct source *s = ctx;
	size_t done = 0;

	(void)ok;
	while (done < len && (s->at < s->len || s->repeat > 0)) {
		size_t n;

		if (s->at == s->len) {
			s->repeat--;
			s->at = 0;
			if (!s->len)
				break;
		}
		n = s->len - s->at < len - done ? s->len - s->at : len - done;
		memcpy((char *)data + done, s->data + s->at, n);
		s->at += n;
		done += n;
	}
	return done;
}

/* Everything that is read, in one text: names, contents, and how it ended. */
static void read_all(
	const char *type, const char *body, size_t len, int repeat, size_t piece, struct buf *out)
{
	struct source s = {.data = body, .len = len, .repeat = repeat};
	struct multipart_field field;
	struct err err = {0};
	struct multipart *m = multipart_open(type, source_read, &s, &err);
	char data[4096];
	ssize_t n = 0;
	int rc = -1;

	while (m && (rc = multipart_next(m, &field, &err)) == 1) {
		FUZZ_REQUIRE(field.name && *field.name && strlen(field.name) <= 256);
		buf_printf(out, "[%s|%s]", field.name, field.filename ? field.filename : "-");
		while ((n = multipart_read(m, data, piece, &err)) > 0) {
			FUZZ_REQUIRE((size_t)n <= piece);
			buf_add(out, data, (size_t)n);
		}
		if (n == -1)
			break;
	}
	FUZZ_REQUIRE((rc != -1 && n != -1) || (err.kind == ERR_INVALID && err.text[0]));
	buf_printf(out, "(%d %d)", rc, n == -1);
	multipart_close(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *type = mem_strndup((const char *)data, size), *body = memchr(type, '\n', size);
	struct buf first = BUF_INIT, second = BUF_INIT;
	size_t len;
	int repeat;

	if (!body)
		body = type + size;
	else
		*body++ = '\0';
	len = size - (size_t)(body - type);
	repeat = len % 7 == 0 ? REPEAT_MAX * 1000 / (int)(len + 1) : 0;
	read_all(type, body, len, repeat, 4096, &first);
	read_all(type, body, len, repeat, 1, &second);
	FUZZ_REQUIRE(first.len == second.len && memcmp(buf_str(&first), buf_str(&second), first.len) == 0);
	buf_free(&first);
	buf_free(&second);
	free(type);
	return 0;
}
