/* SPDX-License-Identifier: ISC */
/* Private to db*.c: one connection, and the pool that it belongs to. */
#ifndef B3LB_DB_CONN_H
#define B3LB_DB_CONN_H

#include "db/db.h"
#include "db/queue.h"

#include <libpq-fe.h>
#include <pthread.h>

#define DB_PREPARED_MAX 128

struct db_conn {
	struct db *db;
	PGconn *pg;
	long long deadline; /* of the borrower, monotonic ms */
	bool patient;	    /* the borrower waits without a deadline */
	bool busy, in_transaction, broken, timed_out;
	bool live;	       /* it was connected when it was taken */
	bool probe;	       /* its borrower is the one that tries whether the server is back */
	long long fresh_until; /* of a standby: monotonic ms */
	int prepared_count;
	const struct db_stmt *prepared[DB_PREPARED_MAX];
};

struct db {
	const struct conf *conf;
	const char *conninfo;
	char *application;
	int timeout_ms, count;
	pthread_mutex_t lock;
	struct db_queue queue; /* for a free connection */
	long long down_until, alive_at;
	bool hung, probing;
	bool rehearsal; /* nothing is committed */
	int first_host;
	struct db_conn *conns;
	struct db *standby; /* NULL without database_read */
};

/* Connects before c->deadline: 0, or -1 with ERR_AWAY; then there is no connection. Writes the SQLSTATE to
 * state. */
int db_conn_open(struct db_conn *c, char *state, struct err *err);
void db_conn_drop(struct db_conn *c);
/* Waits until the socket is ready for events: 0, or -1 with ERR_AWAY and c->broken when c->deadline has
 * passed. */
int db_conn_wait(struct db_conn *c, short events, struct err *err);
/* A connection that the server closed while it lay idle shows that on its socket. */
bool db_conn_is_stale(struct db_conn *c);
/* As db_borrow, db_exec and db_run, with a deadline of the caller's (db_exec_in_time: that of the borrower).
 */
struct db_conn *db_borrow_until(struct db *db, long long deadline, struct err *err);
int db_exec_in_time(struct db_conn *c, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, struct err *err);
int db_run_until(struct db *db, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, long long deadline, struct err *err);
/* For so many milliseconds nobody connects; whether that is so. */
void db_pool_down(struct db *db, int ms);
bool db_pool_is_down(struct db *db);

#endif
