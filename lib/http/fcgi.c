/* SPDX-License-Identifier: ISC */
/* Records of FastCGI (Specification 1.0): what a web server sends is read as it arrives, what we say is framed. */
#include "config.h"
#include "http/fcgi.h"

#include <stdint.h>
#include <string.h>

#define PROTOCOL 1

/* Kinds of records, section 8. */
enum { BEGIN_REQUEST = 1, ABORT_REQUEST = 2, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

char *fcgi_room(struct fcgi *f, size_t *size)
{
	f->at = f->end = 0;
	*size = sizeof(f->input);
	return f->input;
}

void fcgi_read(struct fcgi *f, size_t len)
{
	f->end = len;
}

static size_t available(const struct fcgi *f, size_t wanted)
{
	return f->end - f->at < wanted ? f->end - f->at : wanted;
}

/* A head is whole: what follows it. FCGI_MORE: go on, it is skipped or its content is looked at next. */
static enum fcgi_piece begin_record(struct fcgi *f)
{
	const unsigned char *h = f->header;
	unsigned id = (unsigned)h[2] << 8 | h[3];

	f->header_len = 0;
	f->type = h[1];
	f->content = (size_t)h[4] << 8 | h[5];
	f->padding = h[6];
	if (h[0] != PROTOCOL)
		return FCGI_BROKEN;
	if (f->type == BEGIN_REQUEST) {
		/* One at a time: nobody multiplexes what does not offer it (4.1, FCGI_MPXS_CONNS). */
		if (f->id || !id)
			return FCGI_BROKEN;
		f->id = id;
	} else if (!f->id || id != f->id) {
		f->type = 0; /* management records, and what is nobody's */
	} else if (f->type == ABORT_REQUEST) {
		return FCGI_BROKEN;
	}
	if (f->content == 0 && f->type == PARAMS)
		return FCGI_PARAMS;
	if (f->content == 0 && f->type == STDIN)
		return FCGI_STDIN;
	return FCGI_MORE;
}

enum fcgi_piece fcgi_next(struct fcgi *f, const char **data, size_t *len)
{
	*len = 0;
	*data = f->input;
	while (f->at < f->end) {
		size_t n;
		enum fcgi_piece piece;

		if (f->content) {
			n = available(f, f->content);
			*data = f->input + f->at;
			f->at += n;
			f->content -= n;
			if (f->type != PARAMS && f->type != STDIN)
				continue;
			*len = n;
			return f->type == PARAMS ? FCGI_PARAMS : FCGI_STDIN;
		}
		if (f->padding) {
			n = available(f, f->padding);
			f->at += n;
			f->padding -= n;
			continue;
		}
		n = available(f, FCGI_HEADER_LEN - f->header_len);
		memcpy(f->header + f->header_len, f->input + f->at, n);
		f->header_len += n;
		f->at += n;
		if (f->header_len < FCGI_HEADER_LEN)
			continue;
		piece = begin_record(f);
		if (piece != FCGI_MORE)
			return piece;
	}
	return FCGI_MORE;
}

static void write_header(unsigned char header[FCGI_HEADER_LEN], unsigned char type, unsigned id, size_t len)
{
	const unsigned char h[FCGI_HEADER_LEN] = {PROTOCOL, type, (unsigned char)(id >> 8), (unsigned char)id,
		(unsigned char)(len >> 8), (unsigned char)len, 0, 0};

	memcpy(header, h, sizeof(h));
}

void fcgi_stdout_header(const struct fcgi *f, size_t len, unsigned char header[FCGI_HEADER_LEN])
{
	write_header(header, STDOUT, f->id, len);
}

void fcgi_end(const struct fcgi *f, struct buf *out)
{
	static const unsigned char status[8];
	unsigned char header[FCGI_HEADER_LEN];

	write_header(header, STDOUT, f->id, 0);
	buf_add(out, header, sizeof(header));
	write_header(header, END_REQUEST, f->id, sizeof(status));
	buf_add(out, header, sizeof(header));
	buf_add(out, status, sizeof(status));
}

/* A length of section 3.4: one byte, or four with the highest bit set. */
static bool read_length(const unsigned char **at, const unsigned char *end, size_t *len)
{
	if (*at == end)
		return false;
	if (!(**at & 0x80)) {
		*len = *(*at)++;
		return true;
	}
	if (end - *at < 4)
		return false;
	*len = (size_t)((*at)[0] & 0x7F) << 24 | (size_t)(*at)[1] << 16 | (size_t)(*at)[2] << 8 | (*at)[3];
	*at += 4;
	return true;
}

bool fcgi_params_read(const char *params, size_t len, struct buf *env)
{
	const unsigned char *at = (const unsigned char *)params, *end = at + len;

	while (at < end) {
		size_t name, value;

		if (!read_length(&at, end, &name) || !read_length(&at, end, &value))
			return false;
		if (name > (size_t)(end - at) || value > (size_t)(end - at) - name)
			return false;
		if (name && !memchr(at, '\0', name + value)) {
			const uint32_t head[2] = {(uint32_t)name, (uint32_t)value};

			buf_add(env, head, sizeof(head));
			buf_add(env, at, name);
			buf_putc(env, '\0');
			buf_add(env, at + name, value);
			buf_putc(env, '\0');
		}
		at += name + value;
	}
	return true;
}

const char *fcgi_param(const struct buf *env, const char *name, int *count)
{
	const char *found = NULL, *p = env->ptr;
	size_t len = strlen(name);
	uint32_t head[2];

	*count = 0;
	for (; p && p < env->ptr + env->len; p += (size_t)head[0] + head[1] + 2) {
		memcpy(head, p, sizeof(head));
		p += sizeof(head);
		if (head[0] == len && memcmp(p, name, len) == 0) {
			found = p + len + 1;
			++*count;
		}
	}
	return found;
}
