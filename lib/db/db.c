/* SPDX-License-Identifier: ISC */
/* PostgreSQL: a small pool of connections, statements out of tables. Results stand in result.c. */
#include "config.h"
#include "db/db.h"

#include "base/clock.h"
#include "db/conn.h"
#include "db/result.h"
#include "sql/statements.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* After a connection failed nobody tries another for so long: the threads that need one fail at once instead
 * of queueing up. After a server that hangs one thread tries, alone. */
#define DOWN_MS 300

static _Thread_local char last_sqlstate[6];

const char *db_sqlstate(void)
{
	return last_sqlstate;
}

static struct db *pool_open(const struct conf *conf, const char *conninfo, const char *application,
	int connections, int timeout_ms)
{
	struct db *db = mem_zalloc(sizeof(*db));

	db->conf = conf;
	db->conninfo = conninfo;
	db->application = mem_strdup(application);
	db->timeout_ms = timeout_ms;
	db->count = connections;
	db->conns = mem_zalloc(sizeof(*db->conns) * (size_t)connections);
	for (int i = 0; i < connections; i++)
		db->conns[i].db = db;
	pthread_mutex_init(&db->lock, NULL);
	return db;
}

struct db *db_open(const struct conf *conf, const char *application, int connections, int timeout_ms)
{
	struct db *db = pool_open(conf, conf->database, application, connections, timeout_ms);

	/* Half of the time at most is lost to a standby that hangs. */
	if (*conf->database_read)
		db->standby = pool_open(conf, conf->database_read, application, connections, timeout_ms / 2);
	return db;
}

void db_rehearse(struct db *db)
{
	db->rehearsal = true;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (int i = 0; i < db->count; i++)
		PQfinish(db->conns[i].pg);
	pthread_mutex_destroy(&db->lock);
	free(db->conns);
	free(db->application);
	db_close(db->standby);
	free(db);
}

/* Under the lock: a free slot, one with a living connection before one without. */
static struct db_conn *pool_find(struct db *db, bool *others_live)
{
	struct db_conn *found = NULL;

	*others_live = false;
	for (int i = 0; i < db->count; i++) {
		struct db_conn *c = &db->conns[i];

		if (!c->busy && (!found || (c->pg && !found->pg)))
			found = c;
		*others_live = *others_live || (c->busy && c->live);
	}
	return found;
}

/* NULL when the deadline passes or nothing can be hoped for. */
static struct db_conn *pool_take(struct db *db, long long deadline, struct err *err)
{
	struct db_waiter self = {0};
	struct db_conn *found;
	bool others_live, usable;

	pthread_mutex_lock(&db->lock);
	for (;;) {
		long long now = clock_ms();
		bool blocked = now < db->down_until || (db->hung && db->probing);

		found = pool_find(db, &others_live);
		usable = found && (found->pg || !blocked);
		if (usable && db_queue_turn(&db->queue, &self, now)) {
			found->busy = true;
			found->live = found->pg != NULL;
			found->probe = db->hung && !found->pg;
			db->probing = db->probing || found->probe;
			break;
		}
		/* Whose turn it is may sleep since nobody gave a connection back: a time has passed. */
		if (usable)
			db_queue_wake(&db->queue);
		found = NULL;
		if (blocked && (db->hung || !others_live)) {
			err_set(err, ERR_AWAY, "the database is away");
			break;
		}
		if (db_queue_wait(&db->queue, &self, &db->lock, deadline) == ETIMEDOUT) {
			err_set(err, ERR_AWAY, "no database connection became free within %d ms",
				db->timeout_ms);
			break;
		}
	}
	db_queue_leave(&db->queue, &self);
	if (!found || pool_find(db, &others_live))
		db_queue_wake(&db->queue);
	pthread_mutex_unlock(&db->lock);
	return found;
}

/* connect_failed: nobody tries again for a moment. One that waited in vain says that the server hangs when
 * nobody heard of it for half of that time; else a single statement was slow. */
static void pool_give(struct db_conn *c, bool connect_failed)
{
	struct db *db = c->db;

	pthread_mutex_lock(&db->lock);
	if (!c->timed_out) {
		db->hung = false;
		if (!connect_failed)
			db->alive_at = clock_ms();
	} else if (clock_ms() - db->alive_at > db->timeout_ms / 2) {
		db->hung = true;
	}
	if (connect_failed || (c->timed_out && db->hung))
		db->down_until = clock_ms() + DOWN_MS;
	if (c->probe)
		db->probing = false;
	c->busy = c->probe = c->timed_out = false;
	if (c->pg)
		db_queue_wake(&db->queue);
	else
		db_queue_wake_all(&db->queue);
	pthread_mutex_unlock(&db->lock);
}

