/* SPDX-License-Identifier: ISC */
/* b3lb-poll: asks every due node for its meetings and its load, and writes down what it said. */
#include "config.h"
#include "run/job.h"
#include "base/log.h"
#include "core/node_poll.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

/* Claimed at once: few, so that another host finds some too. */
#define CLAIM_BATCH 16

enum step { STEP_MEETINGS, STEP_LOAD };

/* A node in our hands: first its meetings are asked for, then its load. */
struct visit {
	struct poll_node node;
	enum step step;
	struct poll_report report;
	struct buf url;
	LIST_ENTRY(visit) all;
};

struct round {
	const struct job *job;
	const char *since;
	struct arena arena;
	struct upstream_flow *flow; /* reads what nodes say while we wait for the database */
	bool exhausted;
	LIST_HEAD(, visit) visits; /* that have begun and not ended */
	struct err *err;	   /* the database failed: no more nodes are taken */
	bool failed;
	int polled, bad, meetings;
};

static void give_up(struct round *r, const struct err *err)
{
	if (!r->failed)
		*r->err = *err;
	r->failed = true;
}

static void visit_free(struct visit *v)
{
	LIST_REMOVE(v, all);
	poll_report_free(&v->report);
	buf_free(&v->url);
	free(v);
}

static void log_change(const struct visit *v, enum log_level level, const char *event, const char *why)
{
	struct log_line l;

	log_begin(&l, level, event);
	log_str(&l, "node", v->node.node.slug);
	log_str(&l, "msg", why);
	log_end(&l);
}

static void finish_bad(struct round *r, struct visit *v, const char *why)
{
	struct err err = {0};
	bool went_offline = false;

	r->bad++;
	if (poll_write_bad(r->job->db, r->job->conf, &v->node, why, &went_offline, &err) == -1)
		give_up(r, &err);
	else
		log_change(v, went_offline ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO,
			went_offline ? "node_offline" : "poll_failed", why);
	visit_free(v);
}

static void finish_good(struct round *r, struct visit *v, int cpu)
{
	struct err err = {0};
	bool came_online = false;
	char why[64];

	if (poll_write_good(r->job->db, r->job->conf, &v->node, &v->report, cpu, &came_online, &err) == -1) {
		/* A value that no column takes must not stop the poll of the others; all else is not the node's doing. */
		if (err.kind == ERR_INVALID || err.kind == ERR_CONFLICT) {
			log_change(v, LOG_LEVEL_ERROR, "failure", err.text);
			finish_bad(r, v, "the database refuses what the node says");
			return;
		}
		give_up(r, &err);
	} else if (came_online) {
		log_change(v, LOG_LEVEL_INFO, "node_online", NULL);
	}
	if (*v->report.unsteady)
		log_change(v, LOG_LEVEL_WARNING, "node_unsteady", v->report.unsteady);
	if (v->report.skipped) {
		snprintf(why, sizeof(why), "%d listed without a sound id", v->report.skipped);
		log_change(v, LOG_LEVEL_WARNING, "meetings_skipped", why);
	}
	r->polled++;
	r->meetings += v->report.meetings;
	visit_free(v);
}

/* Asks the node for what the visit's step says. */
static void ask(struct round *r, struct visit *v)
{
	static const struct query no_parameters;
	struct upstream_call call = {0};

	buf_clear(&v->url);
	if (v->step == STEP_MEETINGS)
		node_call_url(r->job->conf, &v->node.node, "getMeetings", &no_parameters, &v->url);
	else
		node_load_url(r->job->conf, &v->node.node, &v->url);
	call.url = buf_str(&v->url);
	upstream_flow_put(r->flow, &call, v);
}

/* What went wrong on this machine says nothing about the node: it is free again when the claim ends. */
static bool is_nodes_fault(const struct err *err)
{
	return err->kind != ERR_INTERNAL && err->kind != ERR_BUSY;
}

