/* SPDX-License-Identifier: ISC */
/* Statements that only read, on a standby that is not too far behind. */
#include "config.h"
#include "db/conn.h"

#include "base/clock.h"
#include "sql/statements.h"

/* So long nobody asks standbys after one failed or was behind, and so long one that was not counts as such.
 */
#define STANDBY_DOWN_MS	 2000
#define STANDBY_FRESH_MS 1000

/* What was committed within the last database_read_lag seconds a standby may miss, nothing older. A server
 * that is none is not behind. */
static int standby_check(struct db_conn *c, struct err *err)
{
	struct db_result *r = NULL;
	bool fresh;

	if (clock_ms() < c->fresh_until)
		return 0;
	if (db_exec_in_time(c, &stmt_database_is_fresh, DB_ARGS(c->db->conf->database_read_lag), &r, err) ==
		-1)
		return -1;
	fresh = db_bool(r, 0, DATABASE_IS_FRESH_FRESH);
	db_free(r);
	if (!fresh)
		return err_set(err, ERR_AWAY, "the standby is behind");
	c->fresh_until = clock_ms() + STANDBY_FRESH_MS;
	return 0;
}

/* Whatever goes wrong here, the primary is asked: why is for nobody. */
static int standby_run(struct db *db, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, long long deadline)
{
	struct err why = {0};
	struct db_conn *c;
	int rc = -1;

	if (db_pool_is_down(db))
		return -1;
	c = db_borrow_until(db, deadline, &why);
	if (c && standby_check(c, &why) == 0)
		rc = db_exec_in_time(c, stmt, args, out, &why);
	db_return(c);
	if (why.kind == ERR_AWAY)
		db_pool_down(db, STANDBY_DOWN_MS);
	return rc;
}

int db_read(struct db *db, const struct db_stmt *stmt, const struct db_args *args, struct db_result **out,
	struct err *err)
{
	long long begin = clock_ms();

	/* Half of the time at most is lost to a standby that hangs. */
	if (db->standby && standby_run(db->standby, stmt, args, out, begin + db->timeout_ms / 2) == 0)
		return 0;
	return db_run_until(db, stmt, args, out, begin + db->timeout_ms, err);
}