void db_pool_down(struct db *db, int ms)
{
	pthread_mutex_lock(&db->lock);
	db->down_until = clock_ms() + ms;
	pthread_mutex_unlock(&db->lock);
}

bool db_pool_is_down(struct db *db)
{
	bool down;

	pthread_mutex_lock(&db->lock);
	down = clock_ms() < db->down_until;
	pthread_mutex_unlock(&db->lock);
	return down;
}

/* A transaction pooler takes no settings at start-up: what the role has must do. Limits hold only while a
 * statement looks again after it waited for a lock, and times are read back in one form. */
static int check_behind_pooler(struct db_conn *c, struct err *err)
{
	struct db_result *r = NULL;

	if (!PQsendQuery(c->pg, stmt_database_session.sql))
		return db_result_fail_conn(c->pg, &c->broken, last_sqlstate, err);
	if (db_result_collect(c, &r, err) == -1)
		return -1;
	if (!db_is(r, 0, DATABASE_SESSION_ISOLATION, "read committed"))
		err_set(err, ERR_AWAY,
			"default_transaction_isolation is %s behind the pooler and must be read committed: "
			"alter role %s set default_transaction_isolation = 'read committed'",
			db_text(r, 0, DATABASE_SESSION_ISOLATION), PQuser(c->pg));
	else if (strncmp(db_text(r, 0, DATABASE_SESSION_DATESTYLE), "ISO", 3) != 0)
		err_set(err, ERR_AWAY,
			"datestyle is %s behind the pooler and must be ISO: alter role %s set datestyle = 'ISO'",
			db_text(r, 0, DATABASE_SESSION_DATESTYLE), PQuser(c->pg));
	db_free(r);
	return err->kind == ERR_NONE ? 0 : -1;
}

static int conn_open(struct db_conn *c, struct err *err)
{
	struct err why = {0};

	if (db_conn_open(c, last_sqlstate, err) == -1)
		return -1;
	if (!c->db->conf->database_pooler || check_behind_pooler(c, &why) == 0)
		return 0;
	db_conn_drop(c);
	if (err)
		*err = why;
	return -1;
}

struct db_conn *db_borrow_until(struct db *db, long long deadline, struct err *err)
{
	struct db_conn *c = pool_take(db, deadline, err);

	if (!c)
		return NULL;
	c->deadline = deadline;
	if (c->pg && db_conn_is_stale(c))
		db_conn_drop(c);
	if (!c->pg && conn_open(c, err) == -1) {
		pool_give(c, true);
		return NULL;
	}
	return c;
}

struct db_conn *db_borrow(struct db *db, struct err *err)
{
	return db_borrow_until(db, clock_ms() + db->timeout_ms, err);
}

/* Runs a command without parameters or results that must be kept. */
static int conn_simple(struct db_conn *c, const char *sql, struct err *err)
{
	struct db_result *r = NULL;
	int rc;

	if (!PQsendQuery(c->pg, sql))
		return db_result_fail_conn(c->pg, &c->broken, last_sqlstate, err);
	rc = db_result_collect(c, &r, err);
	db_free(r);
	return rc;
}

void db_return(struct db_conn *c)
{
	if (!c)
		return;
	c->patient = false;
	if (c->in_transaction && !c->broken) {
		c->deadline = clock_ms() + c->db->timeout_ms;
		if (conn_simple(c, "rollback", NULL) == -1)
			c->broken = true;
		c->in_transaction = false;
	}
	if (c->broken || PQtransactionStatus(c->pg) != PQTRANS_IDLE)
		db_conn_drop(c);
	pool_give(c, false);
}

/* Sends what is queued, reads until every result is there. */
int db_result_collect(struct db_conn *c, struct db_result **out, struct err *err)
{
	PGresult *res = NULL, *next;
	int flush;

	while ((flush = PQflush(c->pg)) == 1) {
		if (db_conn_wait(c, POLLIN | POLLOUT, err) == -1)
			return -1;
		if (!PQconsumeInput(c->pg))
			return db_result_fail_conn(c->pg, &c->broken, last_sqlstate, err);
	}
	if (flush == -1)
		return db_result_fail_conn(c->pg, &c->broken, last_sqlstate, err);
	for (;;) {
		while (PQisBusy(c->pg)) {
			if (db_conn_wait(c, POLLIN, err) == -1 || !PQconsumeInput(c->pg)) {
				PQclear(res);
				if (c->broken)
					return -1;
				return db_result_fail_conn(c->pg, &c->broken, last_sqlstate, err);
			}
		}
		next = PQgetResult(c->pg);
		if (!next)
			break;
		/* Of a script the first failure counts, else the last result. */
		if (res && PQresultStatus(res) == PGRES_FATAL_ERROR) {
			PQclear(next);
			continue;
		}
		PQclear(res);
		res = next;
	}
	return db_result_take(c->pg, res, &c->broken, last_sqlstate, out, err);
}