static void take_meetings(struct round *r, struct visit *v, const struct upstream_done *done)
{
	const struct upstream_answer *answer = &done->answer;
	/* Of an answer that is too long there is the beginning. */
	const char *cut = done->err.kind == ERR_LIMIT ? done->err.text : NULL;
	struct err err = cut ? (struct err){0} : done->err;
	bool node_fault = is_nodes_fault(&err);
	char why[64];

	if (err.kind == ERR_NONE && !cut && answer->status != 200) {
		snprintf(why, sizeof(why), "HTTP status %d", answer->status);
		finish_bad(r, v, why);
		return;
	}
	if (err.kind == ERR_NONE &&
		poll_read(r->job->db, r->job->conf, v->node.node.id, buf_str(&answer->body), answer->body.len,
			cut, &v->report, &node_fault, &err) == 0) {
		v->step = STEP_LOAD;
		ask(r, v);
		return;
	}
	if (node_fault) {
		finish_bad(r, v, err.text);
		return;
	}
	if (err.kind == ERR_BUSY)
		log_change(v, LOG_LEVEL_WARNING, "poll_dropped", err.text);
	else
		give_up(r, &err);
	visit_free(v);
}

/* What is no load value is none, whatever else answers there (with Greenlight on the node its page): the last cpu stays. */
static void take_load(struct round *r, struct visit *v, const struct upstream_done *done)
{
	int cpu = -1;

	if (done->err.kind == ERR_NONE && done->answer.status == 200)
		cpu = poll_parse_cpu(buf_str(&done->answer.body));
	finish_good(r, v, cpu);
}

/* Claims nodes while there is room for them: what is claimed is asked at once. */
static void claim_more(struct round *r)
{
	const struct conf *conf = r->job->conf;
	struct err err = {0};

	while (!r->exhausted && !r->failed && !*r->job->stop) {
		int room = conf->poll_window - upstream_flow_count(r->flow), count;
		struct poll_node *claimed;

		if (room <= 0)
			return;
		count = poll_claim(r->job->db, &r->arena, r->since, r->job->every / 2.0,
			room < CLAIM_BATCH ? room : CLAIM_BATCH, 2 * conf->node_request_timeout + 10,
			&claimed, &err);
		if (count < 0)
			give_up(r, &err);
		r->exhausted = count <= 0;
		for (int i = 0; i < count; i++) {
			struct visit *v = mem_zalloc(sizeof(*v));

			v->node = claimed[i];
			LIST_INSERT_HEAD(&r->visits, v, all);
			ask(r, v);
		}
	}
}

/* A round in which nobody polled any node is none, whatever the reason is. */
static int after_round(struct round *r, struct err *err)
{
	long long unpolled = 0, lost = 0;
	struct log_line l;

	if (r->failed)
		return -1;
	if (*r->job->stop)
		return 0;
	if (poll_tidy(r->job->db, r->job->conf, &lost, err) == -1)
		return -1;
	if (lost) {
		log_begin(&l, LOG_LEVEL_WARNING, "meetings_lost");
		log_int(&l, "meetings", lost);
		log_str(&l, "msg", "their nodes are offline for longer than node_lost_hours");
		log_end(&l);
	}
	if (r->polled + r->bad == 0)
		/* Another host's round may have begun before this one, and have ended just now. */
		unpolled = poll_unpolled(r->job->db, r->since,
			r->job->every / 2.0 + r->job->conf->node_connect_timeout +
				r->job->conf->node_request_timeout,
			err);
	if (unpolled > 0)
		return err_set(err, ERR_INTERNAL, "0 of %lld nodes", unpolled);
	return unpolled < 0 ? -1 : 0;
}

static int round_poll(const struct job *job, struct buf *message, struct err *err)
{
	struct round r = {.job = job, .err = err};
	struct upstream_done done;
	int rc;

	if (poll_clock(job->db, &r.arena, &r.since, err) == -1)
		return -1;
	r.flow = upstream_flow_open(job->upstream, job->conf->poll_window, job->stop);
	for (claim_more(&r); upstream_flow_take(r.flow, &done); claim_more(&r)) {
		struct visit *v = done.tag;

		(v->step == STEP_MEETINGS ? take_meetings : take_load)(&r, v, &done);
		upstream_answer_free(&done.answer);
	}
	upstream_flow_close(r.flow);
	/* Those that a stop cut off; their nodes are free again when the claim ends. */
	while (!LIST_EMPTY(&r.visits))
		visit_free(LIST_FIRST(&r.visits));
	rc = after_round(&r, err);
	arena_free(&r.arena);
	buf_printf(message, "%d nodes answered with %d meetings, %d failed", r.polled, r.meetings, r.bad);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "poll",
		.purpose = "asks the nodes for their meetings and load",
		.round = round_poll,
	};

	return job_main(&spec, argc, argv);
}
