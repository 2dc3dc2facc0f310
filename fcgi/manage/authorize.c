/* SPDX-License-Identifier: ISC */
/* Who asks b3lb-manage, and whether he may: token or session, origin, role, tenant, condition. */
#include "config.h"
#include "manage.h"

#include "bbb/token.h"

#include <string.h>
#include <strings.h>

bool manage_is_bound(const struct manage_who *who)
{
	return who->tenants != NULL;
}

/* Slugs have letters, digits and no more: the array's text has them as they are, between commas. */
bool manage_sees(const struct manage_who *who, const char *tenant)
{
	size_t len = strlen(tenant);

	if (!manage_is_bound(who))
		return true;
	for (const char *p = who->slugs; *p; p += strspn(p, "{},\"")) {
		size_t n = strcspn(p, "{},\"");

		if (n && n == len && strncasecmp(p, tenant, len) == 0)
			return true;
		p += n;
	}
	return false;
}

/* Fills m->who; false when it was answered. */
static bool find_who(struct manage *m)
{
	const char *header = request_env(m->x.rq, "HTTP_AUTHORIZATION");

	if (header && strncasecmp(header, "Bearer ", 7) == 0 &&
		token_equal(header + 7, m->service->conf->admin_token))
		m->who = (struct manage_who){
			"token:admin_token", "admin", "token", (1u << MAY__MAX) - 1, NULL, NULL};
	return true;
}

/* Whether the page that sends a browser's request is ours (Fetch Metadata; else Origin, RFC 6454). */
static bool is_same_origin(const struct manage *m, bool changes)
{
	struct request *rq = m->x.rq;
	const char *site = request_env(rq, "HTTP_SEC_FETCH_SITE"), *origin = request_env(rq, "HTTP_ORIGIN");
	const char *host = request_env(rq, "HTTP_HOST");

	if (!changes)
		return !site || strcmp(site, "cross-site") != 0;
	if (site)
		return strcmp(site, "same-origin") == 0;
	return origin && host &&
	       strcasecmp(origin, arena_printf(&rq->arena, "%s://%s", rq->https ? "https" : "http", host)) ==
		       0;
}

/* Of rows for who is signed in. */
static bool may(struct manage *m, unsigned flags)
{
	const struct manage_route *route = m->x.endpoint->more;

	if (!m->who.name)
		manage_refuse(&m->x, 401, "sign in first");
	else if (!(flags & ROW_ANYONE) && !(m->who.permissions & 1u << route->permission))
		manage_refuse(&m->x, 403, "this role may not do that");
	else if (manage_is_bound(&m->who) &&
		 ((flags & ROW_GLOBAL) || ((flags & ROW_OF_TENANT) && !manage_sees(&m->who, m->x.values[0]))))
		manage_refuse(&m->x, 404, "there is nothing here");
	else if ((flags & ROW_CONDITIONAL) && !request_env(m->x.rq, "HTTP_IF_MATCH"))
		manage_refuse(&m->x, 428, "If-Match must say of what state");
	else
		return true;
	return false;
}

bool manage_authorize(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct request *rq = x->rq;
	bool changes = rq->method != METHOD_GET && rq->method != METHOD_HEAD;
	struct err err = {0};

	if (query_parse(&rq->arena, rq->query, strlen(rq->query), &m->query, &err) == -1) {
		manage_refuse(x, 400, err.text);
		return false;
	}
	query_clean(&rq->arena, &m->query);
	if (x->endpoint->flags & ROW_OPEN)
		return true;
	if (!find_who(m))
		return false;
	if (!(m->who.name && strcmp(m->who.via, "token") == 0) && !is_same_origin(m, changes)) {
		manage_refuse_as(m, 403, "cross-origin", "this must come from the console itself");
		return false;
	}
	return may(m, x->endpoint->flags);
}
