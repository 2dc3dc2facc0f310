/* SPDX-License-Identifier: ISC */
/* The secrets of tenants: made up, and listed. */
#ifndef B3LB_CORE_SECRET_H
#define B3LB_CORE_SECRET_H

#include "db/db.h"

/* tenant NULL: of all; show: with the secrets themselves. 0 and *out, which the caller frees; -1 with err: ERR_AWAY. */
int secret_list(struct db *db, const char *tenant, bool show, struct db_result **out, struct err *err);
/* What a link that tries a secret needs; the first of a pair, in the arena. 0, or -1 with err: ERR_NOT_FOUND. */
struct secret_use {
	const char *secret;
	bool recording; /* it and its tenant allow it */
	bool slide;	/* the tenant has one */
};
int secret_get(struct db *db, struct arena *a, const char *tenant, int sub_id, struct secret_use *use,
	struct err *err) b3lb_nonnull;
/* A new one at random: 48 letters and digits, in the arena. NULL with err. */
const char *secret_make(struct arena *arena, struct err *err) b3lb_nonnull;

#endif