static int conn_prepare(struct db_conn *c, const struct db_stmt *stmt, int nparams, struct err *err)
{
	struct db_result *r = NULL;
	int rc;

	for (int i = 0; i < c->prepared_count; i++)
		if (c->prepared[i] == stmt)
			return 0;
	if (c->prepared_count == DB_PREPARED_MAX)
		return err_set(err, ERR_INTERNAL, "more than %d prepared statements", DB_PREPARED_MAX);
	if (!PQsendPrepare(c->pg, stmt->name, stmt->sql, nparams, NULL))
		return db_result_fail_conn(c->pg, &c->broken, last_sqlstate, err);
	rc = db_result_collect(c, &r, err);
	db_free(r);
	if (rc == 0)
		c->prepared[c->prepared_count++] = stmt;
	return rc;
}

int db_exec_in_time(struct db_conn *c, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, struct err *err)
{
	static const struct db_args none;
	struct db_result *r = NULL;
	struct db_args_text text;
	int sent, rc;

	last_sqlstate[0] = '\0';
	if (out)
		*out = NULL;
	if (!args)
		args = &none;
	if (args->count != stmt->params)
		return err_set(err, ERR_INTERNAL, "statement %s takes %d parameters, not %d",
			stmt->name ? stmt->name : "of one call", stmt->params, args->count);
	db_args_write(args, &text);
	if (c->db->conf->database_pooler || !stmt->name) {
		sent = PQsendQueryParams(c->pg, stmt->sql, args->count, NULL, text.value, NULL, NULL, 0);
	} else {
		if (conn_prepare(c, stmt, args->count, err) == -1)
			return -1;
		sent = PQsendQueryPrepared(c->pg, stmt->name, args->count, text.value, NULL, NULL, 0);
	}
	if (!sent)
		return db_result_fail_conn(c->pg, &c->broken, last_sqlstate, err);
	rc = db_result_collect(c, &r, err);
	if (rc == 0 && out)
		*out = r;
	else
		db_free(r);
	return rc;
}

void db_be_patient(struct db_conn *c)
{
	c->patient = true;
}

int db_exec(struct db_conn *c, const struct db_stmt *stmt, const struct db_args *args, struct db_result **out,
	struct err *err)
{
	c->deadline = clock_ms() + c->db->timeout_ms;
	return db_exec_in_time(c, stmt, args, out, err);
}

int db_script(struct db_conn *c, const char *sql, struct err *err)
{
	last_sqlstate[0] = '\0';
	c->deadline = clock_ms() + c->db->timeout_ms;
	return conn_simple(c, sql, err);
}

int db_begin(struct db_conn *c, struct err *err)
{
	c->in_transaction = true;
	return db_script(c, "begin", err);
}

int db_commit(struct db_conn *c, struct err *err)
{
	int rc = db_script(c, c->db->rehearsal ? "rollback" : "commit", err);

	if (rc == 0)
		c->in_transaction = false;
	return rc;
}

int db_run_until(struct db *db, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, long long deadline, struct err *err)
{
	struct err first = {0};
	struct db_conn *c;
	bool again;
	int rc;

	for (int attempt = 0;; attempt++) {
		c = db_borrow_until(db, deadline, err);
		if (!c) {
			if (out)
				*out = NULL;
			return -1;
		}
		/* db_return takes back what this begins. */
		rc = c->db->rehearsal ? db_begin(c, &first) : 0;
		if (rc == 0)
			rc = db_exec_in_time(c, stmt, args, out, &first);
		/* A connection that broke under a statement that may run twice; a time limit is not tried
		 * again. A deadlock or serialization failure has undone everything, whatever the statement
		 * is. */
		again = rc == -1 && attempt == 0 &&
			((stmt->repeatable && PQstatus(c->pg) == CONNECTION_BAD) ||
				strcmp(last_sqlstate, "40001") == 0 || strcmp(last_sqlstate, "40P01") == 0);
		db_return(c);
		if (!again)
			break;
	}
	if (rc == -1 && err)
		*err = first;
	return rc;
}

int db_run(struct db *db, const struct db_stmt *stmt, const struct db_args *args, struct db_result **out,
	struct err *err)
{
	return db_run_until(db, stmt, args, out, clock_ms() + db->timeout_ms, err);
}

int db_run_found(struct db *db, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, const char *what, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, stmt, args, &r, err);

	if (rc == 0 && db_rows(r) == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no %s", what);
	if (rc == 0 && out)
		*out = r;
	else
		db_free(r);
	return rc;
}
