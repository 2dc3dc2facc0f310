/* SPDX-License-Identifier: ISC */
/* Curves: what was going on every five minutes of the last days, and every hour of the last year. */
#ifndef B3LB_CORE_HISTORY_H
#define B3LB_CORE_HISTORY_H

#include "db/db.h"

/* Takes the sample of these five minutes, sums up hours that are over, and takes away what is older than days
 * (history_days; 0: everything). Call it behind metric_rollup. 0 or -1 with err. Any thread. */
int history_keep(struct db *db, int days, struct err *err) b3lb_nonnull;

#endif
