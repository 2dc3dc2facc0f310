/* SPDX-License-Identifier: ISC */
/* What the operator sees of the running service: meetings, jobs, totals. */
#include "config.h"
#include "core/status.h"

#include "sql/statements.h"

int status_ping(struct db *db, struct err *err)
{
	return db_run(db, &stmt_status_ping, NULL, NULL, err);
}

int status_meetings(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_status_meetings, DB_ARGS(tenant), out, err);
}

int status_jobs(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_status_jobs, NULL, out, err);
}

int status_totals(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_status_totals, NULL, out, err);
}
