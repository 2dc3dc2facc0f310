/* SPDX-License-Identifier: ISC */
/* multipart/form-data bodies read as a stream. */
#include "config.h"
#include "http/multipart.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BUFFER_BYTES 65536
/* RFC 2046, 5.1.1. */
#define BOUNDARY_MAX 70
/* A field's head: Content-Disposition and perhaps two more lines. */
#define HEAD_MAX       8192
#define FIELD_NAME_MAX 256

struct multipart {
	multipart_read_fn *read;
	void *ctx;
	char delimiter[4 + BOUNDARY_MAX + 1]; /* CR LF "--" boundary */
	size_t delimiter_len;
	size_t at, len; /* what is in the buffer and not used yet lies between */
	bool source_over, cut_off;
	bool started, in_field, over;
	char name[FIELD_NAME_MAX + 1], filename[FIELD_NAME_MAX + 1];
	char buffer[BUFFER_BYTES];
};

static bool boundary_valid(const char *b, size_t len)
{
	return len >= 1 && len <= BOUNDARY_MAX && b[len - 1] != ' ' &&
	       strspn(b, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ") >=
		       len;
}

/* Reads a parameter's value, a token or in quotes, into out; the end of it, or NULL when it is malformed or
 * too long. */
static const char *read_value(const char *s, const char *end, char *out, size_t size)
{
	size_t n = 0;

	if (s < end && *s == '"') {
		for (s++; s < end && *s != '"'; s++) {
			/* A backslash quotes a quote or itself (curl); others send a file's name as it is. */
			if (*s == '\\' && s + 1 < end && (s[1] == '"' || s[1] == '\\'))
				s++;
			if (n + 1 >= size)
				return NULL;
			out[n++] = *s;
		}
		out[n] = '\0';
		return s < end ? s + 1 : NULL;
	}
	for (; s < end && !strchr("; \t\r\n\"", *s); s++) {
		if (n + 1 >= size)
			return NULL;
		out[n++] = *s;
	}
	out[n] = '\0';
	return s;
}

/*
 * Finds a parameter of a header value between s and end ("form-data; name=x"). 1: it is in out; 0: there is
 * none; -1: malformed.
 */
static int find_parameter(const char *s, const char *end, const char *wanted, char *out, size_t size)
{
	char skipped[HEAD_MAX];

	while (s < end && *s != ';')
		s++;
	while (s < end) {
		const char *name, *name_end;
		bool hit;

		s += *s == ';';
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		if (s == end)
			return 0;
		name = s;
		while (s < end && *s != '=' && *s != ';' && *s != ' ' && *s != '\t')
			s++;
		name_end = s;
		if (s == end || *s != '=')
			return -1;
		hit = (size_t)(name_end - name) == strlen(wanted) &&
		      strncasecmp(name, wanted, strlen(wanted)) == 0;
		s = read_value(s + 1, end, hit ? out : skipped, hit ? size : sizeof(skipped));
		if (!s)
			return -1;
		if (hit)
			return 1;
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		if (s < end && *s != ';')
			return -1;
	}
	return 0;
}

struct multipart *multipart_open(
	const char *content_type, multipart_read_fn *read, void *ctx, struct err *err)
{
	static const char type[] = "multipart/form-data";
	char boundary[BOUNDARY_MAX + 2];
	struct multipart *m;

	if (!content_type || strncasecmp(content_type, type, sizeof(type) - 1) != 0 ||
		!strchr("; \t", content_type[sizeof(type) - 1])) {
		err_set(err, ERR_INVALID, "the body must be multipart/form-data");
		return NULL;
	}
	if (find_parameter(content_type, content_type + strlen(content_type), "boundary", boundary,
		    sizeof(boundary)) != 1 ||
		!boundary_valid(boundary, strlen(boundary))) {
		err_set(err, ERR_INVALID, "the Content-Type must name a boundary of 1 to %d characters",
			BOUNDARY_MAX);
		return NULL;
	}
	m = mem_alloc(sizeof(*m));
	memset(m, 0, offsetof(struct multipart, buffer));
	m->read = read;
	m->ctx = ctx;
	m->delimiter_len = (size_t)snprintf(m->delimiter, sizeof(m->delimiter), "\r\n--%s", boundary);
	/* The first delimiter may have no line before it. */
	memcpy(m->buffer, "\r\n", 2);
	m->len = 2;
	return m;
}

void multipart_close(struct multipart *m)
{
	free(m);
}

/* Fills the buffer up to its end, or to the body's. */
static void fill(struct multipart *m)
{
	bool ok = true;
	size_t n;

	if (m->source_over)
		return;
	memmove(m->buffer, m->buffer + m->at, m->len - m->at);
	m->len -= m->at;
	m->at = 0;
	n = m->read(m->ctx, m->buffer + m->len, BUFFER_BYTES - m->len, &ok);
	m->source_over = n < BUFFER_BYTES - m->len || !ok;
	m->cut_off = !ok;
	m->len += n;
}

static int fail_short(const struct multipart *m, struct err *err)
{
	return err_set(err, ERR_INVALID,
		m->cut_off ? "the body was cut off" : "the body ends without its last boundary");
}

/* How many bytes of content lie at the start of the buffer: up to a delimiter, or to where one could begin.
 */
static size_t content_here(const struct multipart *m, bool *delimited)
{
	size_t len = m->len - m->at;
	const char *hit = memmem(m->buffer + m->at, len, m->delimiter, m->delimiter_len);

	*delimited = hit != NULL;
	if (hit)
		return (size_t)(hit - m->buffer) - m->at;
	return len < m->delimiter_len ? 0 : len - (m->delimiter_len - 1);
}

ssize_t multipart_read(struct multipart *m, void *data, size_t size, struct err *err)
{
	bool delimited = false;
	size_t n;

	if (!m->in_field || size == 0)
		return 0;
	n = content_here(m, &delimited);
	if (n == 0 && !delimited) {
		fill(m);
		n = content_here(m, &delimited);
	}
	if (n == 0 && delimited) {
		m->in_field = false;
		return 0;
	}
	if (n == 0)
		return fail_short(m, err);
	n = n < size ? n : size;
	memcpy(data, m->buffer + m->at, n);
	m->at += n;
	return (ssize_t)n;
}

/* Makes sure that so many bytes are in the buffer; false when the body has not so many left. */
static bool need(struct multipart *m, size_t count)
{
	if (m->len - m->at < count)
		fill(m);
	return m->len - m->at >= count;
}

/* Past a delimiter: 1 a field follows, 0 it was the last. */
static int pass_delimiter(struct multipart *m, struct err *err)
{
	m->at += m->delimiter_len;
	if (!need(m, 2))
		return fail_short(m, err);
	if (memcmp(m->buffer + m->at, "--", 2) == 0)
		return 0;
	/* Padding that a transport may have added. */
	while (need(m, 2) && (m->buffer[m->at] == ' ' || m->buffer[m->at] == '\t'))
		m->at++;
	if (!need(m, 2))
		return fail_short(m, err);
	if (memcmp(m->buffer + m->at, "\r\n", 2) != 0)
		return err_set(err, ERR_INVALID, "a line of the body begins like its boundary and is none");
	m->at += 2;
	return 1;
}

/* One line of a field's head. */
static int read_head_line(struct multipart *m, const char *line, const char *end, struct err *err)
{
	static const char disposition[] = "content-disposition:";

	if ((size_t)(end - line) < sizeof(disposition) - 1 ||
		strncasecmp(line, disposition, sizeof(disposition) - 1) != 0)
		return 0;
	if (find_parameter(line, end, "name", m->name, sizeof(m->name)) == -1 ||
		find_parameter(line, end, "filename", m->filename, sizeof(m->filename)) == -1)
		return err_set(err, ERR_INVALID, "a field of the body has a malformed Content-Disposition");
	return 0;
}

static int read_head(struct multipart *m, struct err *err)
{
	const char *line, *end, *stop;

	m->name[0] = m->filename[0] = '\0';
	if (!need(m, HEAD_MAX) && m->cut_off)
		return fail_short(m, err);
	stop = m->buffer + m->at + (m->len - m->at < HEAD_MAX ? m->len - m->at : HEAD_MAX);
	for (line = m->buffer + m->at;; line = end + 2) {
		end = memmem(line, (size_t)(stop - line), "\r\n", 2);
		if (!end)
			return err_set(err, ERR_INVALID, "the head of a field does not end within %d bytes",
				HEAD_MAX);
		if (end == line)
			break;
		if (memchr(line, '\0', (size_t)(end - line)))
			return err_set(err, ERR_INVALID, "a field's head holds a NUL");
		if (read_head_line(m, line, end, err) == -1)
			return -1;
	}
	m->at = (size_t)(line - m->buffer) + 2;
	if (!*m->name)
		return err_set(err, ERR_INVALID, "a field of the body has no name");
	return 0;
}

int multipart_next(struct multipart *m, struct multipart_field *field, struct err *err)
{
	char skipped[4096];
	ssize_t n;
	int more;

	if (m->over)
		return 0;
	/* The preamble is read like a field that nobody wants. */
	m->in_field = m->in_field || !m->started;
	m->started = true;
	while ((n = multipart_read(m, skipped, sizeof(skipped), err)) > 0)
		continue;
	if (n == -1)
		return -1;
	more = pass_delimiter(m, err);
	m->over = more <= 0;
	if (more != 1)
		return more;
	if (read_head(m, err) == -1) {
		m->over = true;
		return -1;
	}
	m->in_field = true;
	*field = (struct multipart_field){m->name, *m->filename ? m->filename : NULL};
	return 1;
}

static size_t read_request(void *ctx, void *data, size_t len, bool *ok)
{
	return request_read(ctx, data, len, ok);
}

/* name=value of one field. 0, or -1 with err. */
static int add_field(struct multipart *m, const char *name, struct buf *form, struct err *err)
{
	struct buf value = BUF_INIT;
	char chunk[4096];
	ssize_t n;

	buf_puts(form, form->len ? "&" : "");
	buf_url(form, name, strlen(name));
	buf_putc(form, '=');
	while ((n = multipart_read(m, chunk, sizeof(chunk), err)) > 0)
		buf_add(&value, chunk, (size_t)n);
	if (value.len)
		buf_url(form, value.ptr, value.len);
	buf_free(&value);
	return n == 0 ? 0 : -1;
}

int multipart_to_form(struct request *rq, struct err *err)
{
	struct multipart *m = multipart_open(request_env(rq, "CONTENT_TYPE"), read_request, rq, err);
	struct multipart_field field;
	struct buf form = BUF_INIT;
	int more = m ? 1 : -1;

	while (more == 1 && (more = multipart_next(m, &field, err)) == 1)
		if (!field.filename && add_field(m, field.name, &form, err) == -1)
			more = -1;
	multipart_close(m);
	if (more == -1) {
		buf_free(&form);
		return -1;
	}
	buf_free(&rq->body);
	rq->body = form;
	return 0;
}
