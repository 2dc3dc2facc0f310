/* SPDX-License-Identifier: ISC */
/* A growing byte buffer with a cap, and the escapes for each place a value can be written to. */
#ifndef B3LB_BASE_BUF_H
#define B3LB_BASE_BUF_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

/* Start with BUF_INIT (no cap) or buf_init_max. ptr is NUL-terminated once something was added. */
struct buf {
	char *ptr;
	size_t len, cap;
	size_t max;  /* 0: no cap */
	bool failed; /* something did not fit under max; all later additions are dropped */
};

#define BUF_INIT                                                                                             \
	{                                                                                                    \
		.ptr = 0                                                                                     \
	}

/* Sets up an empty buffer that refuses to grow over max bytes. */
void buf_init_max(struct buf *b, size_t max) b3lb_nonnull;
/* Frees the memory; the buffer is empty and usable again with the same cap. */
void buf_free(struct buf *b) b3lb_nonnull;
/* Forgets the content and keeps the memory. */
void buf_clear(struct buf *b) b3lb_nonnull;
/* The content as a string, "" when nothing was added yet. Owned by the buffer, valid until the next change.
 */
const char *buf_str(const struct buf *b) b3lb_nonnull;

/* Additions. Each does nothing once b->failed is set: check that once at the end. */
void buf_add(struct buf *b, const void *data, size_t len);
void buf_puts(struct buf *b, const char *s) b3lb_nonnull;
void buf_putc(struct buf *b, char c) b3lb_nonnull;
/* In decimal; where each request does it: printf takes ten times as long. The text stands somewhere in room. */
#define TEXT_INT_SIZE 24
const char *text_of_int(long long value, char room[TEXT_INT_SIZE]) b3lb_nonnull;
void buf_int(struct buf *b, long long value) b3lb_nonnull;
void buf_printf(struct buf *b, const char *fmt, ...) b3lb_printf(2, 3);

/* XML text or attribute value: & < > " ' escaped, what XML 1.0 cannot hold replaced by U+FFFD (XML 1.0, 2.2).
 */
void buf_xml(struct buf *b, const char *s) b3lb_nonnull;
/* The same replacement without the escapes, for text that is a document or goes into one unescaped; NULs too.
 * s must be NUL-terminated behind its len bytes. */
void buf_xml_chars(struct buf *b, const char *s, size_t len) b3lb_nonnull;
/* Percent-encoding of everything but RFC 3986 unreserved, upper-case hex. */
void buf_url(struct buf *b, const char *s, size_t len) b3lb_nonnull;
/* The inside of a JSON string, without the quotes (RFC 8259, 7); invalid UTF-8 becomes U+FFFD. */
void buf_json(struct buf *b, const char *s) b3lb_nonnull;
/* A log value: bare when it is plain, else in double quotes with \xNN for what a terminal or a parser trips
 * over. */
void buf_logvalue(struct buf *b, const char *s) b3lb_nonnull;

/*
 * Length in bytes of the valid UTF-8 sequence that starts at s (no overlong forms, no surrogates, RFC 3629),
 * and its code point in *cp; 0 when there is none. The string must be NUL-terminated.
 */
size_t utf8_decode(const char *s, unsigned *cp) b3lb_nonnull;
/* Whether all of a string is such sequences. */
bool utf8_valid(const char *s) b3lb_nonnull;
/* Bytes of the longest beginning of a string that has at most max bytes and ends between characters. */
size_t utf8_prefix(const char *s, size_t max) b3lb_nonnull;
/* Number of characters of a string; a byte that is not UTF-8 counts as one. */
size_t utf8_length(const char *s) b3lb_nonnull;

/* FNV-1a of a text behind what was hashed before; TEXT_HASH: nothing was. For tables in memory, not against who chooses the texts. */
#define TEXT_HASH 2166136261u
uint32_t text_hash(uint32_t before, const char *text) b3lb_nonnull;
/* Change ASCII letters in place, and return the text. */
char *text_lower(char *text) b3lb_nonnull;
char *text_upper(char *text) b3lb_nonnull;
/* True for 1 to max decimal digits, and nothing else. */
bool text_is_number(const char *text, size_t max) b3lb_nonnull;

#endif
