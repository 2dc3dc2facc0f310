/* SPDX-License-Identifier: ISC */
/* Private to db*.c: threads that wait for a connection, in the order in which they came. */
#ifndef B3LB_DB_QUEUE_H
#define B3LB_DB_QUEUE_H

#include "base/mem.h"

#include <pthread.h>
#include <stdbool.h>

/* Who comes may go first, since it runs already, until somebody has waited for so long. */
#define DB_QUEUE_FAIR_MS 50

/* A thread that waits: on its stack, {0} to begin with. */
struct db_waiter {
	struct db_waiter *next;
	pthread_cond_t ready;
	long long since_ms; /* clock_ms */
	bool queued;
};

/* {0} is an empty one. All of these functions want the same lock to be held. */
struct db_queue {
	struct db_waiter *first, *last;
};

/* Whether a connection that is free at now_ms (clock_ms) is w's to take. */
bool db_queue_turn(const struct db_queue *q, const struct db_waiter *w, long long now_ms) b3lb_nonnull;
/* Waits behind the others, without the lock meanwhile: 0 when it may be w's turn, ETIMEDOUT at until_ms (clock_ms). */
int db_queue_wait(
	struct db_queue *q, struct db_waiter *w, pthread_mutex_t *lock, long long until_ms) b3lb_nonnull;
/* w waits no longer, if it did. Whoever leaves something free wakes the next one. */
void db_queue_leave(struct db_queue *q, struct db_waiter *w) b3lb_nonnull;
/* A connection is free: the first one looks. */
void db_queue_wake(const struct db_queue *q) b3lb_nonnull;
/* Nothing is as it was: each one looks. */
void db_queue_wake_all(const struct db_queue *q) b3lb_nonnull;

#endif
