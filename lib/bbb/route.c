/* SPDX-License-Identifier: ISC */
/* From host and path to tenant, sub id and what is asked for (doc/contract, 3). */
#include "config.h"
#include "bbb/route.h"

#include <ctype.h>
#include <string.h>

bool route_parse_tenant(const char *text, size_t len, char slug[ROUTE_SLUG_MAX + 1], int *sub_id)
{
	size_t n = 0;

	*sub_id = 0;
	while (n < len && isalnum((unsigned char)text[n])) {
		if (n == ROUTE_SLUG_MAX)
			return false;
		slug[n] = (char)tolower((unsigned char)text[n]);
		n++;
	}
	slug[n] = '\0';
	if (n < 2 || !isalpha((unsigned char)slug[0]))
		return false;
	if (n == len)
		return true;
	if (text[n++] != '-' || n == len || len - n > 3)
		return false;
	for (; n < len; n++) {
		if (!isdigit((unsigned char)text[n]))
			return false;
		*sub_id = *sub_id * 10 + (text[n] - '0');
	}
	return true;
}

/* The rest of path behind prefix when the prefix ends there or at a slash, else NULL. */
static const char *path_below(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(path, prefix, len) != 0)
		return NULL;
	if (path[len] == '/')
		return path + len + 1;
	return path[len] ? NULL : path + len;
}

/* The API's own root, which says the version as its /api does: nothing but a slash may follow (doc/bbb-api, 1.0). */
static const char *root_below(const char *path, const char *prefix)
{
	const char *rest = path_below(path, prefix);

	return rest && !*rest ? rest : NULL;
}

static void route_below_tenant(const char *rest, struct route *route)
{
	size_t len = strcspn(rest, "/");
	const char *below, *call;

	if (!route_parse_tenant(rest, len, route->slug, &route->sub_id))
		route->bad_tenant = true;
	route->sub_given = memchr(rest, '-', len) != NULL;
	below = rest[len] ? rest + len + 1 : rest + len;
	call = path_below(below, "bbb/api");
	if (!call)
		call = root_below(below, "bbb");
	route->kind = call ? ROUTE_API : ROUTE_TENANT;
	route->rest = call ? call : below;
}

static void route_path(const char *path, struct route *route)
{
	static const struct {
		const char *prefix;
		enum route_kind kind;
	} kinds[] = {
		{"/bigbluebutton/api", ROUTE_API},
		{"/b3lb/r", ROUTE_RECORDING},
		{"/b3lb/b", ROUTE_BACKEND},
		{"/b3lb/admin", ROUTE_ADMIN},
		{"/b3lb", ROUTE_GLOBAL},
	};
	const char *rest = path_below(path, "/b3lb/t");

	if (rest) {
		route_below_tenant(rest, route);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		rest = path_below(path, kinds[i].prefix);
		if (rest) {
			route->kind = kinds[i].kind;
			route->rest = rest;
			return;
		}
	}
	rest = root_below(path, "/bigbluebutton");
	if (rest) {
		route->kind = ROUTE_API;
		route->rest = rest;
	}
}

void route_parse(const char *base, const char *host, const char *path, struct route *route)
{
	size_t host_len = strlen(host), base_len = strlen(base);
	bool path_named, on_tenant_host = false;
	char slug[ROUTE_SLUG_MAX + 1] = "";
	int sub_id = 0;

	*route = (struct route){.kind = ROUTE_NONE, .rest = ""};
	route_path(path, route);
	path_named = route->slug[0] || route->bad_tenant;
	if (host_len > base_len + 1 && host[host_len - base_len - 1] == '.' &&
		strcmp(host + host_len - base_len, base) == 0) {
		on_tenant_host = true;
		route->by_label = !path_named;
		if (!route_parse_tenant(host, host_len - base_len - 1, slug, &sub_id)) {
			/* A label that is no tenant name, or several labels. */
			if (!path_named)
				route->bad_tenant = true;
			on_tenant_host = false;
		}
	}
	if (!on_tenant_host)
		return;
	if (!path_named) {
		memcpy(route->slug, slug, sizeof(slug));
		route->sub_id = sub_id;
	} else if (strcmp(slug, route->slug) != 0) {
		route->bad_tenant = true;
	}
}
