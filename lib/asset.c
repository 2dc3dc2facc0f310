/* SPDX-License-Identifier: ISC */
/* A tenant's branding in the database: logo, default slide, custom style sheet. */
#include "config.h"
#include "asset.h"

#include <string.h>

const char *const asset_names[ASSET__MAX] = {"slide", "logo", "css"};

static const struct db_stmt stmt_read = {"asset_read",
	"select type, name, etag, extract(epoch from updated_at)::bigint, encode(data, 'hex') "
	"from b3lb.asset where tenant_id = $1::int and kind = $2",
	true};

bool asset_listed(const char *list, enum asset_kind kind)
{
	size_t len = strlen(asset_names[kind]);

	for (const char *p = list; p && *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == len && strncmp(p, asset_names[kind], len) == 0)
			return true;
	return false;
}

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

int asset_read(struct db *db, struct arena *a, long long tenant_id, enum asset_kind kind, struct asset *asset,
	struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	const char *hex;
	unsigned char *data;

	db_arg_int(&args, tenant_id);
	db_arg_text(&args, asset_names[kind]);
	if (db_run_found(db, &stmt_read, &args, &r, "such asset", err) == -1)
		return -1;
	hex = db_text(r, 0, 4);
	asset->type = arena_strdup(a, db_text(r, 0, 0));
	asset->name = arena_strdup(a, db_text(r, 0, 1));
	asset->etag = arena_strdup(a, db_text(r, 0, 2));
	asset->updated_at = db_int(r, 0, 3);
	asset->len = strlen(hex) / 2;
	asset->data = data = arena_alloc(a, asset->len + 1);
	for (size_t i = 0; i < asset->len; i++)
		data[i] = (unsigned char)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
	db_free(r);
	return 0;
}
