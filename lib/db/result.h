/* SPDX-License-Identifier: ISC */
/* Private to db.c and db_result.c: how libpq's results and errors become ours. */
#ifndef B3LB_DB_RESULT_H
#define B3LB_DB_RESULT_H

#include "db/db.h"

#include <libpq-fe.h>

/* Parameters as libpq wants them; value points into number or at the caller's text. */
struct db_args_text {
	const char *value[DB_ARGS_MAX];
	char number[DB_ARGS_MAX][32];
};
void db_args_write(const struct db_args *args, struct db_args_text *out) b3lb_nonnull;

/* Waits for and takes the results of what was sent on c; 0 or -1 with err. In db.c. */
int db_result_collect(struct db_conn *c, struct db_result **out, struct err *err);
/* Takes res over: 0 and *out, or -1 with err by its SQLSTATE, written to state (6 bytes). Sets *broken when
 * the connection is of no more use. */
int db_result_take(
	PGconn *pg, PGresult *res, bool *broken, char *state, struct db_result **out, struct err *err);
/* The connection broke: ERR_AWAY, *broken, -1. */
int db_result_fail_conn(PGconn *pg, bool *broken, char *state, struct err *err);
/* SQLSTATE of a failed connection attempt, for the few that libpq reports in words only. */
void db_result_remember_state(PGconn *pg, char *state);

#endif
