/* SPDX-License-Identifier: ISC */
/* PostgreSQL: a small pool of connections, statements out of tables, and results. */
#ifndef B3LB_DB_DB_H
#define B3LB_DB_DB_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "db/arg.h"

struct db;
struct db_conn;
struct db_result;

/* A statement: build-aux/embed-statements makes each from its text in sql/statements (sql/README). */
struct db_stmt {
	const char *
		name; /* unique: the name it is prepared under; NULL: its text is made for one call, not prepared */
	const char *sql;
	bool repeatable; /* may run twice without harm: repeated once when the connection broke under it */
	int params;	 /* how many it takes */
	const char *columns; /* names of what it gives, separated by blanks; NULL: by name or none at all */
};

/* Builds the text of an SQL array ({"a","b"}) in a buffer: begin, add each (NULL: null), end; then
 * buf_str() is the parameter. */
void db_array_begin(struct buf *b) b3lb_nonnull;
void db_array_add(struct buf *b, const char *value);
void db_array_add_int(struct buf *b, long long value) b3lb_nonnull;
void db_array_end(struct buf *b) b3lb_nonnull;

/* Appends the pattern of LIKE for what holds that text: % around it, and no sign of it is one. */
void db_pattern(struct buf *b, const char *text) b3lb_nonnull;

/*
 * Makes the pool; no connection is opened before it is needed. timeout_ms bounds each statement together with
 * the wait for a connection (a request: conf->database_timeout_ms; jobs take longer). Never fails. conf must
 * outlive it. db_close waits for nobody.
 */
struct db *db_open(const struct conf *conf, const char *application, int connections, int timeout_ms);
void db_close(struct db *db);
/* From here on nothing stays that is written: each transaction is taken back where it would be committed. For dry runs;
 * before the pool is used. */
void db_rehearse(struct db *db) b3lb_nonnull;

/*
 * Runs one statement on a borrowed connection, in a transaction of its own. args NULL: it takes none. Returns
 * 0 and the result in *out (the caller frees it with db_free; out may be NULL), or -1 with err:
 *   ERR_AWAY      no connection in time, it broke, a time limit, a read-only or full server: try later
 *   ERR_CONFLICT  a unique or foreign key forbids it
 *   ERR_INVALID   a check constraint or a value's form forbids it
 *   ERR_INTERNAL  anything else
 * Any thread.
 */
int db_run(struct db *db, const struct db_stmt *stmt, const struct db_args *args, struct db_result **out,
	struct err *err) b3lb_mustcheck;

/* As db_run, for a statement that only reads and may miss what was committed within the last
 * database_read_lag seconds: runs on a server of database_read while one is there that is not further behind,
 * else where db_run runs it. */
int db_read(struct db *db, const struct db_stmt *stmt, const struct db_args *args, struct db_result **out,
	struct err *err) b3lb_mustcheck;

/* As db_run, for a statement that returns rows of what it found: none is ERR_NOT_FOUND, "there is no <what>".
 */
int db_run_found(struct db *db, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, const char *what, struct err *err) b3lb_mustcheck;

/* A connection for several statements. NULL with ERR_AWAY when there is none in time. One thread uses it;
 * db_return gives it back and rolls an open transaction back. Never hold one while waiting for anything but
 * the database. */
struct db_conn *db_borrow(struct db *db, struct err *err);
void db_return(struct db_conn *conn);
/* From here on until it is returned nothing on this connection has a time limit of ours; the server's own
 * (statement_timeout) is the caller's to lift. */
void db_be_patient(struct db_conn *conn) b3lb_nonnull;
/* As db_run, on this connection. */
int db_exec(struct db_conn *conn, const struct db_stmt *stmt, const struct db_args *args,
	struct db_result **out, struct err *err) b3lb_mustcheck;
/* Several statements of a script, separated by semicolons; no parameters, no results. */
int db_script(struct db_conn *conn, const char *sql, struct err *err) b3lb_mustcheck;
int db_begin(struct db_conn *conn, struct err *err) b3lb_mustcheck;
int db_commit(struct db_conn *conn, struct err *err) b3lb_mustcheck;

/*
 * The database name in a libpq connection string, and the same string with another name in *changed. NULL
 * when the string cannot be parsed or names none. The caller frees both.
 */
char *db_conninfo_name(const char *conninfo, const char *other, char **changed) b3lb_nonnull;

/* A value of a libpq connection string, NULL when it has none; the caller frees it. */
char *db_conninfo_value(const char *conninfo, const char *keyword) b3lb_nonnull;

/* SQLSTATE of the last error on this thread, "" when there was none: for the few callers that tell errors
 * apart. */
const char *db_sqlstate(void);

/* Results. Rows and columns from 0. Text belongs to the result. db_text is NULL for SQL null; the others then
 * give 0 or false. */
int db_rows(const struct db_result *r);
int db_columns(const struct db_result *r);
const char *db_column_name(const struct db_result *r, int col);
/* What a column's type is to who writes it down; DB_TIME: timestamptz alone. */
enum db_kind { DB_TEXT, DB_NUMBER, DB_BOOL, DB_TIME, DB_JSON };
enum db_kind db_column_kind(const struct db_result *r, int col);
const char *db_text(const struct db_result *r, int row, int col);
long long db_int(const struct db_result *r, int row, int col);
double db_double(const struct db_result *r, int row, int col);
bool db_bool(const struct db_result *r, int row, int col);
/* Whether it is that text; SQL null is none. */
bool db_is(const struct db_result *r, int row, int col, const char *text) b3lb_nonnull;
void db_free(struct db_result *r);

#endif
