/* SPDX-License-Identifier: ISC */
/* Who asks b3lb-manage, and whether he may: token or session, origin, role, tenant, condition. */
#include "config.h"
#include "manage.h"

#include "core/account.h"

#include <string.h>
#include <strings.h>

#define ALL(last) ((1u << ((last) + 1)) - 1)

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
	for (const char *p = who->slugs; *p;) {
		size_t n = strcspn(p, "{},\"");

		if (n && n == len && strncasecmp(p, tenant, len) == 0)
			return true;
		p += n;
		p += strspn(p, "{},\"");
	}
	return false;
}

/* What a role may, of everything and of one's own tenants. */
static unsigned permissions_of(const char *role, bool bound)
{
	static const struct {
		const char *role;
		unsigned global, own;
	} roles[] = {
		{"viewer", ALL(MAY_READ), ALL(MAY_READ)},
		{"operator", ALL(MAY_OPERATE), ALL(MAY_OPERATE)},
		{"admin", ALL(MAY_ACCESS), ALL(MAY_SECRETS)},
	};

	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (strcmp(roles[i].role, role) == 0)
			return bound ? roles[i].own : roles[i].global;
	return 0;
}

const char *manage_cookie(struct manage *m)
{
	const char *header = request_env(m->x.rq, "HTTP_COOKIE");
	size_t len = strlen(MANAGE_COOKIE "=");

	for (const char *p = header; p && *p; p += strspn(p, "; ")) {
		size_t n = strcspn(p, ";");

		if (n == len + CREDENTIAL_LEN && strncmp(p, MANAGE_COOKIE "=", len) == 0)
			return arena_strndup(&m->x.rq->arena, p + len, CREDENTIAL_LEN);
		p += n;
	}
	return NULL;
}

struct login_limits manage_limits(const struct manage *m)
{
	return (struct login_limits){
		m->service->conf->admin_session_idle, m->service->conf->admin_session_max};
}

/* Whom the web server has let in, where the configuration believes it: REMOTE_USER is its own, a client's headers are HTTP_*. */
static const char *remote_user(const struct manage *m)
{
	const char *user = request_env(m->x.rq, "REMOTE_USER");
	char *name;

	if (!m->service->conf->admin_remote_user || !user || !*user)
		return NULL;
	name = arena_strdup(&m->x.rq->arena, user);
	for (char *p = name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return name;
}

/* A token that is given counts alone, be it a wrong one; the others come with a browser. */
static int look_up(struct manage *m, struct login_who *who, const char **via, struct err *err)
{
	struct request *rq = m->x.rq;
	const char *header = request_env(rq, "HTTP_AUTHORIZATION"), *cookie = manage_cookie(m);
	const char *user = remote_user(m);
	const struct login_limits limits = manage_limits(m);
	int rc = err_set(err, ERR_NOT_FOUND, "nobody");

	if (header && strncasecmp(header, "Bearer ", 7) == 0) {
		*via = "token";
		if (strlen(header + 7) == TOKEN_TEXT_LEN &&
			strncmp(header + 7, TOKEN_PREFIX, strlen(TOKEN_PREFIX)) == 0)
			rc = login_token(m->service->db, &rq->arena, header + 7, who, err);
		return rc;
	}
	if (cookie) {
		*via = "password";
		rc = login_find(m->service->db, &rq->arena, cookie, &limits, who, err);
	}
	if (rc == -1 && err->kind == ERR_NOT_FOUND && user) {
		*via = "remote_user";
		rc = login_remote(m->service->db, &rq->arena, user, who, err);
	}
	return rc;
}

/* Fills m->who; false when it was answered. */
static bool find_who(struct manage *m)
{
	struct login_who who = {0};
	struct err err = {0};
	const char *via = NULL;

	if (look_up(m, &who, &via, &err) == -1) {
		if (err.kind != ERR_NOT_FOUND)
			manage_fail(m, &err);
		return err.kind == ERR_NOT_FOUND;
	}
	m->who = (struct manage_who){
		.name = strcmp(via, "token") == 0 ? arena_printf(&m->x.rq->arena, "token:%s", who.name)
						  : who.name,
		.role = who.role,
		.via = via,
		.permissions = permissions_of(who.role, who.tenants != NULL),
		.tenants = who.tenants,
		.slugs = who.slugs,
		.expires_at = who.expires_at,
		.expires_in = who.expires_in,
	};
	return true;
}

/* The Host as the browser has it: through a trusted proxy the one that it says. */
static const char *whole_host(const struct request *rq)
{
	const char *host = request_env(rq, "HTTP_HOST"),
		   *forwarded = request_env(rq, "HTTP_X_FORWARDED_HOST");
	size_t len = strlen(rq->host);

	if (host && strncasecmp(host, rq->host, len) == 0 && (!host[len] || host[len] == ':'))
		return host;
	return forwarded ? forwarded : host;
}

/* Whether the page that sends a browser's request is ours: Fetch Metadata; else Origin (RFC 6454). */
static bool is_same_origin(const struct request *rq, bool changes)
{
	const char *site = request_env(rq, "HTTP_SEC_FETCH_SITE"), *origin = request_env(rq, "HTTP_ORIGIN");
	const char *scheme = rq->https ? "https://" : "http://", *host = whole_host(rq);

	if (!changes)
		return !site || strcmp(site, "cross-site") != 0;
	if (site)
		return strcmp(site, "same-origin") == 0;
	return origin && host && strncasecmp(origin, scheme, strlen(scheme)) == 0 &&
	       strcasecmp(origin + strlen(scheme), host) == 0;
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
	else if (manage_is_bound(&m->who) && (flags & ROW_UNBOUND))
		manage_refuse(&m->x, 403, "who is bound to tenants may not make or remove it");
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
	unsigned flags = x->endpoint->flags;
	struct err err = {0};

	if (flags & ROW_FILE)
		return true;
	if (query_parse(&rq->arena, rq->query, strlen(rq->query), &m->query, &err) == -1) {
		manage_refuse(x, 400, err.text);
		return false;
	}
	query_clean(&rq->arena, &m->query);
	if (flags & ROW_OPEN)
		return true;
	if (!(flags & ROW_SIGNS_IN) && !find_who(m))
		return false;
	if (!(m->who.via && strcmp(m->who.via, "token") == 0) && !is_same_origin(rq, changes)) {
		manage_refuse_as(m, 403, "cross-origin", "this must come from the console itself");
		return false;
	}
	return (flags & ROW_SIGNS_IN) || may(m, flags);
}

struct actor manage_actor(const struct manage *m)
{
	return (struct actor){
		.name = m->who.name ? m->who.name : "nobody",
		.via = m->who.via && strcmp(m->who.via, "token") == 0 ? "api" : "console",
		.remote_addr = m->x.rq->remote_addr,
		.request_id = m->x.rq->id,
	};
}
