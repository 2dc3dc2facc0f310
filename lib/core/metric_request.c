/* SPDX-License-Identifier: ISC */
/* API calls and their durations, counted in this process and added to the database now and then. */
#include "config.h"
#include "core/metric.h"

#include "base/log.h"
#include "sql/statements.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The table of calls is shorter. Were it not, the last place would be of all others together. */
#define CALLS_MAX     64
#define OTHERS	      "other"
#define FLUSH_SECONDS 5

/* Upper bounds in microseconds; the last holds everything. As SQL text they are seconds. */
static const struct {
	long long us;
	const char *seconds;
} bounds[] = {{1000, "0.001"}, {2500, "0.0025"}, {5000, "0.005"}, {10000, "0.01"}, {25000, "0.025"},
	{50000, "0.05"}, {100000, "0.1"}, {250000, "0.25"}, {1000000, "1"}, {2500000, "2.5"},
	{10000000, "10"}, {0, "infinity"}};

struct counted {
	const char *call; /* NULL: a free place */
	long long requests[ARRAY_SIZE(bounds)], us;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct counted calls[CALLS_MAX];
static bool dirty;
static time_t last_flush;

static time_t monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec;
}

void metric_request(const char *call, long long microseconds)
{
	struct counted *c = NULL;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < CALLS_MAX && !c; i++)
		if (!calls[i].call || strcmp(calls[i].call, call) == 0)
			c = &calls[i];
	if (!c || c == &calls[CALLS_MAX - 1]) {
		c = &calls[CALLS_MAX - 1];
		call = OTHERS;
	}
	c->call = call;
	c->us += microseconds;
	/* Cumulative, as the format wants it. */
	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++)
		c->requests[i] += !bounds[i].us || microseconds <= bounds[i].us;
	dirty = true;
	pthread_mutex_unlock(&lock);
}

static void write_down(struct db *db, const struct counted *list)
{
	struct buf names = BUF_INIT, les = BUF_INIT, requests = BUF_INIT, seconds = BUF_INIT;
	struct buf *arrays[] = {&names, &les, &requests, &seconds};
	struct err err = {0};
	char text[32];

	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		db_array_begin(arrays[i]);
	for (int i = 0; i < CALLS_MAX && list[i].call; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(bounds); k++) {
			db_array_add(&names, list[i].call);
			db_array_add(&les, bounds[k].seconds);
			db_array_add_int(&requests, list[i].requests[k]);
			snprintf(text, sizeof(text), "%.6f", bounds[k].us ? 0.0 : (double)list[i].us / 1e6);
			db_array_add(&seconds, text);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		db_array_end(arrays[i]);
	if (db_run(db, &stmt_metric_request_add,
		    DB_ARGS(buf_str(&names), buf_str(&les), buf_str(&requests), buf_str(&seconds)), NULL,
		    &err) == -1)
		log_msg(LOG_LEVEL_WARNING, "metrics_lost", "request counts could not be written down: %s",
			err.text);
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		buf_free(arrays[i]);
}

void metric_flush(struct db *db, bool always)
{
	struct counted list[CALLS_MAX];
	time_t now = monotonic();

	pthread_mutex_lock(&lock);
	if (!dirty || (!always && now - last_flush < FLUSH_SECONDS)) {
		pthread_mutex_unlock(&lock);
		return;
	}
	memcpy(list, calls, sizeof(list));
	memset(calls, 0, sizeof(calls));
	dirty = false;
	last_flush = now;
	pthread_mutex_unlock(&lock);
	write_down(db, list);
}
