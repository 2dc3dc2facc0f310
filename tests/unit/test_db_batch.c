/* SPDX-License-Identifier: ISC */
/* Tests of calls that go together: at once where they can, in their order, and none pays for another. */
#include "config.h"
#include "unit.h"

#include "db/batch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MANY 100

struct number {
	struct db_call call;
	int value;
	int seen; /* how many went together with it */
	int at;	  /* which of all that were done it was */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int runs, under_way, most_under_way, most_together, done;
static bool gate_shut;
/* What fails, and how: every list that holds it. */
static int bad;
static enum err_kind how, alone;
static struct db *database;

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

static bool is_shut(void)
{
	bool shut;

	pthread_mutex_lock(&lock);
	shut = gate_shut;
	pthread_mutex_unlock(&lock);
	return shut;
}

static int run(struct db *db, struct db_call *calls[], int count, struct err *err)
{
	int rc = 0;

	(void)db;
	pthread_mutex_lock(&lock);
	runs++;
	under_way++;
	most_under_way = under_way > most_under_way ? under_way : most_under_way;
	most_together = count > most_together ? count : most_together;
	pthread_mutex_unlock(&lock);
	while (is_shut())
		nap();
	pthread_mutex_lock(&lock);
	for (int i = 0; i < count; i++)
		if (bad && ((struct number *)calls[i])->value == bad)
			rc = err_set(err, count > 1 ? how : alone, "%d is bad", bad);
	for (int i = 0; rc == 0 && i < count; i++) {
		struct number *n = (struct number *)calls[i];

		n->seen = count;
		n->at = done++;
		n->call.rc = n->value;
	}
	under_way--;
	pthread_mutex_unlock(&lock);
	return rc;
}

static struct db_batch batch = DB_BATCH_INIT(run);

static size_t bytes_of[MANY];

struct caller {
	pthread_t thread;
	struct number number;
	struct err err;
	int rc, rounds;
};

static void *make_call(void *arg)
{
	struct caller *c = arg;

	for (int i = 0; i < c->rounds; i++) {
		c->number.call = (struct db_call){.bytes = bytes_of[c->number.value - 1]};
		c->rc = db_batch_do(&batch, database, &c->number.call, &c->err);
	}
	return NULL;
}

static int waiting(void)
{
	int n = 0;

	pthread_mutex_lock(&batch.lock);
	for (const struct db_call *c = batch.first; c; c = c->next)
		n++;
	pthread_mutex_unlock(&batch.lock);
	return n;
}

/* Starts callers one behind the other, so that their order is known, while the gate is shut: the first one is under way. */
static void start_all(struct caller *callers, int count)
{
	for (int i = 0; i < count; i++) {
		callers[i] = (struct caller){.number = {.value = i + 1}, .rounds = 1};
		assert_int_equal(pthread_create(&callers[i].thread, NULL, make_call, &callers[i]), 0);
		for (;;) {
			int busy;

			pthread_mutex_lock(&lock);
			busy = under_way;
			pthread_mutex_unlock(&lock);
			if (busy + waiting() == i + 1)
				break;
			nap();
		}
	}
}

static void shut(bool is)
{
	pthread_mutex_lock(&lock);
	gate_shut = is;
	pthread_mutex_unlock(&lock);
}

/* All of them are there before the first one is done; returns when all are. */
static void meet(struct caller *callers, int count)
{
	shut(true);
	start_all(callers, count);
	shut(false);
	for (int i = 0; i < count; i++)
		pthread_join(callers[i].thread, NULL);
}

static int begin(void **state)
{
	(void)state;
	runs = most_under_way = most_together = done = bad = 0;
	how = alone = ERR_NONE;
	shut(false);
	return 0;
}

static void who_is_alone_goes_at_once(void **state)
{
	struct number n = {.value = 7};
	struct err err = {0};

	(void)state;
	assert_int_equal(db_batch_do(&batch, database, &n.call, &err), 7);
	assert_int_equal(n.seen, 1);
	assert_int_equal(runs, 1);
	assert_int_equal(err.kind, ERR_NONE);
}

static void who_comes_meanwhile_goes_with_the_next_in_order(void **state)
{
	struct caller callers[20];

	(void)state;
	meet(callers, 20);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(callers[i].rc, i + 1);
		assert_int_equal(callers[i].number.at, i);
		assert_int_equal(callers[i].number.seen, i == 0 ? 1 : 19);
	}
	assert_int_equal(runs, 2);
	assert_int_equal(most_under_way, 1);
}

