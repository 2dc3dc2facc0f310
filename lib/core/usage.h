/* SPDX-License-Identifier: ISC */
/* Accounting: what tenants used in each month. */
#ifndef B3LB_CORE_USAGE_H
#define B3LB_CORE_USAGE_H

#include "db/db.h"

/* All return 0, or -1 with err. Any thread. */

/* The zone that months begin in: conf's time_zone, or UTC where the server knows none of that name; then *known
 * is false. *zone is conf's or constant. */
int usage_zone(
	struct db *db, const struct conf *conf, const char **zone, bool *known, struct err *err) b3lb_nonnull;
/* The same for a job: a name that is unknown goes to its log. */
int usage_zone_of_job(
	struct db *db, const struct conf *conf, const char **zone, struct err *err) b3lb_nonnull;

/* Moves sessions that are over into their months, each once, notes peaks, and takes sessions away that are older
 * than conf's usage_days. Call it behind metric_rollup. *sessions: how many were counted. */
int usage_count(struct db *db, const struct conf *conf, const char *zone, long long *sessions,
	struct err *err) b3lb_nonnull;
/* Counts recordings that became ready, and what is stored, once a day. */
int usage_count_stored(struct db *db, const char *zone, struct err *err) b3lb_nonnull;

#endif
