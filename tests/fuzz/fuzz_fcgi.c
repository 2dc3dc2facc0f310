/* SPDX-License-Identifier: ISC */
/* What a web server sends by FastCGI: read in pieces of any size it says the same, and no variable holds what it may not.
 * Input: a byte that says how large the pieces are, then the bytes of a connection. */
#include "config.h"
#include "fuzz.h"

#include "http/fcgi.h"

/* What a connection said: its variables and its body, and how it went on. */
struct said {
	struct fcgi f;
	struct buf params, body;
	bool params_over, body_over, broken;
};

static void take(struct said *s, enum fcgi_piece piece, const char *data, size_t len)
{
	const char *input = s->f.input;

	FUZZ_REQUIRE(s->f.id || piece == FCGI_BROKEN);
	FUZZ_REQUIRE(len == 0 || (data >= input && data + len <= input + s->f.end));
	if (piece == FCGI_BROKEN)
		s->broken = true;
	else if (piece == FCGI_PARAMS)
		buf_add(&s->params, data, len);
	else
		buf_add(&s->body, data, len);
	s->params_over = s->params_over || (piece == FCGI_PARAMS && !len);
	s->body_over = s->body_over || (piece == FCGI_STDIN && !len);
}

/* Reads it all, up to `step` bytes at a time. */
static void read_all(struct said *s, const uint8_t *data, size_t size, size_t step)
{
	memset(s, 0, sizeof(*s));
	buf_init_max(&s->params, FCGI_PARAMS_MAX);
	buf_init_max(&s->body, FCGI_PARAMS_MAX);
	while (!s->broken) {
		const char *piece;
		size_t len, room;
		enum fcgi_piece kind = fcgi_next(&s->f, &piece, &len);
		char *at;

		if (kind != FCGI_MORE) {
			take(s, kind, piece, len);
			continue;
		}
		if (!size)
			break;
		at = fcgi_room(&s->f, &room);
		len = step < size ? step : size;
		len = len < room ? len : room;
		memcpy(at, data, len);
		fcgi_read(&s->f, len);
		data += len;
		size -= len;
	}
}

static bool same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (!a->len || memcmp(a->ptr, b->ptr, a->len) == 0);
}

/* Names that are none are not there, each other one is found, and counted as often as it is there. */
static void check_env(const struct buf *params)
{
	struct buf env = BUF_INIT;
	int all = 0, count;

	if (fcgi_params_read(buf_str(params), params->len, &env)) {
		FUZZ_REQUIRE(env.len <= params->len * 4);
		FUZZ_REQUIRE(!env.len || env.ptr[env.len - 1] == '\0');
		/* Behind two lengths. */
		for (const char *p = env.ptr; p && p < env.ptr + env.len; p += strlen(p) + 1) {
			const char *name = p += 8, *value;

			FUZZ_REQUIRE(*name);
			p += strlen(p) + 1;
			FUZZ_REQUIRE(p < env.ptr + env.len);
			if (++all > 100)
				continue;
			value = fcgi_param(&env, name, &count);
			FUZZ_REQUIRE(value && count >= 1 && (count > 1 || value == p));
		}
		FUZZ_REQUIRE(!fcgi_param(&env, "", &count) && count == 0);
	}
	buf_free(&env);
}

/* What we say of it is FastCGI itself: read as records it holds the answer's end and no more. */
static void check_end(const struct fcgi *f)
{
	struct buf out = BUF_INIT;

	fcgi_end(f, &out);
	FUZZ_REQUIRE(out.len == 3 * FCGI_HEADER_LEN);
	for (size_t at = 0; at < 2 * FCGI_HEADER_LEN; at += FCGI_HEADER_LEN)
		FUZZ_REQUIRE(out.ptr[at] == 1 && (unsigned char)out.ptr[at + 2] == f->id >> 8 &&
			     (unsigned char)out.ptr[at + 3] == (f->id & 0xFF));
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct said whole, pieces;

	if (!size)
		return 0;
	read_all(&whole, data + 1, size - 1, FCGI_INPUT_BYTES);
	read_all(&pieces, data + 1, size - 1, 1 + data[0] % 32);
	FUZZ_REQUIRE(same(&whole.params, &pieces.params) && same(&whole.body, &pieces.body));
	FUZZ_REQUIRE(whole.params_over == pieces.params_over && whole.body_over == pieces.body_over);
	FUZZ_REQUIRE(whole.broken == pieces.broken && whole.f.id == pieces.f.id);
	FUZZ_REQUIRE(whole.params.len + whole.body.len < size);
	check_env(&whole.params);
	check_end(&whole.f);
	buf_free(&whole.params);
	buf_free(&whole.body);
	buf_free(&pieces.params);
	buf_free(&pieces.body);
	return 0;
}
