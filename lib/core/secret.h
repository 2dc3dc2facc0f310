/* SPDX-License-Identifier: ISC */
/* The secrets of tenants: made, rolled, limited, listed. */
#ifndef B3LB_CORE_SECRET_H
#define B3LB_CORE_SECRET_H

#include "db/db.h"

/* All but secret_make return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or is in use), ERR_INVALID,
 * ERR_AWAY. Lists are the caller's to free. Texts as given; NULL: the default on add, what is there on set. */
struct secret_settings {
	const char *description, *attendee_limit, *meeting_limit, *hold_days, *recording, *stats_token;
};
/* All of them or none: those of *sub_id and the count - 1 that follow it. On failure *sub_id is the one that
 * was refused. */
int secret_add(struct db *db, const char *tenant, int *sub_id, const char *const *secrets, int count,
	struct err *err) b3lb_nonnull;
int secret_set(struct db *db, const char *tenant, int sub_id, const struct secret_settings *s,
	struct err *err) b3lb_nonnull;
/* The new secret becomes the first, the old one stays valid as the second; secret NULL: the second one is
 * dropped. */
int secret_roll(struct db *db, const char *tenant, int sub_id, const char *secret, struct err *err);
int secret_remove(struct db *db, const char *tenant, int sub_id, struct err *err) b3lb_nonnull;
/* tenant NULL: of all; show: with the secrets themselves. */
int secret_list(struct db *db, const char *tenant, bool show, struct db_result **out, struct err *err);
/* What a link that tries a secret needs; the first of a pair, in the arena. */
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
