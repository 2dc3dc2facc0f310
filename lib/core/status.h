/* SPDX-License-Identifier: ISC */
/* What the operator sees of the running service: meetings, jobs, totals. */
#ifndef B3LB_CORE_STATUS_H
#define B3LB_CORE_STATUS_H

#include "db/db.h"

/* All return 0, or -1 with err; lists are the caller's to free. */

/* Whether the database answers. */
int status_ping(struct db *db, struct err *err) b3lb_nonnull;
/* One row a meeting; tenant NULL: of all. */
int status_meetings(struct db *db, const char *tenant, struct db_result **out, struct err *err);
/* One row a job: when it last ran, when that was good, what it said (places: STATUS_JOBS_ of
 * sql/statements.h). */
int status_jobs(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;
/* One row: meetings, attendees, nodes, nodes online. */
int status_totals(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
