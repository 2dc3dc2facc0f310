/* SPDX-License-Identifier: ISC */
/* The session cookie that a node sets, and what of it may be set in our name. */
#include "config.h"
#include "bbb/cookie.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define SESSION "JSESSIONID="

/* The attribute that starts at s, blanks in front and all, is Domain (RFC 6265, 5.2: in any case). */
static bool is_domain(const char *s, size_t len)
{
	static const char name[] = "domain";
	size_t blanks = strspn(s, " \t"), end;

	if (blanks >= len)
		return false;
	s += blanks;
	end = strcspn(s, "=;");
	while (end && (s[end - 1] == ' ' || s[end - 1] == '\t'))
		end--;
	return end == strlen(name) && strncasecmp(s, name, end) == 0;
}

const char *cookie_of_session(struct arena *a, const char *set_cookie)
{
	char *copy, *to;
	const char *from;

	if (strncmp(set_cookie, SESSION, strlen(SESSION)) != 0)
		return NULL;
	copy = arena_strdup(a, set_cookie);
	from = set_cookie + strcspn(set_cookie, ";");
	to = copy + (from - set_cookie);
	while (*from) {
		size_t len = strcspn(from + 1, ";");

		if (!is_domain(from + 1, len)) {
			memcpy(to, from, len + 1);
			to += len + 1;
		}
		from += len + 1;
	}
	*to = '\0';
	return copy;
}
