/* SPDX-License-Identifier: ISC */
/* Entity tags in conditions (RFC 9110, 8.8.3). */
#include "config.h"
#include "http/etag.h"

#include <string.h>

#define BLANK " \t"

/* len bytes without quotes: ours, or ours as Apache's mod_deflate or mod_brotli made it another. */
static bool is_same(const char *tag, size_t len, const char *etag, bool weak)
{
	static const char *const suffixes[] = {"", "-gzip", "-br", "-deflate"};
	size_t own = strlen(etag) - 2;

	if (len < own || strncmp(tag, etag + 1, own) != 0)
		return false;
	for (size_t i = 0; i < (weak ? ARRAY_SIZE(suffixes) : 1); i++)
		if (strlen(suffixes[i]) == len - own && strncmp(tag + own, suffixes[i], len - own) == 0)
			return true;
	return false;
}

bool etag_listed(const char *list, const char *etag, bool weak)
{
	if (strcmp(list, "*") == 0)
		return true;
	for (const char *p = list + strspn(list, BLANK ","); *p; p += strspn(p, BLANK ",")) {
		bool is_weak = strncmp(p, "W/", 2) == 0;
		const char *end;

		p += is_weak ? 2 : 0;
		if (*p != '"' || !(end = strchr(p + 1, '"')))
			return false;
		if ((weak || !is_weak) && is_same(p + 1, (size_t)(end - p) - 1, etag, weak))
			return true;
		p = end + 1;
	}
	return false;
}
