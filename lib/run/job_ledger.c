/* SPDX-License-Identifier: ISC */
/* b3lb.job: when each job ran, what it said, and which host may run one that only one may. */
#include "config.h"
#include "run/job_ledger.h"

#include "sql/statements.h"

int job_ledger_begin(struct db *db, struct arena *a, const char *job, const char *holder_id, bool exclusive,
	int lease_seconds, const char **holder, struct err *err)
{
	struct db_result *r = NULL;

	*holder = NULL;
	if (db_run(db, &stmt_job_begin, DB_ARGS(job, holder_id, exclusive, lease_seconds), &r, err) == -1)
		return -1;
	if (db_rows(r) > 0) {
		const char *name = db_text(r, 0, JOB_BEGIN_LEASE);

		*holder = arena_strdup(a, name ? name : "another host");
	}
	db_free(r);
	return 0;
}

int job_ledger_end(struct db *db, const char *job, const char *holder_id, bool good, const char *message,
	struct err *err)
{
	return db_run(db, &stmt_job_end, DB_ARGS(job, holder_id, good, message), NULL, err);
}
