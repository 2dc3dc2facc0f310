/* SPDX-License-Identifier: ISC */
/* Learning analytics of meetings that have ended: told to their clients, and kept for as many days as a tenant wants. */
#include "config.h"
#include "core/analytics.h"

#include "sql/statements.h"

int analytics_take(struct db *db, const char *nonce, const char *json, bool *dropped, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_analytics_take, DB_ARGS(nonce, json), &r, err) == -1)
		return -1;
	*dropped = db_text(r, 0, ANALYTICS_TAKE_KEPT) && !db_bool(r, 0, ANALYTICS_TAKE_KEPT);
	db_free(r);
	return 0;
}

int analytics_read(
	struct db *db, const char *tenants, const char *id, struct db_result **out, struct err *err)
{
	return db_run_found(db, &stmt_analytics_read, DB_ARGS(tenants, id), out, "such analytics", err);
}

int analytics_people(struct db *db, const char *id, struct db_result **out, struct err *err)
{
	const char *all = NULL;

	return db_run(db, &stmt_analytics_people, DB_ARGS(all, id), out, err);
}

int analytics_prune(struct db *db, struct err *err)
{
	return db_run(db, &stmt_analytics_prune, NULL, NULL, err);
}
