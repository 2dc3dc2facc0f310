/* SPDX-License-Identifier: ISC */
/* b3lb-hooks: sends webhooks their events, those of a meeting one behind the other, and makes the nodes tell us theirs. */
#include "config.h"
#include "hooks.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WINDOW	64
#define NODES	16 /* asked at once */
#define TICK_MS 100
/* A lane gives back what it has not sent after so long: whoever is killed holds it up until its lease is over. */
#define LANE_MS	      30000
#define LEASE_SECONDS 90
/* A claim looks at every lane: the more they are, the longer it takes and the longer the next one is off, up to so long. */
#define CLAIM_PAUSE 4
#define CLAIM_MS    250
#define PRUNE_MS    10000
#define ASK_MS	    1000
/* A database that stands still is waited for so long with what was taken: it must not be sent twice. */
#define WRITE_SECONDS 300

struct sending {
	struct task task;
	struct hook_lane *lane;
};

static void send_event(struct hooks *h, struct sending *s)
{
	struct upstream_call call;

	hook_prepare(h->job->conf, s->lane, &call);
	upstream_flow_put(h->flow, &call, s);
}

/* The lane is no longer ours: what it has not sent is given back. */
static void leave(struct hooks *h, struct sending *s)
{
	for (int i = s->lane->at + 1; i < s->lane->count; i++)
		hook_note(&h->notes, s->lane->events[i].id, "");
	hook_lane_free(s->lane);
	free(s);
	h->lanes--;
}

static void log_failure(const struct hook_lane *lane, const char *why)
{
	struct log_line l;

	log_begin(&l, LOG_LEVEL_INFO, "hook_failed");
	log_int(&l, "hook", lane->hook_id);
	log_str(&l, "tenant", lane->tenant);
	log_int(&l, "event", lane->events[lane->at].id);
	log_str(&l, "msg", why);
	log_end(&l);
}

static void answered(struct hooks *h, struct task *task, const struct upstream_done *done)
{
	struct sending *s = (struct sending *)task;
	struct hook_lane *lane = s->lane;
	char why[256] = "";
	enum hook_result result = hook_answered(lane, done, why, sizeof(why));

	if (result == HOOK_AGAIN) {
		send_event(h, s);
		return;
	}
	hook_note(&h->notes, lane->events[lane->at].id, result == HOOK_TAKEN ? NULL : why);
	h->sent += result == HOOK_TAKEN;
	if (result == HOOK_FAILED) {
		h->failed++;
		log_failure(lane, why);
	}
	if (result == HOOK_FAILED || lane->at + 1 == lane->count || *h->job->stop ||
		clock_ms() - lane->began_ms > LANE_MS) {
		leave(h, s);
		return;
	}
	lane->at++;
	lane->target = NULL;
	lane->redirects = 0;
	send_event(h, s);
}

/* Returns how many lanes were claimed, or -1 with err. */
static int claim(struct hooks *h, struct err *err)
{
	struct hook_lane **lanes = NULL;
	long long began_ms = clock_ms();
	int count = hook_claim(h->job->db, h->job->conf, WINDOW - h->lanes, LEASE_SECONDS, &lanes, err);

	if (h->job->every) {
		long long pause = (clock_ms() - began_ms) * CLAIM_PAUSE;

		h->claim_ms = clock_ms() + (pause < CLAIM_MS ? pause : CLAIM_MS);
	}
	for (int i = 0; i < count; i++) {
		struct sending *s = mem_zalloc(sizeof(*s));

		s->task.done = answered;
		s->lane = lanes[i];
		h->lanes++;
		send_event(h, s);
	}
	free(lanes);
	return count;
}

/* What was taken is told the database however long that is away. */
static int write_notes(struct hooks *h, struct err *err)
{
	long long until = clock_ms() + WRITE_SECONDS * 1000LL;
	int rc;

	while ((rc = hook_notes_write(h->job->db, &h->notes, err)) == -1 && err->kind == ERR_AWAY &&
		clock_ms() < until)
		sleep(1);
	return rc;
}

static int under_way(const struct hooks *h)
{
	return upstream_flow_count(h->flow) + upstream_flow_count(h->nodes);
}

/* False when nothing is answered within so many milliseconds. */
static bool take_one(struct hooks *h, struct upstream_flow *flow, int ms)
{
	struct upstream_done done;
	struct task *task;

	if (!upstream_flow_take_within(flow, ms, &done))
		return false;
	task = done.tag;
	task->done(h, task, &done);
	upstream_answer_free(&done.answer);
	return true;
}

/* Takes what is answered within a tick; what nodes have answered before it. */
static void take(struct hooks *h)
{
	long long until = clock_ms() + TICK_MS;
	int left;

	while (take_one(h, h->nodes, 0))
		;
	while ((left = (int)(until - clock_ms())) > 0 &&
		take_one(h, upstream_flow_count(h->flow) ? h->flow : h->nodes, left))
		;
}

static void rest(void)
{
	nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
}

/* Prunes and asks nodes when it is time, and claims where there is room. How many lanes were claimed, or -1 with err. */
static int look(struct hooks *h, struct err *err)
{
	bool off = h->job->conf->webhooks == CONF_WEBHOOKS_OFF;

	if (clock_ms() - h->pruned_ms > PRUNE_MS) {
		if (off && hook_drop(h->job->db, err) == -1)
			return -1;
		if (hook_prune(h->job->db, err) == -1)
			return -1;
		h->pruned_ms = clock_ms();
	}
	if (clock_ms() - h->asked_ms > ASK_MS) {
		if (hooks_ask_nodes(h, err) == -1)
			return -1;
		h->asked_ms = clock_ms();
	}
	return !off && h->lanes < WINDOW && clock_ms() >= h->claim_ms ? claim(h, err) : 0;
}

/* until: clock_ms; 0: as long as there is something to do. What is under way at the end is waited for. */
static int work(struct hooks *h, long long until, struct err *err)
{
	bool more = true;
	int rc = 0;

	while (more || under_way(h)) {
		more = more && !*h->job->stop && (!until || clock_ms() < until);
		if (more) {
			int claimed = look(h, err);

			rc = claimed < 0 ? -1 : 0;
			more = claimed > 0 || (claimed == 0 && (until || under_way(h)));
		}
		if (under_way(h))
			take(h);
		else if (more && until)
			rest();
		if (write_notes(h, err) == -1)
			return -1;
	}
	return rc;
}

static int round_hooks(const struct job *job, struct buf *message, struct err *err)
{
	struct hooks h = {.job = job};
	int rc;

	/* What is under way when we are told to stop is waited for: it would be sent twice. */
	h.flow = upstream_flow_open(job->upstream, WINDOW, NULL);
	h.nodes = upstream_flow_open(job->upstream, NODES, NULL);
	rc = work(&h, job->every ? clock_ms() + job->every * 1000LL : 0, err);
	upstream_flow_close(h.flow);
	upstream_flow_close(h.nodes);
	hook_notes_free(&h.notes);
	arena_free(&h.arena);
	buf_printf(message, "%d events sent, %d failed", h.sent, h.failed);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "hooks",
		.purpose = "sends webhooks their events, and makes the nodes tell us theirs",
		.round = round_hooks,
	};

	return job_main(&spec, argc, argv);
}
