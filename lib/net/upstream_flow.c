/* SPDX-License-Identifier: ISC */
/* Many calls to other hosts at once, a bounded window of them under way, read by a thread of their own. */
#include "config.h"
#include "net/upstream.h"

#include "base/clock.h"
#include "net/transfer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>

/* How soon a stop flag is seen. */
#define POLL_MS 500
/* A loop that comes round so much later than it must did not run: the machine, or somebody with SIGSTOP, held
 * it up. */
#define STILL_MS 1000

/* A call on its way: it waits, is under way, or is done. */
struct item {
	struct upstream_call call;
	struct upstream_done done;
	CURL *curl;
	struct upstream_transfer transfer;
	bool stood_still; /* the loop did while this one was under way */
	TAILQ_ENTRY(item) next;
};
TAILQ_HEAD(items, item);

struct upstream_flow {
	struct upstream *up;
	int window;
	const atomic_int *stop;
	pthread_t thread;
	bool has_thread;
	CURLM *multi;
	struct items running; /* the thread's alone, as is running_count */
	int running_count;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	struct items waiting, finished;
	int count; /* put and not taken yet */
	bool closing, ended;
};

static bool stopped(const struct upstream_flow *f)
{
	return f->stop && *f->stop;
}

static void hand_back(struct upstream_flow *f, struct item *i)
{
	pthread_mutex_lock(&f->lock);
	TAILQ_INSERT_TAIL(&f->finished, i, next);
	pthread_cond_signal(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

/* What this machine cannot do says nothing about the host that was to be called. */
static void refuse(struct upstream_flow *f, struct item *i, const char *why)
{
	err_set(&i->done.err, ERR_INTERNAL, "%s", why);
	hand_back(f, i);
}

static void start(struct upstream_flow *f, struct item *i)
{
	CURLMcode code;

	i->curl = curl_easy_init();
	if (!i->curl) {
		refuse(f, i, "could not make a libcurl handle");
		return;
	}
	upstream_curl_begin(f->up, i->curl, &i->call, &i->done.answer, &i->transfer);
	curl_easy_setopt(i->curl, CURLOPT_PRIVATE, i);
	code = curl_multi_add_handle(f->multi, i->curl);
	if (code != CURLM_OK) {
		curl_slist_free_all(i->transfer.headers);
		i->transfer.headers = NULL;
		refuse(f, i, curl_multi_strerror(code));
		return;
	}
	TAILQ_INSERT_TAIL(&f->running, i, next);
	f->running_count++;
}

/* Starts what waits while there is room; false when the flow is to end. */
static bool fill(struct upstream_flow *f)
{
	while (!stopped(f)) {
		struct item *i;
		bool closing;

		pthread_mutex_lock(&f->lock);
		closing = f->closing;
		i = f->running_count < f->window ? TAILQ_FIRST(&f->waiting) : NULL;
		if (i)
			TAILQ_REMOVE(&f->waiting, i, next);
		pthread_mutex_unlock(&f->lock);
		if (closing) {
			free(i);
			return false;
		}
		if (!i)
			return true;
		start(f, i);
	}
	return false;
}

static void leave(struct upstream_flow *f, struct item *i)
{
	curl_multi_remove_handle(f->multi, i->curl);
	TAILQ_REMOVE(&f->running, i, next);
	f->running_count--;
}

static void finish(struct upstream_flow *f, CURL *curl, CURLcode code)
{
	struct item *i = NULL;

	curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&i);
	leave(f, i);
	upstream_curl_end(curl, code, &i->transfer, &i->done.err);
	/* libcurl looks at its clock before it looks whether the answer is there. */
	if (code == CURLE_OPERATION_TIMEDOUT && i->stood_still)
		err_set(&i->done.err, ERR_BUSY, "this host stood still meanwhile");
	hand_back(f, i);
}

static void collect(struct upstream_flow *f)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(f->multi, &left)))
		if (msg->msg == CURLMSG_DONE)
			finish(f, msg->easy_handle, msg->data.result);
}

/* libcurl itself is broken: nothing that is under way would ever end. */
static void refuse_running(struct upstream_flow *f, CURLMcode code)
{
	struct item *i;

	while ((i = TAILQ_FIRST(&f->running))) {
		leave(f, i);
		curl_slist_free_all(i->transfer.headers);
		i->transfer.headers = NULL;
		refuse(f, i, curl_multi_strerror(code));
	}
}

