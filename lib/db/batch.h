/* SPDX-License-Identifier: ISC */
/* One statement for the calls of many threads: what comes while one is under way waits, and goes with the next one. */
#ifndef B3LB_DB_BATCH_H
#define B3LB_DB_BATCH_H

#include "db/db.h"

#include <pthread.h>

/* The most that goes together: calls, and bytes of them. */
#define DB_BATCH_MAX   64
#define DB_BATCH_BYTES (256 << 10)

/* The first member of what one thread calls for, on its stack, zeroed. */
struct db_call {
	int rc;	      /* what db_batch_do returns; run may set it */
	size_t bytes; /* that it sends, when they are many */
	struct err err;
	/* batch.c's */
	struct db_call *next;
	long long since; /* clock_ms */
	pthread_cond_t woken;
	enum { DB_CALL_NEW, DB_CALL_WAITS, DB_CALL_TAKEN, DB_CALL_DONE } state;
};

/* Runs a statement for all of them by db_run, and leaves in each what became of it: 0, or -1 with err. On one of the threads that wait. */
typedef int db_batch_run(struct db *db, struct db_call *calls[], int count, struct err *err);

/* Start with DB_BATCH_INIT(run). Of one database. */
struct db_batch {
	pthread_mutex_t lock;
	db_batch_run *run;
	bool busy;
	struct db_call *first, *last; /* those that wait */
};
#define DB_BATCH_INIT(function)                                                                              \
	{                                                                                                    \
		.lock = PTHREAD_MUTEX_INITIALIZER, .run = function                                           \
	}

/*
 * Has the call done: at once, or when the statement that is under way is done, with all that wait. Two statements at once were
 * slower than one of all, at 64 calls on two processors. mine->rc, or -1 with err: db_run's. What one call breaks, or waits for,
 * costs that one alone: where the server has undone a statement its calls are run by themselves, as many as begin within half of
 * db_run's time from its beginning. Waits for that time before its statement begins. Any thread.
 */
int db_batch_do(struct db_batch *b, struct db *db, struct db_call *mine, struct err *err) b3lb_nonnull;

#endif
