/* SPDX-License-Identifier: ISC */
/* What a lower layer says when something failed: a kind for the program, a sentence for people. */
#include "config.h"
#include "base/err.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void drop_half_character(char *text)
{
	size_t len = strlen(text), start = len;
	unsigned cp;

	while (start && len - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start && (unsigned char)text[start - 1] >= 0xC0 && utf8_decode(text + start - 1, &cp) == 0)
		text[start - 1] = '\0';
}

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (err) {
		int len;

		err->kind = kind;
		va_start(ap, fmt);
		len = vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
		/* A character cut in half is no text to PostgreSQL, which keeps some of these. */
		if (len >= (int)sizeof(err->text))
			drop_half_character(err->text);
	}
	return -1;
}
