/* SPDX-License-Identifier: ISC */
/* A tenant's branding in the database (logo, default slide, custom style sheet): read, listed. */
#include "config.h"
#include "core/asset.h"

#include "base/flight.h"
#include "base/hex.h"
#include "base/keep.h"
#include "sql/statements.h"

#include <stdlib.h>
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

/* The columns of {asset_columns}. */
static int asset_copy(struct arena *a, const struct db_result *r, struct asset *asset, struct err *err)
{
	const char *hex = db_text(r, 0, ASSET_DATA);
	unsigned char *data;

	asset->type = arena_strdup(a, db_text(r, 0, ASSET_TYPE));
	asset->name = arena_strdup(a, db_text(r, 0, ASSET_NAME));
	asset->etag = arena_strdup(a, db_text(r, 0, ASSET_ETAG));
	asset->updated_at = db_int(r, 0, ASSET_UPDATED_AT);
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

/* One that is kept, with the memory that it stands in. */
struct kept_asset {
	struct asset asset;
	struct arena arena;
};

static void free_asset(void *made)
{
	struct kept_asset *k = made;

	arena_free(&k->arena);
	free(k);
}

/* At most eight MiB in all. */
static struct keep keep = KEEP_INIT(8 << 20, free_asset);
static struct flights looks = FLIGHTS_INIT(free);

/* A number as text: what an asset is kept under. */
static void *look_at_version(const void *arg, struct err *err)
{
	struct db_result *r = NULL;
	struct db *db = *(struct db *const *)arg;
	char *version;

	if (db_run_found(db, &stmt_asset_version, NULL, &r, "schema", err) == -1)
		return NULL;
	version = mem_strdup(db_text(r, 0, ASSET_VERSION_VERSION));
	db_free(r);
	return version;
}

static const struct asset *read_and_keep(struct db *db, const char *key, const char *slug, const char *host,
	enum asset_kind kind, struct kept **kept, struct err *err)
{
	struct db_result *r = NULL;
	struct kept_asset *k;

	if (db_run_found(db, &stmt_asset_read_of, DB_ARGS(slug, asset_names[kind], host), &r, "such asset",
		    err) == -1)
		return NULL;
	k = mem_zalloc(sizeof(*k));
	if (asset_copy(&k->arena, r, &k->asset, err) == 0) {
		*kept = keep_put(&keep, key, db_text(r, 0, ASSET_READ_OF_VERSION), k, k->arena.total);
	} else {
		free_asset(k);
		k = NULL;
	}
	db_free(r);
	return k ? &k->asset : NULL;
}

const struct asset *asset_read_of(struct db *db, const char *slug, const char *host, enum asset_kind kind,
	struct kept **kept, struct err *err)
{
	const struct asset *asset = NULL;
	struct flight *flight = NULL;
	struct buf key = BUF_INIT;
	const char *version;

	*kept = NULL;
	buf_printf(&key, "%s %s %s", asset_names[kind], slug, host);
	version = flight_join(&looks, "", look_at_version, &db, &flight, err);
	if (version)
		asset = keep_get(&keep, buf_str(&key), version, kept);
	if (version && !asset)
		asset = read_and_keep(db, buf_str(&key), slug, host, kind, kept, err);
	flight_leave(&looks, flight);
	buf_free(&key);
	return asset;
}

void asset_leave(struct kept *kept)
{
	keep_leave(&keep, kept);
}

int asset_list(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_asset_list, DB_ARGS(tenant), out, err);
}
