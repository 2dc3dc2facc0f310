/* SPDX-License-Identifier: ISC */
/* Who a request speaks for: a tenant and one of its secrets. */
#include "config.h"
#include "core/tenant.h"

#include <string.h>

void tenant_read(struct arena *a, const struct db_result *r, int row, int first, struct tenant *tenant)
{
	*tenant = (struct tenant){
		.id = db_int(r, row, first),
		.secret_id = db_int(r, row, first + 1),
		.slug = arena_strdup(a, db_text(r, row, first + 2)),
		.sub_id = (int)db_int(r, row, first + 3),
		.secrets = {arena_strdup(a, db_text(r, row, first + 4)),
			arena_strdup(a, db_text(r, row, first + 5))},
		.error_status = arena_strdup(a, db_text(r, row, first + 6)),
		.recording = db_bool(r, row, first + 7),
		.limited = db_bool(r, row, first + 8),
		.parameters = arena_strdup(a, db_text(r, row, first + 9)),
		.assets = arena_strdup(a, db_text(r, row, first + 10)),
		.version = db_int(r, row, first + 11),
	};
}

void tenant_args(struct db_args *args, const struct route *route, const char *host)
{
	/* A name that no tenant can have finds none, at the same cost as any other. */
	db_arg_text(args, route->bad_tenant && !route->by_label ? "" : route->slug[0] ? route->slug : NULL);
	db_arg_text(args, host);
	db_arg_int(args, route->sub_id);
	db_arg_bool(args, route->by_label);
}

bool tenant_wants_bbb_status(const struct conf *conf, const struct tenant *tenant)
{
	if (tenant->error_status)
		return strcmp(tenant->error_status, "bbb") == 0;
	return conf->error_status == CONF_ERROR_BBB;
}
