/* SPDX-License-Identifier: ISC */
/* Recordings that are to be deleted, and stored files that nothing refers to. */
#ifndef B3LB_CORE_RECORDING_CLEANUP_H
#define B3LB_CORE_RECORDING_CLEANUP_H

#include "db/db.h"

/* All return -1 with db_run's err. Any thread. */

/* A set to delete. Strings are the arena's. */
struct doomed_set {
	long long id;
	const char *record_id; /* "-" when nothing has arrived for it */
	const char *secret;    /* ACME-0; "a removed tenant" */
	const char *reason;
	long long bytes;
	const char **keys; /* of its files, NULL at their end */
};

/* Forgets what rooms have not shown for half a year, and why meetings were placed a week ago. 0. */
int cleanup_attendance(struct db *db, struct err *err) b3lb_nonnull;
/* Marks what has expired as being deleted. 0. */
int cleanup_expire(struct db *db, struct err *err) b3lb_nonnull;
/*
 * The sets with an id above `after` that are being deleted, at most max, in the order of their ids; with
 * expired: also those that cleanup_expire would mark. Returns their number.
 */
int cleanup_sets(struct db *db, struct arena *a, long long after, int max, bool expired,
	struct doomed_set **list, struct err *err) b3lb_nonnull;
/* Takes the rows of a set away whose files are gone. 0. */
int cleanup_forget(struct db *db, long long id, struct err *err) b3lb_nonnull;
/* Of these keys those that nothing refers to, in *orphans (the arena's). Returns their number. */
int cleanup_orphans(struct db *db, struct arena *a, const char *const *keys, int count, const char ***orphans,
	struct err *err) b3lb_nonnull;

/* The database's clock, seconds since 1970. 0. */
int cleanup_clock(struct db *db, long long *now, struct err *err) b3lb_nonnull;
/* Whether any recording of the database has an archive. 0. */
int cleanup_knows_archives(struct db *db, bool *knows, struct err *err) b3lb_nonnull;

#endif
