/* SPDX-License-Identifier: ISC */
/* A tenant's branding in the database (logo, default slide, custom style sheet): read, listed. */
#include "config.h"
#include "core/asset.h"

#include "base/hex.h"
#include "core/asset_cache.h"
#include "sql/statements.h"

#include <string.h>

const char *const asset_names[ASSET__MAX] = {"slide", "logo", "css"};

bool asset_listed(const char *list, enum asset_kind kind)
{
	size_t len = strlen(asset_names[kind]);

	for (const char *p = list; p && *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == len && strncmp(p, asset_names[kind], len) == 0)
			return true;
	return false;
}

/* The columns of {asset_columns}. Without data they are those that the asset has already. */
static int asset_copy(struct arena *a, const struct db_result *r, struct asset *asset, struct err *err)
{
	const char *hex = db_text(r, 0, ASSET_DATA);
	unsigned char *data;

	asset->type = arena_strdup(a, db_text(r, 0, ASSET_TYPE));
	asset->name = arena_strdup(a, db_text(r, 0, ASSET_NAME));
	asset->etag = arena_strdup(a, db_text(r, 0, ASSET_ETAG));
	asset->updated_at = db_int(r, 0, ASSET_UPDATED_AT);
	if (!hex)
		return 0;
	asset->len = strlen(hex) / 2;
	asset->data = data = arena_alloc(a, asset->len + 1);
	return hex_read(hex, asset->len, data) ? 0
					       : err_set(err, ERR_INTERNAL, "an asset's bytes are no hex");
}

int asset_read(struct db *db, struct arena *a, long long tenant_id, enum asset_kind kind, struct asset *asset,
	struct err *err)
{
	struct db_result *r = NULL;
	int rc;

	if (db_run_found(
		    db, &stmt_asset_read, DB_ARGS(tenant_id, asset_names[kind]), &r, "such asset", err) == -1)
		return -1;
	rc = asset_copy(a, r, asset, err);
	db_free(r);
	return rc;
}

int asset_read_of(struct db *db, struct arena *a, const char *slug, const char *host, enum asset_kind kind,
	struct asset *asset, struct err *err)
{
	struct db_result *r = NULL;
	const char *known;
	int rc;

	asset_cache_get(a, slug, kind, asset);
	known = asset->etag;
	if (db_run_found(db, &stmt_asset_read_of, DB_ARGS(slug, asset_names[kind], host, known), &r,
		    "such asset", err) == -1)
		return -1;
	rc = asset_copy(a, r, asset, err);
	if (rc == 0 && strcmp(known, asset->etag) != 0)
		asset_cache_put(slug, kind, asset);
	db_free(r);
	return rc;
}

int asset_list(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_asset_list, DB_ARGS(tenant), out, err);
}
