/* SPDX-License-Identifier: ISC */
/* A growing byte buffer with a cap, and the escapes for each place a value can be written to. */
#include "config.h"
#include "base/buf.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

void buf_init_max(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->ptr)
		b->ptr[0] = '\0';
}

const char *buf_str(const struct buf *b)
{
	return b->ptr ? b->ptr : "";
}

/* Makes room for len more bytes and the NUL; false when the cap forbids it. */
static bool buf_room(struct buf *b, size_t len)
{
	if (b->failed)
		return false;
	if (len > SIZE_MAX / 2 - b->len || (b->max && len > b->max - b->len)) {
		b->failed = true;
		return false;
	}
	if (b->cap - b->len > len && b->cap)
		return true;
	size_t cap = b->cap ? b->cap : 256;

	while (cap - b->len <= len)
		cap *= 2;
	b->ptr = mem_realloc(b->ptr, cap);
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (!buf_room(b, len))
		return;
	if (len)
		memcpy(b->ptr + b->len, data, len);
	b->len += len;
	b->ptr[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	if (!buf_room(b, 1))
		return;
	b->ptr[b->len++] = c;
	b->ptr[b->len] = '\0';
}

const char *text_of_int(long long value, char room[TEXT_INT_SIZE])
{
	char *at = room + TEXT_INT_SIZE - 1;
	unsigned long long rest = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;

	*at = '\0';
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		*--at = '-';
	return at;
}

void buf_int(struct buf *b, long long value)
{
	char room[TEXT_INT_SIZE];

	buf_puts(b, text_of_int(value, room));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0 || !buf_room(b, (size_t)len))
		return;
	va_start(ap, fmt);
	vsnprintf(b->ptr + b->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

size_t utf8_decode(const char *s, unsigned *cp)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t len;
	unsigned min;

	if (p[0] < 0x80) {
		*cp = p[0];
		return p[0] ? 1 : 0;
	}
	if (p[0] >= 0xC2 && p[0] <= 0xDF) {
		len = 2, min = 0x80, *cp = p[0] & 0x1Fu;
	} else if ((p[0] & 0xF0) == 0xE0) {
		len = 3, min = 0x800, *cp = p[0] & 0x0Fu;
	} else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
		len = 4, min = 0x10000, *cp = p[0] & 0x07u;
	} else {
		return 0;
	}
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		*cp = *cp << 6 | (p[i] & 0x3Fu);
	}
	if (*cp < min || *cp > 0x10FFFF || (*cp >= 0xD800 && *cp <= 0xDFFF))
		return 0;
	return len;
}

bool utf8_valid(const char *s)
{
	size_t len = 1;
	unsigned cp;

	while (len && *s)
		s += len = utf8_decode(s, &cp);
	return !*s;
}

size_t utf8_prefix(const char *s, size_t max)
{
	size_t at = 0;
	unsigned cp;

	while (s[at]) {
		size_t len = utf8_decode(s + at, &cp);

		if (at + (len ? len : 1) > max)
			break;
		at += len ? len : 1;
	}
	return at;
}

size_t utf8_length(const char *s)
{
	size_t n = 0;
	unsigned cp;

	while (*s) {
		size_t len = utf8_decode(s, &cp);

		s += len ? len : 1;
		n++;
	}
	return n;
}

static bool xml_allows(unsigned cp)
{
	return cp >= 0x20 ? cp != 0xFFFE && cp != 0xFFFF : cp == '\t' || cp == '\n' || cp == '\r';
}

void buf_xml(struct buf *b, const char *s)
{
	const char *plain = s;

	while (*s) {
		const char *entity = NULL;
		unsigned cp;
		size_t len = utf8_decode(s, &cp);

		if (!len || !xml_allows(cp))
			entity = REPLACEMENT;
		else if (cp == '&')
			entity = "&amp;";
		else if (cp == '<')
			entity = "&lt;";
		else if (cp == '>')
			entity = "&gt;";
		else if (cp == '"')
			entity = "&quot;";
		else if (cp == '\'')
			entity = "&apos;";
		if (entity) {
			buf_add(b, plain, (size_t)(s - plain));
			buf_puts(b, entity);
			plain = s + (len ? len : 1);
		}
		s += len ? len : 1;
	}
	buf_add(b, plain, (size_t)(s - plain));
}

void buf_xml_chars(struct buf *b, const char *s, size_t len)
{
	const char *end = s + len, *plain = s;

	while (s < end) {
		unsigned cp;
		size_t n = utf8_decode(s, &cp);

		if (!n || !xml_allows(cp)) {
			buf_add(b, plain, (size_t)(s - plain));
			buf_puts(b, REPLACEMENT);
			plain = s + (n ? n : 1);
		}
		s += n ? n : 1;
	}
	buf_add(b, plain, (size_t)(end - plain));
}

void buf_url(struct buf *b, const char *s, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t plain = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
			c == '.' || c == '_' || c == '~')
			continue;

		char esc[3] = {'%', hex[c >> 4], hex[c & 15]};

		buf_add(b, s + plain, i - plain);
		buf_add(b, esc, 3);
		plain = i + 1;
	}
	buf_add(b, s + plain, len - plain);
}

void buf_json(struct buf *b, const char *s)
{
	while (*s) {
		unsigned cp;
		size_t len = utf8_decode(s, &cp);

		if (!len) {
			buf_puts(b, REPLACEMENT);
			s++;
			continue;
		}
		if (cp == '"' || cp == '\\') {
			buf_putc(b, '\\');
			buf_putc(b, (char)cp);
		} else if (cp < 0x20 || cp == 0x7F) {
			buf_printf(b, "\\u%04x", cp);
		} else {
			buf_add(b, s, len);
		}
		s += len;
	}
}

void buf_logvalue(struct buf *b, const char *s)
{
	bool plain = *s != '\0';

	for (const char *p = s; *p && plain; p++) {
		unsigned char c = (unsigned char)*p;

		plain = c > 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '=';
	}
	if (plain) {
		buf_puts(b, s);
		return;
	}
	buf_putc(b, '"');
	while (*s) {
		unsigned cp;
		size_t len = utf8_decode(s, &cp);

		/* C1 controls and line separators move a terminal's cursor or split a line for some readers.
		 */
		if (!len || cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029) {
			for (size_t i = 0; i < (len ? len : 1); i++)
				buf_printf(b, "\\x%02x", (unsigned char)s[i]);
		} else {
			if (cp == '"' || cp == '\\')
				buf_putc(b, '\\');
			buf_add(b, s, len);
		}
		s += len ? len : 1;
	}
	buf_putc(b, '"');
}

uint32_t text_hash(uint32_t before, const char *text)
{
	for (; *text; text++)
		before = (before ^ (unsigned char)*text) * 16777619u;
	return before;
}

char *text_lower(char *text)
{
	for (char *p = text; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return text;
}

char *text_upper(char *text)
{
	for (char *p = text; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return text;
}

bool text_is_number(const char *text, size_t max)
{
	size_t digits = strspn(text, "0123456789");

	return digits && digits <= max && !text[digits];
}
