/* SPDX-License-Identifier: ISC */
/* One statement for the calls of many threads: what comes while one is under way waits, and goes with the next one. */
#include "config.h"
#include "db/batch.h"

#include "base/clock.h"
#include "db/conn.h"

#include <string.h>

/* These are called with the lock held. */

static void enter(struct db_batch *b, struct db_call *call)
{
	call->next = NULL;
	call->state = DB_CALL_WAITS;
	call->since = clock_ms();
	pthread_cond_init(&call->woken, NULL);
	if (b->last)
		b->last->next = call;
	else
		b->first = call;
	b->last = call;
}

static int take(struct db_batch *b, struct db_call *calls[DB_BATCH_MAX])
{
	size_t bytes = 0;
	int count = 0;

	while (b->first && count < DB_BATCH_MAX &&
		(count == 0 || bytes + b->first->bytes <= DB_BATCH_BYTES)) {
		calls[count] = b->first;
		bytes += b->first->bytes;
		calls[count]->state = DB_CALL_TAKEN;
		b->first = calls[count++]->next;
	}
	if (!b->first)
		b->last = NULL;
	return count;
}

/* A call may be gone as soon as its thread has the lock. */
static void finish(struct db_batch *b, struct db_call *calls[], int count)
{
	for (int i = 0; i < count; i++) {
		calls[i]->state = DB_CALL_DONE;
		pthread_cond_signal(&calls[i]->woken);
	}
	/* Whoever waits longest leads the next one. */
	if (b->first)
		pthread_cond_signal(&b->first->woken);
}

/* These without the lock. */

/* The server has said that nothing of it was done, for a reason that another call may not have. */
static bool is_undone(const struct err *err)
{
	static const char *const states[] = {"40001", "40P01", "55P03", "57014"};

	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (strcmp(db_sqlstate(), states[i]) == 0)
			return true;
	return err->kind != ERR_AWAY;
}

/* Those that have waited for as long as they may are told so; returns how many are left, in their order. */
static int drop_late(const struct db *db, struct db_call *calls[], int count)
{
	long long now = clock_ms();
	int left = 0;

	for (int i = 0; i < count; i++) {
		if (now - calls[i]->since < db->timeout_ms)
			calls[left++] = calls[i];
		else
			calls[i]->rc = err_set(&calls[i]->err, ERR_AWAY,
				"the database did not answer within %d ms", db->timeout_ms);
	}
	return left;
}

static void run(const struct db_batch *b, struct db *db, struct db_call *calls[], int count)
{
	struct err err = {0};
	long long until = clock_ms() + db->timeout_ms / 2;
	bool undone;

	if (count == 0 || b->run(db, calls, count, &err) == 0)
		return;
	/* Who has waited for all of that time would wait for it again. */
	undone = count > 1 && is_undone(&err) && clock_ms() < until;
	for (int i = 0; i < count; i++) {
		if (undone && b->run(db, &calls[i], 1, &err) == 0)
			continue;
		undone = undone && is_undone(&err) && clock_ms() < until;
		calls[i]->rc = -1;
		calls[i]->err = err;
	}
}

static void lead(struct db_batch *b, struct db *db)
{
	struct db_call *calls[DB_BATCH_MAX], *soon[DB_BATCH_MAX];
	int count = take(b, calls);

	b->busy = true;
	pthread_mutex_unlock(&b->lock);
	memcpy(soon, calls, sizeof(calls));
	run(b, db, soon, drop_late(db, soon, count));
	pthread_mutex_lock(&b->lock);
	b->busy = false;
	finish(b, calls, count);
}

int db_batch_do(struct db_batch *b, struct db *db, struct db_call *mine, struct err *err)
{
	pthread_mutex_lock(&b->lock);
	enter(b, mine);
	while (mine->state != DB_CALL_DONE) {
		if (mine->state == DB_CALL_WAITS && !b->busy)
			lead(b, db);
		else
			pthread_cond_wait(&mine->woken, &b->lock);
	}
	pthread_mutex_unlock(&b->lock);
	pthread_cond_destroy(&mine->woken);
	if (mine->rc == -1)
		*err = mine->err;
	return mine->rc;
}
