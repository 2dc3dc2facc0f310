/* SPDX-License-Identifier: ISC */
/* A tenant: who a request speaks for, and the administration of tenants and their host names. */
#ifndef B3LB_CORE_TENANT_H
#define B3LB_CORE_TENANT_H

#include "core/asset.h"
#include "base/conf.h"
#include "db/db.h"
#include "core/rule.h"
#include "bbb/route.h"

/* Strings belong to the arena given when it was read. */
struct tenant {
	long long id, secret_id; /* 0: unknown */
	const char *slug;	 /* lower case */
	int sub_id;
	const char *secrets[2];	  /* both are valid (rollover); NULL: none */
	const char *error_status; /* its own setting, NULL: the configuration's */
	bool recording;		  /* tenant and secret allow it */
	bool limited;		  /* it or the secret has a limit of attendees */
	struct rule_set rules;	  /* on parameters of create and join */
	const char *assets;	  /* kinds of its branding, separated by commas; NULL: none */
	long long version;	  /* of all tenants, when it was read (b3lb.tenant_version) */
};

/* The columns of a tenant in a select list; t is b3lb.tenant, s its b3lb.secret. */
#define TENANT_COLUMNS                                                                                       \
	"t.id, s.id, t.slug, s.sub_id, s.secret, s.secret2, t.error_status, t.recording and s.recording, "   \
	"t.attendee_limit > 0 or s.attendee_limit > 0, " RULE_COLUMN ", " ASSET_COLUMN ", "                  \
	"(select v.version from b3lb.tenant_version v)"
#define TENANT_COLUMN_COUNT 12
/* Fills a tenant from those columns, starting at first; copies into the arena. */
void tenant_read(
	struct arena *a, const struct db_result *r, int row, int first, struct tenant *tenant) b3lb_nonnull;

/* The tenant t and the secret s that a request names: a tenant by slug, or by an additional host name of its
 * own. With both, they must not disagree; but a slug that is only the host's label gives way to that name,
 * with what looks like a sub id behind it. In the statement itself: a function would hide from the planner
 * what is one index lookup. */
#define TENANT_FROM                                                                                          \
	"b3lb.tenant t join b3lb.secret s on s.tenant_id = t.id and s.sub_id = "                             \
	"case when $4::boolean and t.slug is distinct from $1 then 0 else $3::int end"
#define TENANT_BY_HOST                                                                                       \
	"(select x.slug from b3lb.tenant_alias a "                                                           \
	"  join b3lb.tenant x on x.id = a.tenant_id where a.host = $2)"
#define TENANT_WHERE                                                                                         \
	"t.slug = case when $4::boolean then coalesce(" TENANT_BY_HOST ", $1) "                              \
	"  else coalesce($1, " TENANT_BY_HOST ") end "                                                       \
	"and not exists (select 1 from b3lb.tenant_alias a where a.host = $2 and a.tenant_id <> t.id)"
/* Adds their four parameters: slug, host, sub id, whether the slug is the host's. */
void tenant_args(struct db_args *args, const struct route *route, const char *host) b3lb_nonnull;

/* True when API errors of this tenant carry status 200 (contract, section 4: error_status). */
bool tenant_wants_bbb_status(const struct conf *conf, const struct tenant *tenant) b3lb_nonnull;

/*
 * All return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or is in use), ERR_INVALID,
 * ERR_AWAY. Lists are the caller's to free. Slugs in any case. Texts as given; NULL: the default on add, what
 * is there on set.
 */
struct tenant_settings {
	const char *slug, *group, *description, *attendee_limit, *meeting_limit, *hold_days;
	const char *recording;	  /* on, off */
	const char *error_status; /* http, bbb, or "default": the configuration's */
	const char *stats_token;  /* opens its statistics and metrics; NULL: one at random on add */
};
/* base: conf's api_base_domain; refused while one of its hosts below it is another tenant's alias. The slug
 * is one (route_parse_tenant). */
int tenant_add(
	struct db *db, const struct tenant_settings *s, const char *base, struct err *err) b3lb_nonnull;
int tenant_set(struct db *db, const struct tenant_settings *s, struct err *err) b3lb_nonnull;
/* Refused while meetings are mapped to it; takes its secrets and host names with it. */
int tenant_remove(struct db *db, const char *slug, struct err *err) b3lb_nonnull;
/* slug NULL: all, one row each; with a slug that one with everything, ERR_NOT_FOUND without it. */
int tenant_list(struct db *db, const char *slug, struct db_result **out, struct err *err);
int tenant_alias_add(struct db *db, const char *slug, const char *host, struct err *err) b3lb_nonnull;
int tenant_alias_remove(struct db *db, const char *slug, const char *host, struct err *err) b3lb_nonnull;

#endif
