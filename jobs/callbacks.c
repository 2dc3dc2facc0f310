/* SPDX-License-Identifier: ISC */
/* b3lb-callbacks: delivers what clients are to be told, again and again until they take it or a day is over.
 */
#include "config.h"
#include "core/callback.h"
#include "run/job.h"
#include "base/log.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define BATCH  64
#define WINDOW 32
/* A database that stands still is waited for so long with what a client has taken: it must not be told twice. */
#define WRITE_SECONDS 300

struct round {
	const struct job *job;
	struct arena arena;
	struct upstream_flow *flow; /* reads what clients say while we wait for the database */
	struct err *err;
	bool failed;
	int delivered, postponed, given_up;
};

static time_t now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* What was delivered is told the database however long that is away: nobody else may deliver it again. */
static int write_down(const struct round *r, const struct callback *c, bool delivered, const char *why,
	bool *given_up, struct err *err)
{
	time_t until = now_s() + WRITE_SECONDS;
	int rc;

	while ((rc = callback_finish(r->job->db, c, delivered, why, given_up, err)) == -1 && delivered &&
		err->kind == ERR_AWAY && now_s() < until)
		sleep(1);
	return rc;
}

static void finish(struct round *r, const struct callback *c, bool delivered, const char *why)
{
	struct err err = {0};
	bool given_up = false;
	struct log_line l;

	if (write_down(r, c, delivered, why, &given_up, &err) == -1) {
		if (!r->failed)
			*r->err = err;
		r->failed = true;
		return;
	}
	r->delivered += delivered;
	r->given_up += given_up;
	r->postponed += !delivered && !given_up;
	if (delivered)
		return;
	log_begin(&l, given_up ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO,
		given_up ? "callback_given_up" : "callback_failed");
	log_int(&l, "callback", c->id);
	log_str(&l, "tenant", c->tenant);
	log_str(&l, "kind", c->kind);
	log_int(&l, "attempt", c->attempts);
	log_str(&l, "msg", why);
	log_end(&l);
}

static void send_one(struct round *r, struct callback *c)
{
	struct upstream_call call;

	if (callback_prepare(&r->arena, r->job->conf->callback_deny, c, &call))
		upstream_flow_put(r->flow, &call, c);
	else
		finish(r, c, false, "it could not be signed");
}

static void take(struct round *r, const struct upstream_done *done)
{
	bool delivered = done->err.kind == ERR_NONE && done->answer.status / 100 == 2;
	bool refused =
		done->err.kind == ERR_NONE && (done->answer.status == 401 || done->answer.status == 403);
	char why[64];

	/* A platform that has not heard of the new secret yet: both are valid, and it may know the other one. */
	if (refused && callback_use_other_secret(done->tag)) {
		send_one(r, done->tag);
		return;
	}

	snprintf(why, sizeof(why), "HTTP status %d", done->answer.status);
	finish(r, done->tag, delivered, delivered ? NULL : done->err.kind != ERR_NONE ? done->err.text : why);
}

/* Sends those claimed; returns how many there were, or -1 with err. */
static int send_batch(struct round *r, struct err *err)
{
	const struct conf *conf = r->job->conf;
	/* Longer than a call and its writing can take: a row is free again only when its sender is dead. */
	int lease = 3 * (conf->node_request_timeout + conf->node_connect_timeout) + WRITE_SECONDS;
	struct callback *list;
	int count = callback_claim(r->job->db, &r->arena, BATCH, lease, &list, err);
	struct upstream_done done;

	for (int i = 0; i < count; i++)
		send_one(r, &list[i]);
	while (upstream_flow_take(r->flow, &done)) {
		take(r, &done);
		upstream_answer_free(&done.answer);
	}
	return count;
}

static int round_callbacks(const struct job *job, struct buf *message, struct err *err)
{
	struct round r = {.job = job, .err = err};
	int count;

	r.flow = upstream_flow_open(job->upstream, WINDOW, job->stop);
	do {
		arena_reset(&r.arena);
		count = send_batch(&r, err);
	} while (!r.failed && count == BATCH && !*job->stop);
	upstream_flow_close(r.flow);
	arena_free(&r.arena);
	buf_printf(message, "%d delivered, %d postponed, %d given up", r.delivered, r.postponed, r.given_up);
	if (count < 0 || r.failed)
		return -1;
	return callback_prune(job->db, err);
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "callbacks",
		.purpose = "delivers callbacks to the learning platforms",
		.round = round_callbacks,
	};

	return job_main(&spec, argc, argv);
}
