/* SPDX-License-Identifier: ISC */
/* Tests of the order in which threads get a connection. */
#include "config.h"
#include "unit.h"

#include "base/clock.h"
#include "db/queue.h"

#include <errno.h>
#include <time.h>

#define THREADS 8

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct db_queue queue;
static int waiting, free_slots, order[THREADS], taken;

/* Takes a slot as the pool does. */
static void *take(void *number)
{
	struct db_waiter self = {0};

	pthread_mutex_lock(&lock);
	waiting++;
	while (!free_slots || !db_queue_turn(&queue, &self, clock_ms()))
		if (db_queue_wait(&queue, &self, &lock, clock_ms() + 60000) == ETIMEDOUT)
			break;
	free_slots--;
	order[taken++] = *(int *)number;
	db_queue_leave(&queue, &self);
	if (free_slots)
		db_queue_wake(&queue);
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* Until so many wait, or have taken. */
static void until(const int *count, int want)
{
	for (bool there = false; !there; nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL)) {
		pthread_mutex_lock(&lock);
		there = *count == want;
		pthread_mutex_unlock(&lock);
	}
}

static void give(int slots, bool all)
{
	pthread_mutex_lock(&lock);
	free_slots += slots;
	if (all)
		db_queue_wake_all(&queue);
	else
		db_queue_wake(&queue);
	pthread_mutex_unlock(&lock);
}

static void check_order(int at_once, bool all)
{
	pthread_t threads[THREADS];
	int numbers[THREADS];

	waiting = taken = 0;
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, take, &numbers[i]);
		until(&waiting, i + 1);
	}
	for (int i = 0; i < THREADS; i += at_once) {
		give(at_once, all);
		until(&taken, i + at_once);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(order[i], i);
	}
	assert_null(queue.first);
	assert_null(queue.last);
	assert_int_equal(free_slots, 0);
}

/* However many are free at once, and whoever is woken: who came first has one first. */
static void test_order(void **state)
{
	(void)state;
	check_order(1, false);
	check_order(2, false);
	check_order(THREADS, false);
	check_order(1, true);
	check_order(4, true);
}

/* Who comes goes first only as long as nobody has waited for long; who waits behind others never does. */
static void test_turn(void **state)
{
	struct db_waiter first = {.queued = true, .since_ms = 1000},
			 second = {.queued = true, .since_ms = 1001}, new = {0};
	struct db_queue q = {0};

	(void)state;
	assert_true(db_queue_turn(&q, &new, 1000));
	q = (struct db_queue){.first = &first, .last = &second};
	first.next = &second;
	assert_true(db_queue_turn(&q, &first, 1000));
	assert_false(db_queue_turn(&q, &second, 1000));
	assert_true(db_queue_turn(&q, &new, 1000 + DB_QUEUE_FAIR_MS - 1));
	assert_false(db_queue_turn(&q, &new, 1000 + DB_QUEUE_FAIR_MS));
	assert_true(db_queue_turn(&q, &first, 1000 + DB_QUEUE_FAIR_MS));
}

/* Who gives up in the midst of the queue leaves the others as they stand. */
static void test_leave(void **state)
{
	struct db_waiter w[3] = {{0}, {0}, {0}};
	struct db_queue q = {0};

	(void)state;
	pthread_mutex_lock(&lock);
	for (int i = 0; i < 3; i++)
		assert_int_equal(db_queue_wait(&q, &w[i], &lock, clock_ms()), ETIMEDOUT);
	db_queue_leave(&q, &w[1]);
	assert_ptr_equal(q.first, &w[0]);
	assert_ptr_equal(w[0].next, &w[2]);
	assert_ptr_equal(q.last, &w[2]);
	db_queue_leave(&q, &w[2]);
	assert_ptr_equal(q.last, &w[0]);
	db_queue_leave(&q, &w[0]);
	assert_null(q.first);
	assert_null(q.last);
	/* Who never waited leaves nothing. */
	db_queue_leave(&q, &w[0]);
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_turn),
		cmocka_unit_test(test_leave),
	};

	return cmocka_run_group_tests_name("db_queue", tests, NULL, NULL);
}
