/* SPDX-License-Identifier: ISC */
/* A tenant's branding in the database: logo, default slide, custom style sheet. */
#ifndef B3LB_CORE_ASSET_H
#define B3LB_CORE_ASSET_H

#include "db/db.h"

enum asset_kind { ASSET_SLIDE, ASSET_LOGO, ASSET_CSS, ASSET__MAX };
/* "slide", ... as in URLs, commands and the table. */
extern const char *const asset_names[ASSET__MAX];

/* SQL that gives the kinds of a tenant's assets as one text column for asset_listed; t is b3lb.tenant. */
#define ASSET_COLUMN "(select string_agg(b.kind, ',') from b3lb.asset b where b.tenant_id = t.id)"
/* True when the column names that kind. list may be NULL. */
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

/* The same by a tenant's slug, or by an additional host name of its own; ERR_NOT_FOUND also where they
 * disagree. */
int asset_read_of(struct db *db, struct arena *a, const char *slug, const char *host, enum asset_kind kind,
	struct asset *asset, struct err *err) b3lb_nonnull;

#endif