static void *run(void *arg)
{
	struct upstream_flow *f = arg;
	long long last = clock_ms();

	while (fill(f)) {
		CURLMcode code;
		int alive;

		if (clock_ms() - last > POLL_MS + STILL_MS) {
			struct item *i;

			TAILQ_FOREACH(i, &f->running, next)
			i->stood_still = true;
		}
		last = clock_ms();
		code = curl_multi_perform(f->multi, &alive);
		if (code == CURLM_OK) {
			collect(f);
			code = curl_multi_poll(f->multi, NULL, 0, POLL_MS, NULL);
		}
		if (code != CURLM_OK)
			refuse_running(f, code);
	}
	pthread_mutex_lock(&f->lock);
	f->ended = true;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/* With every signal blocked: they are the caller's, whose sleep they end. */
static bool start_thread(struct upstream_flow *f)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&f->thread, NULL, run, f);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !failed;
}

struct upstream_flow *upstream_flow_open(struct upstream *up, int window, const atomic_int *stop)
{
	struct upstream_flow *f = mem_zalloc(sizeof(*f));
	pthread_condattr_t attr;

	f->up = up;
	f->window = window;
	f->stop = stop;
	TAILQ_INIT(&f->running);
	TAILQ_INIT(&f->waiting);
	TAILQ_INIT(&f->finished);
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&f->changed, &attr);
	pthread_condattr_destroy(&attr);
	f->multi = curl_multi_init();
	f->has_thread = f->multi && start_thread(f);
	return f;
}

void upstream_flow_put(struct upstream_flow *f, const struct upstream_call *call, void *tag)
{
	struct item *i = mem_zalloc(sizeof(*i));

	i->call = *call;
	i->done.tag = tag;
	pthread_mutex_lock(&f->lock);
	f->count++;
	if (f->has_thread)
		TAILQ_INSERT_TAIL(&f->waiting, i, next);
	pthread_mutex_unlock(&f->lock);
	if (f->has_thread)
		curl_multi_wakeup(f->multi);
	else
		refuse(f, i, "could not start a thread for calls");
}

int upstream_flow_count(struct upstream_flow *f)
{
	int count;

	pthread_mutex_lock(&f->lock);
	count = f->count;
	pthread_mutex_unlock(&f->lock);
	return count;
}

/* until NULL: however long it takes. */
static bool take(struct upstream_flow *f, const struct timespec *until, struct upstream_done *done)
{
	struct item *i;
	int late = 0;

	pthread_mutex_lock(&f->lock);
	while (!(i = TAILQ_FIRST(&f->finished)) && f->count && !f->ended && !late)
		late = until ? pthread_cond_timedwait(&f->changed, &f->lock, until)
			     : pthread_cond_wait(&f->changed, &f->lock);
	if (i) {
		TAILQ_REMOVE(&f->finished, i, next);
		f->count--;
	}
	pthread_mutex_unlock(&f->lock);
	if (!i)
		return false;
	*done = i->done;
	curl_easy_cleanup(i->curl);
	free(i);
	return true;
}

bool upstream_flow_take(struct upstream_flow *f, struct upstream_done *done)
{
	return take(f, NULL, done);
}

bool upstream_flow_take_within(struct upstream_flow *f, int ms, struct upstream_done *done)
{
	long long until = clock_ms() + ms;
	struct timespec ts = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};

	return take(f, &ts, done);
}

static void drop(struct items *items)
{
	struct item *i;

	while ((i = TAILQ_FIRST(items))) {
		TAILQ_REMOVE(items, i, next);
		curl_slist_free_all(i->transfer.headers);
		upstream_answer_free(&i->done.answer);
		curl_easy_cleanup(i->curl);
		free(i);
	}
}

void upstream_flow_close(struct upstream_flow *f)
{
	struct item *i;

	pthread_mutex_lock(&f->lock);
	f->closing = true;
	pthread_mutex_unlock(&f->lock);
	if (f->has_thread) {
		curl_multi_wakeup(f->multi);
		pthread_join(f->thread, NULL);
	}
	TAILQ_FOREACH(i, &f->running, next)
	curl_multi_remove_handle(f->multi, i->curl);
	drop(&f->running);
	drop(&f->waiting);
	drop(&f->finished);
	curl_multi_cleanup(f->multi);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
