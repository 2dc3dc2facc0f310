/* SPDX-License-Identifier: ISC */
/* b3lb-callbacks: delivers what clients are to be told, again and again until they take it or a day is over.
 */
#include "config.h"
#include "core/callback.h"
#include "run/job.h"
#include "base/log.h"

#include <stdio.h>

#define BATCH  64
#define WINDOW 32
/* Longer than a call can take: a row is free again only when its sender is dead. */
#define LEASE_FACTOR 3

struct round {
	const struct job *job;
	struct arena arena;
	struct callback *list;
	int count, at;
	struct err *err;
	bool failed;
	int delivered, postponed, given_up;
};

static void finish(struct round *r, const struct callback *c, bool delivered, const char *why)
{
	struct err err = {0};
	bool given_up = false;
	struct log_line l;

	if (callback_finish(r->job->db, c, delivered, why, &given_up, &err) == -1) {
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

static bool on_next(void *ctx, struct upstream_call *call, void **tag)
{
	struct round *r = ctx;

	while (r->at < r->count) {
		struct callback *c = &r->list[r->at++];

		*tag = c;
		if (callback_prepare(&r->arena, r->job->conf->callback_deny, c, call))
			return true;
		finish(r, c, false, "it could not be signed");
	}
	return false;
}

static void on_done(void *ctx, void *tag, const struct upstream_answer *answer, const struct err *err)
{
	char why[64];

	snprintf(why, sizeof(why), "HTTP status %d", answer->status);
	if (err->kind != ERR_NONE)
		finish(ctx, tag, false, err->text);
	else
		finish(ctx, tag, answer->status / 100 == 2, answer->status / 100 == 2 ? NULL : why);
}

static int round_callbacks(const struct job *job, struct buf *message, struct err *err)
{
	struct round r = {.job = job, .err = err};
	struct upstream_window window = {
		.window = WINDOW, .next = on_next, .done = on_done, .ctx = &r, .stop = job->stop};
	int lease = LEASE_FACTOR * (job->conf->node_request_timeout + job->conf->node_connect_timeout);
	int rc = 0;

	do {
		arena_reset(&r.arena);
		r.at = 0;
		r.count = callback_claim(job->db, &r.arena, BATCH, lease, &r.list, err);
		if (r.count < 0)
			rc = -1;
		else
			upstream_run_window(job->upstream, &window);
	} while (rc == 0 && !r.failed && r.count == BATCH && !*job->stop);
	arena_free(&r.arena);
	if (rc == 0 && !r.failed)
		rc = callback_prune(job->db, err);
	buf_printf(message, "%d delivered, %d postponed, %d given up", r.delivered, r.postponed, r.given_up);
	return r.failed ? -1 : rc;
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
