/* SPDX-License-Identifier: ISC */
/* Curves: what was going on every five minutes of the last days, and every hour of the last year. */
#include "config.h"
#include "core/history.h"

#include "sql/statements.h"

int history_keep(struct db *db, int days, struct err *err)
{
	return db_run(db, &stmt_history_keep, DB_ARGS(days), NULL, err);
}