static void no_list_is_too_long(void **state)
{
	struct caller *callers = calloc(MANY, sizeof(*callers));

	(void)state;
	meet(callers, MANY);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(callers[i].rc, i + 1);
	}
	assert_int_equal(most_under_way, 1);
	assert_int_equal(most_together, DB_BATCH_MAX);
	assert_int_equal(runs, 3);
	assert_int_equal(done, MANY);
	free(callers);
}

static void a_call_that_breaks_costs_itself(void **state)
{
	struct caller callers[5];

	(void)state;
	bad = 3;
	how = alone = ERR_CONFLICT;
	meet(callers, 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(callers[i].rc, i == 2 ? -1 : i + 1);
		assert_int_equal(callers[i].err.kind, i == 2 ? ERR_CONFLICT : ERR_NONE);
	}
	assert_string_equal(callers[2].err.text, "3 is bad");
	/* The first one, the four, each of the four. */
	assert_int_equal(runs, 6);
}

static void a_database_that_is_away_is_asked_once(void **state)
{
	struct caller callers[5];

	(void)state;
	bad = 3;
	how = alone = ERR_AWAY;
	meet(callers, 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(callers[i].rc, i == 0 ? 1 : -1);
	}
	assert_int_equal(runs, 2);
}

static void who_is_tried_alone_stops_when_the_database_goes(void **state)
{
	struct caller callers[5];

	(void)state;
	bad = 3;
	how = ERR_CONFLICT;
	alone = ERR_AWAY;
	meet(callers, 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(callers[i].rc, i < 2 ? i + 1 : -1);
		assert_int_equal(callers[i].err.kind, i < 2 ? ERR_NONE : ERR_AWAY);
	}
	/* The first one, the four, two of the four. */
	assert_int_equal(runs, 4);
}

static void long_ones_go_apart(void **state)
{
	static const int together[] = {1, 2, 2, 1, 1, 2, 2};
	struct caller callers[7];

	(void)state;
	/* 5 goes alone, though it is longer than all may be. */
	bytes_of[1] = bytes_of[2] = DB_BATCH_BYTES / 2;
	bytes_of[3] = 1;
	bytes_of[4] = DB_BATCH_BYTES * 2;
	meet(callers, 7);
	for (int i = 0; i < 7; i++) {
		assert_int_equal(callers[i].number.seen, together[i]);
	}
	memset(bytes_of, 0, sizeof(bytes_of));
}

static void nobody_is_forgotten(void **state)
{
	struct caller callers[16];

	(void)state;
	for (int i = 0; i < 16; i++) {
		callers[i] = (struct caller){.number = {.value = i + 1}, .rounds = 2000};
		assert_int_equal(pthread_create(&callers[i].thread, NULL, make_call, &callers[i]), 0);
	}
	for (int i = 0; i < 16; i++) {
		pthread_join(callers[i].thread, NULL);
		assert_int_equal(callers[i].rc, i + 1);
	}
	assert_int_equal(done, 16 * 2000);
	assert_null(batch.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(who_is_alone_goes_at_once, begin),
		cmocka_unit_test_setup(who_comes_meanwhile_goes_with_the_next_in_order, begin),
		cmocka_unit_test_setup(no_list_is_too_long, begin),
		cmocka_unit_test_setup(a_call_that_breaks_costs_itself, begin),
		cmocka_unit_test_setup(a_database_that_is_away_is_asked_once, begin),
		cmocka_unit_test_setup(who_is_tried_alone_stops_when_the_database_goes, begin),
		cmocka_unit_test_setup(long_ones_go_apart, begin),
		cmocka_unit_test_setup(nobody_is_forgotten, begin),
	};

	const struct conf conf = {.database = "host=127.0.0.1 port=1", .database_read = ""};
	int rc;

	/* It is never asked. */
	database = db_open(&conf, "test", 1, 60000);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	db_close(database);
	return rc;
}
