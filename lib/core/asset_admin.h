/* SPDX-License-Identifier: ISC */
/* Administration of a tenant's branding: what may be uploaded, and putting it into the database. */
#ifndef B3LB_CORE_ASSET_ADMIN_H
#define B3LB_CORE_ASSET_ADMIN_H

#include "core/asset.h"

/* Bytes that an asset of that kind may have. */
size_t asset_max(enum asset_kind kind);
/*
 * The media type that the bytes are served as, in the arena: found by libmagic, never by a name; given, when
 * it is one of the kind's own and the bytes do not speak against it (text for a text type). 0, or -1 with
 * ERR_INVALID saying what is allowed.
 */
int asset_type(struct arena *a, enum asset_kind kind, const unsigned char *data, size_t len,
	const char *given, const char **type, struct err *err);
/* Puts or replaces it; 0, or -1 with err: ERR_NOT_FOUND for the tenant. */
int asset_set(struct db *db, const char *tenant, enum asset_kind kind, const char *type, const char *name,
	const unsigned char *data, size_t len, struct err *err) b3lb_nonnull;
int asset_remove(struct db *db, const char *tenant, enum asset_kind kind, struct err *err) b3lb_nonnull;
/* tenant NULL: of all. The caller frees *out. */
int asset_list(struct db *db, const char *tenant, struct db_result **out, struct err *err);

#endif
