/* SPDX-License-Identifier: ISC */
/* b3lb.job: when each job ran, what it said, and which host may run one that only one may. */
#ifndef B3LB_RUN_JOB_LEDGER_H
#define B3LB_RUN_JOB_LEDGER_H

#include "db/db.h"

/*
 * Notes that a round begins. exclusive: takes the job's lease for lease_seconds unless another holder has it;
 * *holder then names that one (in the arena) and nothing is noted, else *holder is NULL. holder_id names this
 * process. Only the database's clock counts. 0 or -1 with err.
 */
int job_ledger_begin(struct db *db, struct arena *a, const char *job, const char *holder_id, bool exclusive,
	int lease_seconds, const char **holder, struct err *err);
/* Notes how it ended, and gives the lease back. */
int job_ledger_end(struct db *db, const char *job, const char *holder_id, bool good, const char *message,
	struct err *err);

#endif
