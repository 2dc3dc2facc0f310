/* SPDX-License-Identifier: ISC */
/* What the checks found, as b3lb-check keeps it. */
#ifndef B3LB_CORE_FINDING_H
#define B3LB_CORE_FINDING_H

#include "db/db.h"

/* All return 0, or -1 with err. Any thread. */

/* A thing that was looked at: level is "ok", "warning" or "error". */
struct finding {
	const char *subject, *level, *message;
};
/* Writes what this host found, all of it: what it found before and not now is gone. Subjects are unique. A
 * finding is since when its level is what it is. */
int finding_write(
	struct db *db, const char *host, const struct finding *list, int count, struct err *err) b3lb_nonnull;
/* *due: this host looked at nothing for seconds, or somebody asked it to. */
int finding_is_due(struct db *db, const char *host, int seconds, bool *due, struct err *err) b3lb_nonnull;
/* All hosts are to look when their job runs next. */
int finding_ask(struct db *db, struct err *err) b3lb_nonnull;

/* What a node told of itself. version NULL: nothing; certificate_days -1: it has no certificate. */
int finding_node_seen(
	struct db *db, long long node_id, const char *version, int certificate_days, struct err *err);

#endif
