/* SPDX-License-Identifier: ISC */
/* Text files of unknown encoding, as subtitles come. */
#include "config.h"
#include "bbb/subtitle.h"

#include <stdint.h>
#include <string.h>

#define REPLACEMENT 0xFFFD

/* 0x80 to 0x9F of Windows-1252 (Unicode's table CP1252.TXT); 0: not used. */
static const uint16_t windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6,
	0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
	0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

struct writer {
	struct buf *out;
	bool after_cr;
};

static void put_bytes(struct buf *b, unsigned cp)
{
	if (cp < 0x80) {
		buf_putc(b, (char)cp);
	} else if (cp < 0x800) {
		buf_putc(b, (char)(0xC0 | cp >> 6));
		buf_putc(b, (char)(0x80 | (cp & 0x3F)));
	} else if (cp < 0x10000) {
		buf_putc(b, (char)(0xE0 | cp >> 12));
		buf_putc(b, (char)(0x80 | (cp >> 6 & 0x3F)));
		buf_putc(b, (char)(0x80 | (cp & 0x3F)));
	} else {
		buf_putc(b, (char)(0xF0 | cp >> 18));
		buf_putc(b, (char)(0x80 | (cp >> 12 & 0x3F)));
		buf_putc(b, (char)(0x80 | (cp >> 6 & 0x3F)));
		buf_putc(b, (char)(0x80 | (cp & 0x3F)));
	}
}

/* CR, LF and CR LF are one line feed each. */
static void put(struct writer *w, unsigned cp)
{
	if (cp != '\n' || !w->after_cr)
		put_bytes(w->out, cp == '\r' ? '\n' : cp ? cp : REPLACEMENT);
	w->after_cr = cp == '\r';
}

static unsigned unit_at(const unsigned char *s, bool big)
{
	return big ? (unsigned)(s[0] << 8 | s[1]) : (unsigned)(s[1] << 8 | s[0]);
}

/* RFC 2781; half a pair and half a unit become U+FFFD. */
static void decode_utf16(const unsigned char *s, size_t len, bool big, struct writer *w)
{
	size_t i = 0;

	while (i + 1 < len) {
		unsigned cp = unit_at(s + i, big), low = i + 3 < len ? unit_at(s + i + 2, big) : 0;

		i += 2;
		if (cp >= 0xD800 && cp < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
			cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
			i += 2;
		} else if (cp >= 0xD800 && cp < 0xE000) {
			cp = REPLACEMENT;
		}
		put(w, cp);
	}
	if (i < len)
		put(w, REPLACEMENT);
}

/* s ends with a NUL behind its len bytes. */
static bool is_utf8(const char *s, size_t len)
{
	unsigned cp;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = s[i] ? utf8_decode(s + i, &cp) : 1;
		if (n == 0)
			return false;
	}
	return true;
}

static void decode_bytes(const char *s, size_t len, bool utf8, struct writer *w)
{
	size_t n = 1;

	for (size_t i = 0; i < len; i += n) {
		unsigned cp = (unsigned char)s[i];

		if (utf8)
			n = cp ? utf8_decode(s + i, &cp) : 1;
		else if (cp >= 0x80 && cp < 0xA0)
			cp = windows_1252[cp - 0x80];
		put(w, cp);
	}
}

void subtitle_decode(const char *data, size_t len, struct buf *out)
{
	const unsigned char *s = (const unsigned char *)data;
	struct writer w = {.out = out};
	struct buf text = BUF_INIT;

	if (len >= 2 && ((s[0] == 0xFF && s[1] == 0xFE) || (s[0] == 0xFE && s[1] == 0xFF))) {
		decode_utf16(s + 2, len - 2, s[0] == 0xFE, &w);
		return;
	}
	if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
		data += 3;
		len -= 3;
	}
	/* Copied, for the NUL behind it. */
	buf_add(&text, data, len);
	decode_bytes(buf_str(&text), len, is_utf8(buf_str(&text), len), &w);
	buf_free(&text);
}
