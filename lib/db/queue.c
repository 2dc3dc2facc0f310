/* SPDX-License-Identifier: ISC */
/* Threads that wait for a connection, in the order in which they came. */
#include "config.h"
#include "db/queue.h"

#include "base/clock.h"

#include <errno.h>

bool db_queue_turn(const struct db_queue *q, const struct db_waiter *w, long long now_ms)
{
	return !q->first || q->first == w || (!w->queued && now_ms - q->first->since_ms < DB_QUEUE_FAIR_MS);
}

static void enter(struct db_queue *q, struct db_waiter *w)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->ready, &attr);
	pthread_condattr_destroy(&attr);
	w->since_ms = clock_ms();
	w->queued = true;
	if (q->last)
		q->last->next = w;
	else
		q->first = w;
	q->last = w;
}

int db_queue_wait(struct db_queue *q, struct db_waiter *w, pthread_mutex_t *lock, long long until_ms)
{
	struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};

	if (!w->queued)
		enter(q, w);
	return pthread_cond_timedwait(&w->ready, lock, &until) == ETIMEDOUT ? ETIMEDOUT : 0;
}

void db_queue_leave(struct db_queue *q, struct db_waiter *w)
{
	struct db_waiter **at = &q->first, *before = NULL;

	if (!w->queued)
		return;
	for (; *at != w; at = &(*at)->next)
		before = *at;
	*at = w->next;
	if (q->last == w)
		q->last = before;
	w->queued = false;
	pthread_cond_destroy(&w->ready);
}

void db_queue_wake(const struct db_queue *q)
{
	if (q->first)
		pthread_cond_signal(&q->first->ready);
}

void db_queue_wake_all(const struct db_queue *q)
{
	for (struct db_waiter *w = q->first; w; w = w->next)
		pthread_cond_signal(&w->ready);
}
