/* SPDX-License-Identifier: ISC */
/* The schema: numbered migrations and functions, built into b3lb-admin, brought into a database. */
#ifndef B3LB_CORE_MIGRATION_H
#define B3LB_CORE_MIGRATION_H

#include "db/db.h"

/* sql/NNN_name.sql, embedded; ends with number 0. */
struct migration {
	int number;
	const char *name, *sql;
};
extern const struct migration migrations[];
extern const char migration_functions[]; /* the files below sql/functions, in order */

/*
 * Brings the database to this program's schema: each missing migration and then the functions, when their
 * text differs, in a transaction of its own under a lock that a second runner waits for; functions of the
 * schema that are not among them are dropped. Table locks are waited for two seconds at a time, so that a
 * running service is not held up; else nothing has a time limit. Says each step into report.
 * Returns 0, or -1 with err: ERR_CONFLICT when the schema is newer than the program. Repeating it does no
 * harm.
 */
int migration_run(struct db *db, struct buf *report, struct err *err) b3lb_nonnull;
/* What migration_run would do now, in the same words; it changes nothing. db NULL: of a database that is still to be made. */
int migration_plan(struct db *db, struct buf *report, struct err *err) __attribute__((nonnull(2, 3)));
/* 0 when schema and program agree, -1 with err saying how they do not. */
int migration_check(struct db *db, struct err *err) b3lb_nonnull;
/* Creates the database that conf names when the server has none of that name. *created tells; dry_run: that it would. 0 or -1
 * with err. */
int migration_create_database(
	const struct conf *conf, bool dry_run, bool *created, struct err *err) b3lb_nonnull;

#endif
