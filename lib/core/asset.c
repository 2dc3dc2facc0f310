/* SPDX-License-Identifier: ISC */
/* A tenant's branding in the database (logo, default slide, custom style sheet): read, checked and put there. */
#include "config.h"
#include "core/asset.h"

#include "base/hex.h"
#include "sql/statements.h"

#include <magic.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPES_MAX 12

const char *const asset_names[ASSET__MAX] = {"slide", "logo", "css"};

/* What browsers and BigBlueButton can show; a slide is a document or a picture. */
static const struct {
	size_t max;
	const char *types[TYPES_MAX];
} kinds[ASSET__MAX] = {
	[ASSET_SLIDE] = {30u << 20,
		{"application/pdf", "image/png", "image/jpeg", "image/gif", "image/svg+xml",
			"application/vnd.openxmlformats-officedocument.presentationml.presentation",
			"application/vnd.oasis.opendocument.presentation", "application/vnd.ms-powerpoint"}},
	[ASSET_LOGO] = {1u << 20, {"image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp"}},
	[ASSET_CSS] = {1u << 20, {"text/css"}},
};

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

int asset_read_of(struct db *db, struct arena *a, const char *slug, const char *host, enum asset_kind kind,
	struct asset *asset, struct err *err)
{
	struct db_result *r = NULL;
	int rc;

	if (db_run_found(db, &stmt_asset_read_of, DB_ARGS(slug, asset_names[kind], host), &r, "such asset",
		    err) == -1)
		return -1;
	rc = asset_copy(a, r, asset, err);
	db_free(r);
	return rc;
}

size_t asset_max(enum asset_kind kind)
{
	return kinds[kind].max;
}

static bool allowed(enum asset_kind kind, const char *type)
{
	for (int i = 0; i < TYPES_MAX && kinds[kind].types[i]; i++)
		if (strcmp(kinds[kind].types[i], type) == 0)
			return true;
	return false;
}

static int refuse(enum asset_kind kind, const char *type, struct err *err)
{
	struct buf list = BUF_INIT;

	for (int i = 0; i < TYPES_MAX && kinds[kind].types[i]; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", kinds[kind].types[i]);
	err_set(err, ERR_INVALID, "a %s cannot be %.80s; it must be one of %s", asset_names[kind], type,
		buf_str(&list));
	buf_free(&list);
	return -1;
}

int asset_type(struct arena *a, enum asset_kind kind, const unsigned char *data, size_t len,
	const char *given, const char **type, struct err *err)
{
	magic_t magic = magic_open(MAGIC_MIME_TYPE);
	const char *found = magic && magic_load(magic, NULL) == 0 ? magic_buffer(magic, data, len) : NULL;
	int rc = 0;

	if (!found) {
		rc = err_set(err, ERR_INTERNAL, "libmagic could not look at the file");
		goto out;
	}
	*type = arena_strdup(a, found);
	/* A style sheet is text to libmagic, often of some programming language. */
	if (kind == ASSET_CSS &&
		(strncmp(found, "text/", 5) == 0 || strcmp(found, "application/json") == 0) &&
		strcmp(found, "text/html") != 0)
		*type = "text/css";
	/* A document in a zip, or an old one, that this libmagic does not know closer. */
	if (given && allowed(kind, given) &&
		(strcmp(found, "application/zip") == 0 || strcmp(found, "application/octet-stream") == 0 ||
			strcmp(found, "application/CDFV2") == 0) &&
		strncmp(given, "application/vnd.", 16) == 0)
		*type = arena_strdup(a, given);
	if (!allowed(kind, *type))
		rc = refuse(kind, *type, err);
	else if (given && strcmp(given, *type) != 0)
		rc = err_set(err, ERR_INVALID, "--type is %.80s, but the file is %.80s", given, *type);
out:
	if (magic)
		magic_close(magic);
	return rc;
}

int asset_set(struct db *db, const char *tenant, enum asset_kind kind, const char *type, const char *name,
	const unsigned char *data, size_t len, struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char etag[33], *hex = mem_alloc(2 * len + 3);
	int rc;

	memcpy(hex, "\\x", 3);
	hex_write(data, len, hex + 2);
	if (!EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL))
		memset(digest, 0, sizeof(digest));
	hex_write(digest, sizeof(etag) / 2, etag);
	rc = db_run_found(db, &stmt_asset_set, DB_ARGS(tenant, asset_names[kind], type, name, hex, etag),
		NULL, "such tenant", err);
	free(hex);
	return rc;
}

int asset_remove(struct db *db, const char *tenant, enum asset_kind kind, struct err *err)
{
	return db_run_found(
		db, &stmt_asset_remove, DB_ARGS(tenant, asset_names[kind]), NULL, "such asset", err);
}

int asset_list(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_asset_list, DB_ARGS(tenant), out, err);
}
