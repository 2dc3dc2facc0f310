/* SPDX-License-Identifier: ISC */
/* What a client would like to get: Accept, -Encoding and -Language (RFC 9110, 12.4.2, 12.5.1, 12.5.3, 12.5.4). */
#include "config.h"
#include "http/accept.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* One element of such a header. */
struct item {
	const char *name;
	size_t len;
	int weight; /* in thousandths */
};

/* "0.8" is 800. A weight that cannot be read is 0: the element is as good as not there. */
static int weight(const char *s, size_t len)
{
	int value = 0, scale = 100;

	if (!len || (*s != '0' && *s != '1'))
		return 0;
	value = *s == '1' ? 1000 : 0;
	if (len > 1 && s[1] != '.')
		return 0;
	for (size_t i = 2; i < len; i++, scale /= 10) {
		if (s[i] < '0' || s[i] > '9' || scale == 0)
			return 0;
		value += (s[i] - '0') * scale;
	}
	return value > 1000 ? 1000 : value;
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

static size_t trimmed(const char *s, size_t len)
{
	while (len && strchr(" \t", s[len - 1]))
		len--;
	return len;
}

/* Reads one element and moves behind it; false at the end. Parameters but q are not looked at. */
static bool next_item(const char **at, struct item *item)
{
	const char *s = *at + strspn(*at, ", \t");

	if (!*s)
		return false;
	*item = (struct item){.name = s, .len = trimmed(s, strcspn(s, ",;")), .weight = 1000};
	s += strcspn(s, ",;");
	while (*s == ';') {
		size_t len;

		s = skip_blanks(s + 1);
		len = strcspn(s, ",;");
		if (strncasecmp(s, "q=", 2) == 0)
			item->weight = weight(s + 2, trimmed(s + 2, len - 2));
		s += len;
	}
	*at = s;
	return true;
}

bool accept_names_type(const char *header, const char *type)
{
	size_t len = strlen(type);
	struct item item;

	while (header && next_item(&header, &item))
		if (item.len == len && strncasecmp(item.name, type, len) == 0 && item.weight > 0)
			return true;
	return false;
}

int accept_language(const char *header, const char *const *languages, int count)
{
	int best = -1, best_weight = 0;
	struct item item;

	while (header && next_item(&header, &item)) {
		size_t len = item.len;
		const char *region = memchr(item.name, '-', len);

		if (region)
			len = (size_t)(region - item.name);
		for (int i = 0; i < count && item.weight > best_weight; i++) {
			if (strlen(languages[i]) == len && strncasecmp(item.name, languages[i], len) == 0) {
				best = i;
				best_weight = item.weight;
			}
		}
	}
	return best;
}
