/* SPDX-License-Identifier: ISC */
/* Learning analytics of meetings that have ended: told to their clients, and kept for as many days as a tenant wants. */
#ifndef B3LB_CORE_ANALYTICS_H
#define B3LB_CORE_ANALYTICS_H

#include "db/db.h"

/* All return 0, or -1 with err. Any thread. */

/* Takes a node's JSON of the session of that nonce, as the client may see it: into the outbox where the client has a URL for it,
 * and into what is kept. *dropped: its tenant would keep it, but it has more than a MiB, or there are too many of that session. */
int analytics_take(
	struct db *db, const char *nonce, const char *json, bool *dropped, struct err *err) b3lb_nonnull;
/* What is kept of a meeting: by its internal id, ours, or, the newest, its client's. tenants: only theirs (array of ids; NULL: of all).
 * One row in *out (ANALYTICS_READ_ of sql/statements.h), which the caller frees; ERR_NOT_FOUND: nothing. */
int analytics_read(struct db *db, const char *tenants, const char *id, struct db_result **out,
	struct err *err) __attribute__((nonnull(1, 3, 4, 5)));
/* The people in it, a row each; *out is the caller's to free. */
int analytics_people(struct db *db, const char *id, struct db_result **out, struct err *err) b3lb_nonnull;
/* Takes away what is kept no longer. */
int analytics_prune(struct db *db, struct err *err) b3lb_nonnull;

#endif
