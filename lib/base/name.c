/* SPDX-License-Identifier: ISC */
/* The rules of names: what a tenant, a node, a host and the like may be called, each once, with its sentence. */
#include "config.h"
#include "base/name.h"

#include "base/url.h"

#include <regex.h>
#include <string.h>
#include <strings.h>

#define LABEL  "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#define HOST   LABEL "(\\." LABEL ")*"
#define TAG    "[A-Za-z0-9][A-Za-z0-9_.-]*"
#define NUMBER "\\+?[0-9]([ -]?[0-9]){1,31}"
#define SITE   "('self'|(https?://)?(\\*\\.)?" HOST "(:([0-9]{1,5}|\\*))?)"

static const struct {
	const char *rule; /* extended regular expression; NULL: a URL */
	size_t max;	  /* bytes */
	const char *says;
} rules[] = {
	[NAME_OBJECT] = {"^[A-Za-z0-9][A-Za-z0-9_.-]*$", 64,
		"must be a letter or digit, then letters, digits, underscores, dots or hyphens, at most 64"},
	[NAME_NODE] = {"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", 63,
		"must be letters, digits, dots and hyphens, at most 63, first and last a letter or digit"},
	[NAME_TENANT] = {"^[A-Za-z][A-Za-z0-9]+$", 32, "must be a letter, then letters or digits, 2 to 32"},
	[NAME_HOST] = {"^" HOST "$", 253, "must be a host name without a port"},
	[NAME_NODE_DOMAIN] = {"^(" HOST "|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$", 253,
		"must be a host name, where a port may follow"},
	[NAME_TAG] = {"^" TAG "$", 32,
		"must be a letter or digit, then letters, digits, underscores, dots or hyphens, at most 32, and not none"},
	[NAME_ASKED_TAG] = {"^(\\*|" TAG ")$", 68,
		"must be a tag that nodes have, node- and a node's name, or *"},
	[NAME_FORMAT] = {"^[A-Za-z0-9][A-Za-z0-9_-]*$", 32,
		"must be a letter or digit, then letters, digits, underscores or hyphens, at most 32"},
	[NAME_META] = {"^[A-Za-z][A-Za-z0-9-]*$", 64,
		"must be a meta key of BigBlueButton: a letter, then letters, digits or hyphens, at most 64"},
	[NAME_PATH] = {"^[A-Za-z0-9._~/-]+$", 255,
		"must be a path of letters, digits and the characters . _ ~ / -"},
	[NAME_DIRECTORY] = {"^/", 4096, "must be a whole path, from / on"},
	[NAME_REGION] = {"^[A-Za-z0-9_.-]+$", 64,
		"must be letters, digits, underscores, dots or hyphens, at most 64"},
	[NAME_BUCKET] = {"^[A-Za-z0-9_.:-]+$", 255,
		"must be letters, digits, underscores, dots, colons or hyphens, at most 255"},
	[NAME_ZONE] = {"^[A-Za-z][A-Za-z0-9_+/-]*$", 64,
		"must be the name of a time zone: a letter, then letters, digits and the characters _ + / -, at most 64"},
	[NAME_DIAL_NUMBERS] = {"^" NUMBER "(, ?" NUMBER ")*$", 512,
		"must be telephone numbers such as +49 30 123-45, separated by commas: digits, blanks and hyphens between them"},
	[NAME_URL] = {NULL, 4096, "must be an http or https URL without a query"},
	[NAME_NODE_URL] = {NULL, 4096,
		"must be an http or https URL without a query, and with nothing behind /api"},
	[NAME_NODE_BASE] = {NULL, 4096,
		"must be an http or https URL without a query, with {slug} for the node's name, and with nothing behind /api"},
	[NAME_ANY_URL] = {NULL, 65536, "must be an http or https URL"},
	[NAME_HOOK_URL] = {NULL, 2048,
		"must be an http or https URL of 2048 bytes at most, without a user and blanks"},
	[NAME_EVENT] = {"^[^,]+$", 2048, "must be the name of an event"},
	[NAME_FRAMES] = {"^(\\*|'none'|" SITE "( +" SITE ")*)$", 2048,
		"must be *, 'none', or 'self' and sites like https://lms.example.org and *.example.org, with blanks between"},
	[NAME_MODULES] = {"^(\\*|[A-Za-z0-9_.-]+(, *[A-Za-z0-9_.-]+)*)$", 1024,
		"must be names of modules, of letters, digits and the characters . _ -, with commas between, or * for all"},
};
_Static_assert(ARRAY_SIZE(rules) == NAME__MAX, "a rule for each kind");

/* Whether only slashes stand behind each part "api" of the path. */
static bool ends_at_api(const char *url)
{
	for (const char *api = strstr(url, "/api/"); api; api = strstr(api + 1, "/api/"))
		if (api[4 + strspn(api + 4, "/")])
			return false;
	return true;
}

/* Any name of a node in its place makes a URL, or none does. */
static bool base_fits(const char *text)
{
	static const char place[] = "{slug}";
	struct arena a = {0};
	const char *url = "", *at;
	bool fits = strstr(text, place) != NULL;

	for (; (at = strstr(text, place)); text = at + strlen(place))
		url = arena_printf(&a, "%s%.*sslug", url, (int)(at - text), text);
	fits = fits && name_fits(NAME_NODE_URL, arena_printf(&a, "%s%s", url, text));
	arena_free(&a);
	return fits;
}

bool name_fits(enum name_kind kind, const char *text)
{
	regex_t re;
	bool fits;

	if (strlen(text) > rules[kind].max || (kind == NAME_TAG && strcasecmp(text, "none") == 0))
		return false;
	if (kind == NAME_NODE_BASE)
		return base_fits(text);
	if (!rules[kind].rule)
		return url_valid(text, kind == NAME_ANY_URL || kind == NAME_HOOK_URL) &&
		       (kind != NAME_NODE_URL || ends_at_api(text));
	if (regcomp(&re, rules[kind].rule, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	fits = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return fits;
}

const char *name_rule(enum name_kind kind)
{
	return rules[kind].says;
}
