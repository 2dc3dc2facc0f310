/* SPDX-License-Identifier: ISC */
/* A tenant's branding in the database: logo, default slide, custom style sheet. */
#include "config.h"
#include "core/asset.h"

#include "base/hex.h"

#include <string.h>

const char *const asset_names[ASSET__MAX] = {"slide", "logo", "css"};

#define COLUMNS                                                                                              \
	"b.type, b.name, b.etag, floor(extract(epoch from b.updated_at))::bigint, encode(b.data, 'hex')"

static const struct db_stmt stmt_read = {"asset_read",
	"select " COLUMNS " from b3lb.asset b where b.tenant_id = $1::int and b.kind = $2", true};

static const struct db_stmt stmt_read_of = {"asset_read_of",
	"select " COLUMNS " from b3lb.tenant t left join b3lb.tenant_alias a on a.host = $3 "
	"join b3lb.asset b on b.tenant_id = t.id and b.kind = $2 "
	"where t.slug = $1 and (a.tenant_id is null or a.tenant_id = t.id)",
	true};

bool asset_listed(const char *list, enum asset_kind kind)
{
	size_t len = strlen(asset_names[kind]);

	for (const char *p = list; p && *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == len && strncmp(p, asset_names[kind], len) == 0)
			return true;
	return false;
}

static int asset_copy(struct arena *a, const struct db_result *r, struct asset *asset, struct err *err)
{
	const char *hex = db_text(r, 0, 4);
	unsigned char *data;

	asset->type = arena_strdup(a, db_text(r, 0, 0));
	asset->name = arena_strdup(a, db_text(r, 0, 1));
	asset->etag = arena_strdup(a, db_text(r, 0, 2));
	asset->updated_at = db_int(r, 0, 3);
	asset->len = strlen(hex) / 2;
	asset->data = data = arena_alloc(a, asset->len + 1);
	return hex_read(hex, asset->len, data) ? 0
					       : err_set(err, ERR_INTERNAL, "an asset's bytes are no hex");
}

int asset_read(struct db *db, struct arena *a, long long tenant_id, enum asset_kind kind, struct asset *asset,
	struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rc;

	db_arg_int(&args, tenant_id);
	db_arg_text(&args, asset_names[kind]);
	if (db_run_found(db, &stmt_read, &args, &r, "such asset", err) == -1)
		return -1;
	rc = asset_copy(a, r, asset, err);
	db_free(r);
	return rc;
}

int asset_read_of(struct db *db, struct arena *a, const char *slug, const char *host, enum asset_kind kind,
	struct asset *asset, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rc;

	db_arg_text(&args, slug);
	db_arg_text(&args, asset_names[kind]);
	db_arg_text(&args, host);
	if (db_run_found(db, &stmt_read_of, &args, &r, "such asset", err) == -1)
		return -1;
	rc = asset_copy(a, r, asset, err);
	db_free(r);
	return rc;
}
