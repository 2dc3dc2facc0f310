/* SPDX-License-Identifier: ISC */
/* Work that is shared: never what began before it was asked for, and once for all who wait. */
#include "config.h"
#include "unit.h"

#include "base/flight.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define THREADS 16
#define ROUNDS	200

static void nap(long us)
{
	nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

static int alive; /* what was made and not freed */
static void destroy(void *made)
{
	__atomic_sub_fetch(&alive, 1, __ATOMIC_SEQ_CST);
	free(made);
}
static struct flights flights = FLIGHTS_INIT(destroy);

/* A number that only grows: the work reads it when it begins, and takes its time. */
static long long counted, worked;
static void *read_counted(const void *arg, struct err *err)
{
	long long *made = mem_alloc(sizeof(*made));

	(void)arg;
	(void)err;
	__atomic_add_fetch(&alive, 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&worked, 1, __ATOMIC_SEQ_CST);
	*made = __atomic_load_n(&counted, __ATOMIC_SEQ_CST);
	nap(200);
	return made;
}

static void *count_and_ask(void *arg)
{
	long *late = arg;

	for (int i = 0; i < ROUNDS; i++) {
		long long mine = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
		struct flight *flight;
		struct err err = {0};
		const long long *seen = flight_join(&flights, "key", read_counted, "", &flight, &err);

		*late += !seen || *seen < mine;
		flight_leave(&flights, flight);
	}
	return NULL;
}

static void everyone_sees_what_was_so_before(void **state)
{
	pthread_t threads[THREADS];
	long late[THREADS] = {0};

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_and_ask, &late[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(late[i], 0);
	}
	assert_true(worked < (long long)THREADS * ROUNDS);
	assert_int_equal(alive, 0);
	assert_null(flights.list);
}

/* One is under way until it may go on; all others have come meanwhile. */
static bool may_go;
static int began;
static void *wait_to_go(const void *arg, struct err *err)
{
	(void)arg;
	__atomic_add_fetch(&began, 1, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&may_go, __ATOMIC_SEQ_CST))
		nap(100);
	err_set(err, ERR_AWAY, "nothing today");
	return NULL;
}

static void *ask_in_vain(void *arg)
{
	struct flight *flight;
	struct err *err = arg;

	assert_null(flight_join(&flights, "gate", wait_to_go, "", &flight, err));
	flight_leave(&flights, flight);
	return NULL;
}

static void who_comes_meanwhile_shares_the_next_and_its_failure(void **state)
{
	pthread_t threads[THREADS];
	struct err errs[THREADS] = {{0}};

	(void)state;
	pthread_create(&threads[0], NULL, ask_in_vain, &errs[0]);
	while (!__atomic_load_n(&began, __ATOMIC_SEQ_CST))
		nap(100);
	for (int i = 1; i < THREADS; i++)
		pthread_create(&threads[i], NULL, ask_in_vain, &errs[i]);
	nap(50000);
	assert_int_equal(began, 1);
	__atomic_store_n(&may_go, true, __ATOMIC_SEQ_CST);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(errs[i].kind, ERR_AWAY);
		assert_string_equal(errs[i].text, "nothing today");
	}
	/* Two, unless this machine let somebody in only after they had landed. */
	assert_in_range(began, 2, THREADS - 1);
	assert_null(flights.list);
}

static void keys_do_not_wait_for_each_other(void **state)
{
	pthread_t thread;
	struct flight *flight;
	struct err err = {0}, gate = {0};

	(void)state;
	may_go = false;
	began = 0;
	pthread_create(&thread, NULL, ask_in_vain, &gate);
	while (!__atomic_load_n(&began, __ATOMIC_SEQ_CST))
		nap(100);
	assert_non_null(flight_join(&flights, "key", read_counted, "", &flight, &err));
	flight_leave(&flights, flight);
	__atomic_store_n(&may_go, true, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	assert_int_equal(alive, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everyone_sees_what_was_so_before),
		cmocka_unit_test(who_comes_meanwhile_shares_the_next_and_its_failure),
		cmocka_unit_test(keys_do_not_wait_for_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
