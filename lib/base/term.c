/* SPDX-License-Identifier: ISC */
/* Text of others on a terminal. */
#include "config.h"
#include "base/term.h"

#include "base/buf.h"

#include <stdbool.h>

/* Unicode 15, 2.13 and 23.2. */
static bool steers(unsigned cp)
{
	static const struct {
		unsigned from, to;
	} ranges[] = {{0, 0x1F}, {0x7F, 0x9F}, {0x61C, 0x61C}, {0x200E, 0x200F}, {0x2028, 0x202E},
		{0x2066, 0x2069}};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (cp >= ranges[i].from && cp <= ranges[i].to)
			return true;
	return false;
}

void term_print(FILE *f, const char *text)
{
	while (*text) {
		unsigned cp = 0;
		size_t len = utf8_decode(text, &cp);

		if (len && !steers(cp))
			fwrite(text, 1, len, f);
		else
			putc('?', f);
		text += len ? len : 1;
	}
}
