/* SPDX-License-Identifier: ISC */
/* Query strings and form bodies: an ordered list of decoded parameters, and the bytes that go to a node. */
#include "config.h"
#include "http/query.h"

#include "base/hex.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Decodes one name or value; NULL for a malformed escape. A NUL is left out: *cleaned is set. */
static char *query_decode(struct arena *a, const char *raw, size_t len, bool *cleaned)
{
	char *out = arena_alloc(a, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)raw[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int hi = i + 2 < len ? hex_value(raw[i + 1]) : -1;
			int lo = hi >= 0 ? hex_value(raw[i + 2]) : -1;

			if (lo < 0)
				return NULL;
			c = (unsigned char)(hi << 4 | lo);
			i += 2;
		}
		*cleaned = *cleaned || c == '\0';
		if (c)
			out[n++] = (char)c;
	}
	return out;
}

void query_add(struct arena *a, struct query *q, const char *name, const char *value)
{
	if (q->count == q->cap) {
		size_t cap = q->cap ? q->cap * 2 : 16;
		struct query_param *params = arena_alloc(a, cap * sizeof(*params));

		if (q->count)
			memcpy(params, q->params, q->count * sizeof(*params));
		q->params = params;
		q->cap = cap;
	}
	q->params[q->count++] = (struct query_param){.name = name, .value = value};
}

static int query_parse_pair(struct arena *a, const char *raw, size_t len, struct query *q, struct err *err)
{
	const char *eq = memchr(raw, '=', len);
	size_t name_len = eq ? (size_t)(eq - raw) : len;
	bool cleaned = false;
	char *name = query_decode(a, raw, name_len, &cleaned);
	char *value = eq ? query_decode(a, eq + 1, len - name_len - 1, &cleaned) : arena_strdup(a, "");

	if (!name || !value) {
		struct buf shown = BUF_INIT;

		buf_logvalue(&shown, arena_strndup(a, raw, name_len < 64 ? name_len : 64));
		err_set(err, ERR_INVALID, "parameter %s: must be percent-encoded text", buf_str(&shown));
		buf_free(&shown);
		return -1;
	}
	if (q->count == QUERY_PARAMS_MAX)
		return err_set(err, ERR_INVALID, "more than %d parameters", QUERY_PARAMS_MAX);
	query_add(a, q, name, value);
	q->params[q->count - 1].cleaned = cleaned;
	return 0;
}

int query_parse(struct arena *a, const char *raw, size_t len, struct query *q, struct err *err)
{
	size_t at = 0;

	*q = (struct query){0};
	while (at < len) {
		const char *amp = memchr(raw + at, '&', len - at);
		size_t end = amp ? (size_t)(amp - raw) : len;

		/* Empty pairs come from "?&a=b" and "a=b&&c=d": they mean nothing. */
		if (end > at && query_parse_pair(a, raw + at, end - at, q, err) == -1)
			return -1;
		at = end + 1;
	}
	return 0;
}

static bool is_control(unsigned cp)
{
	return (cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') || (cp >= 0x7F && cp < 0xA0);
}

/* The bytes in front of the first that something is wrong with. */
static size_t sound(const char *s)
{
	const char *p = s;
	size_t len;
	unsigned cp;

	while (*p && (len = utf8_decode(p, &cp)) && !is_control(cp))
		p += len;
	return (size_t)(p - s);
}

/* s itself when nothing is wrong with it. */
static const char *clean(struct arena *a, const char *s, bool *cleaned)
{
	struct buf out = BUF_INIT;
	size_t plain = sound(s);
	const char *text;
	unsigned cp;

	if (!s[plain])
		return s;
	buf_add(&out, s, plain);
	for (const char *p = s + plain; *p;) {
		size_t len = utf8_decode(p, &cp);

		if (len && !is_control(cp))
			buf_add(&out, p, len);
		else if (!len)
			buf_puts(&out, "\xEF\xBF\xBD");
		else
			*cleaned = true;
		p += len ? len : 1;
	}
	text = arena_strdup(a, buf_str(&out));
	buf_free(&out);
	return text;
}

void query_clean(struct arena *a, struct query *q)
{
	for (size_t i = 0; i < q->count; i++) {
		struct query_param *p = &q->params[i];

		p->name = clean(a, p->name, &p->cleaned);
		p->value = clean(a, p->value, &p->cleaned);
	}
}

const char *query_get(const struct query *q, const char *name)
{
	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->params[i].name, name) == 0)
			return q->params[i].value;
	return NULL;
}

const char *query_get_filled(const struct query *q, const char *name)
{
	const char *value = query_get(q, name);

	return value && *value ? value : NULL;
}

bool query_is_true(const struct query *q, const char *name)
{
	const char *value = query_get(q, name);

	return value && (strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

bool query_to_boolean(const char *value)
{
	static const char *const words[] = {"true", "y", "1"};
	size_t from = strspn(value, " \t\r\n"), len = strlen(value + from);

	while (len && strchr(" \t\r\n", value[from + len - 1]))
		len--;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == len && strncasecmp(value + from, words[i], len) == 0)
			return true;
	return false;
}

void query_remove(struct query *q, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->params[i].name, name) != 0)
			q->params[kept++] = q->params[i];
	q->count = kept;
}

void query_set(struct arena *a, struct query *q, const char *name, const char *value)
{
	size_t kept = 0;
	bool found = false;

	for (size_t i = 0; i < q->count; i++) {
		bool same = strcmp(q->params[i].name, name) == 0;

		if (same && found)
			continue;
		if (same)
			q->params[i].value = arena_strdup(a, value);
		found = found || same;
		q->params[kept++] = q->params[i];
	}
	q->count = kept;
	if (!found)
		query_add(a, q, arena_strdup(a, name), arena_strdup(a, value));
}

struct query query_copy(struct arena *a, const struct query *q)
{
	struct query copy = {0};

	for (size_t i = 0; i < q->count; i++) {
		query_add(a, &copy, q->params[i].name, q->params[i].value);
		copy.params[i].cleaned = q->params[i].cleaned;
	}
	return copy;
}

void query_write(const struct query *q, struct buf *out)
{
	for (size_t i = 0; i < q->count; i++) {
		if (i)
			buf_putc(out, '&');
		buf_url(out, q->params[i].name, strlen(q->params[i].name));
		buf_putc(out, '=');
		buf_url(out, q->params[i].value, strlen(q->params[i].value));
	}
}

const char *query_meta_name(struct arena *a, const char *param)
{
	char *name;

	if (strncmp(param, "meta_", 5) != 0 || !isalpha((unsigned char)param[5]))
		return NULL;
	for (const char *p = param + 5; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '-')
			return NULL;
	name = arena_strdup(a, param + 5);
	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return name;
}
