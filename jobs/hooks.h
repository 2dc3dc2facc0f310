/* SPDX-License-Identifier: ISC */
/* Private to hooks*.c: a round of b3lb-hooks. */
#ifndef B3LB_HOOKS_H
#define B3LB_HOOKS_H

#include "core/hook_send.h"
#include "run/job.h"

struct hooks;

/* Something that was asked of another host. The first member of what it is about. */
struct task {
	void (*done)(struct hooks *h, struct task *task, const struct upstream_done *done);
};

struct hooks {
	const struct job *job;
	struct arena arena;	    /* of the round */
	struct upstream_flow *flow; /* to webhooks, past callback_deny */
	struct upstream_flow
		*nodes; /* to nodes: their connections were held against no list, and are no webhook's */
	struct hook_notes notes;
	int lanes; /* under way */
	int sent, failed;
	long long pruned_ms, asked_ms; /* clock_ms */
	long long claim_ms;	       /* clock_ms: not before */
};

/* hooks_node.c: asks the nodes whose turn it is to tell us, or not any more. 0 or -1 with err. */
int hooks_ask_nodes(struct hooks *h, struct err *err) b3lb_nonnull;

#endif
