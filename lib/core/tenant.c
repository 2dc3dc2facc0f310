/* SPDX-License-Identifier: ISC */
/* A tenant: who a request speaks for, and the administration of tenants and their host names. */
#include "config.h"
#include "core/tenant.h"

#include "sql/statements.h"

#include <string.h>

void tenant_read(struct arena *a, const struct db_result *r, int row, int first, struct tenant *tenant)
{
	*tenant = (struct tenant){
		.id = db_int(r, row, first + TENANT_ID),
		.secret_id = db_int(r, row, first + TENANT_SECRET_ID),
		.slug = arena_strdup(a, db_text(r, row, first + TENANT_SLUG)),
		.sub_id = (int)db_int(r, row, first + TENANT_SUB_ID),
		.secrets = {arena_strdup(a, db_text(r, row, first + TENANT_SECRET)),
			arena_strdup(a, db_text(r, row, first + TENANT_SECRET2))},
		.error_status = arena_strdup(a, db_text(r, row, first + TENANT_ERROR_STATUS)),
		.recording = db_bool(r, row, first + TENANT_RECORDING),
		.limited = db_bool(r, row, first + TENANT_LIMITED),
		.assets = arena_strdup(a, db_text(r, row, first + TENANT_ASSETS)),
		.version = db_int(r, row, first + TENANT_VERSION),
	};
	rule_read(a, db_text(r, row, first + TENANT_PARAMETERS), &tenant->rules);
}

const char *tenant_named_slug(const struct route *route)
{
	/* A name that no tenant can have finds none, at the same cost as any other. */
	if (route->bad_tenant && !route->by_label)
		return "";
	return route->slug[0] ? route->slug : NULL;
}

bool tenant_wants_bbb_status(const struct conf *conf, const struct tenant *tenant)
{
	if (tenant->error_status)
		return strcmp(tenant->error_status, "bbb") == 0;
	return conf->error_status == CONF_ERROR_BBB;
}

/* Parameters of tenant_set. */
#define SETTINGS(s)                                                                                          \
	DB_ARGS((s)->slug, (s)->group, (s)->description, (s)->attendee_limit, (s)->meeting_limit,            \
		(s)->hold_days, (s)->recording, (s)->error_status, (s)->stats_token, (s)->protected,         \
		(s)->hook_auth, (s)->hook_sha)

/* Whether the tenant, or that alias of it, would shut others out. */
static int check_aliases(struct db *db, const char *base, const char *slug, const char *host, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_tenant_alias_complaint, DB_ARGS(base, slug, host), &r, err);

	if (rc == 0 && db_text(r, 0, TENANT_ALIAS_COMPLAINT_COMPLAINT))
		rc = err_set(err, ERR_CONFLICT, "%s", db_text(r, 0, TENANT_ALIAS_COMPLAINT_COMPLAINT));
	db_free(r);
	return rc;
}

int tenant_add(struct db *db, const struct tenant_settings *s, const char *base, struct err *err)
{
	if (check_aliases(db, base, s->slug, NULL, err) == -1)
		return -1;
	return db_run_both(db, &stmt_tenant_add, DB_ARGS(s->slug, s->group), &stmt_tenant_set, SETTINGS(s),
		"such group", err);
}

int tenant_set(struct db *db, const struct tenant_settings *s, struct err *err)
{
	return db_run_found(db, &stmt_tenant_set, SETTINGS(s), NULL, "such tenant or group", err);
}

int tenant_remove(struct db *db, const char *slug, struct err *err)
{
	return db_run_found(db, &stmt_tenant_remove, DB_ARGS(slug), NULL, "such tenant", err);
}

int tenant_list(struct db *db, const char *slug, struct db_result **out, struct err *err)
{
	return slug ? db_run_found(db, &stmt_tenant_show, DB_ARGS(slug), out, "such tenant", err)
		    : db_run(db, &stmt_tenant_list, NULL, out, err);
}

int tenant_alias_add(struct db *db, const char *slug, const char *host, const char *base, struct err *err)
{
	if (check_aliases(db, base, slug, host, err) == -1)
		return -1;
	return db_run_found(db, &stmt_tenant_alias_add, DB_ARGS(slug, host), NULL, "such tenant", err);
}

int tenant_alias_remove(struct db *db, const char *slug, const char *host, struct err *err)
{
	return db_run_found(
		db, &stmt_tenant_alias_remove, DB_ARGS(slug, host), NULL, "such alias of that tenant", err);
}
