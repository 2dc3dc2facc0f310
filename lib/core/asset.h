/* SPDX-License-Identifier: ISC */
/* A tenant's branding in the database (logo, default slide, custom style sheet): read, and what may become one. */
#ifndef B3LB_CORE_ASSET_H
#define B3LB_CORE_ASSET_H

#include "db/db.h"

enum asset_kind { ASSET_SLIDE, ASSET_LOGO, ASSET_CSS, ASSET__MAX };
/* "slide", ... as in URLs, commands and the table. */
extern const char *const asset_names[ASSET__MAX];

/* True when a list ({assets_of_tenant} of sql/statements/asset.sql; NULL: none) names that kind. */
bool asset_listed(const char *list, enum asset_kind kind);

/* An asset's file. Memory is the arena's. */
struct asset {
	const char *type, *name, *etag;
	const unsigned char *data;
	size_t len;
	long long updated_at; /* seconds since 1970 */
};
/* Reads one; 0, or -1 with err: ERR_NOT_FOUND, or db_run's. Any thread. */
int asset_read(struct db *db, struct arena *a, long long tenant_id, enum asset_kind kind, struct asset *asset,
	struct err *err) b3lb_nonnull;

/*
 * The same by a tenant's slug, or by an additional host name of its own; ERR_NOT_FOUND also where they disagree. It may be one
 * that this process keeps, when one look at the database says that it is still so; threads that ask together share the look.
 * NULL with err. What is returned is there until asset_leave(*kept), once, also after an error. Any thread.
 */
struct kept;
const struct asset *asset_read_of(struct db *db, const char *slug, const char *host, enum asset_kind kind,
	struct kept **kept, struct err *err) b3lb_nonnull;
void asset_leave(struct kept *kept);

/* Bytes that an asset of that kind may have. */
size_t asset_max(enum asset_kind kind);
/*
 * The media type that the bytes are served as, in the arena: found by libmagic, never by a name; given, when
 * it is one of the kind's own and the bytes do not speak against it (text for a text type). 0, or -1 with
 * ERR_INVALID saying what is allowed.
 */
int asset_type(struct arena *a, enum asset_kind kind, const unsigned char *data, size_t len,
	const char *given, const char **type, struct err *err);
/* The bytes as the state has them: base64 (RFC 4648, 4), in the arena. */
const char *asset_base64(struct arena *a, const unsigned char *data, size_t len) b3lb_nonnull;
/* tenant NULL: of all. The caller frees *out. */
int asset_list(struct db *db, const char *tenant, struct db_result **out, struct err *err);

#endif
