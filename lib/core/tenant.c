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
		.modules = arena_strdup(a, db_text(r, row, first + TENANT_MODULES)),
		.show_node = db_bool(r, row, first + TENANT_SHOW_NODE),
		.analytics = db_bool(r, row, first + TENANT_ANALYTICS),
		.lrs = arena_strdup(a, db_text(r, row, first + TENANT_LRS)),
		.lrs_force = db_bool(r, row, first + TENANT_LRS_FORCE),
		.assets = arena_strdup(a, db_text(r, row, first + TENANT_ASSETS)),
		.dial_number = arena_strdup(a, db_text(r, row, first + TENANT_DIAL_NUMBER)),
		.own_pins = db_bool(r, row, first + TENANT_OWN_PINS),
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

int tenant_list(struct db *db, const char *slug, struct db_result **out, struct err *err)
{
	return slug ? db_run_found(db, &stmt_tenant_show, DB_ARGS(slug), out, "such tenant", err)
		    : db_run(db, &stmt_tenant_list, NULL, out, err);
}

int tenant_ids(struct db *db, struct arena *a, const char *slug, const char **ids, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_tenant_ids, DB_ARGS(slug), &r, "such tenant", err) == -1)
		return -1;
	*ids = arena_strdup(a, db_text(r, 0, TENANT_IDS_IDS));
	db_free(r);
	return 0;
}
