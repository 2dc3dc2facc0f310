/* SPDX-License-Identifier: ISC */
/* HTTP calls to nodes: bounded in time, in bytes, and in number for each node. */
#ifndef B3LB_NET_UPSTREAM_H
#define B3LB_NET_UPSTREAM_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"

#include <stdatomic.h>

struct upstream;

struct upstream_call {
	long long node_id; /* whose turn it takes; 0: nobody's */
	const char *url;
	const char *content_type; /* of the body; NULL: GET without one */
	const char *body;
	size_t body_len;
	const char *authorization; /* value of that header; NULL: none */
	bool ignore_body;	   /* of the answer: only its status matters */
	/* Networks that it may not connect to (cidr_list_reaches), nor to this machine; "" or NULL: any is right. */
	const char *deny;
	bool keep;   /* all calls of its flow have this deny: its connection may be used again */
	int timeout; /* seconds for all of it; 0: node_request_timeout */
};

/* Zero-initialise; upstream_answer_free. */
struct upstream_answer {
	int status; /* HTTP status; redirects are not followed */
	char content_type[128];
	struct buf body;
	char cookies[4][512]; /* Set-Cookie values, as sent */
	int cookie_count;
	char location[2048]; /* of a redirect; "" when there is none, or a longer one */
};

/* Process-wide; makes nothing until used. conf must outlive it. Call before threads start: it initialises
 * libcurl. */
struct upstream *upstream_open(const struct conf *conf);
void upstream_close(struct upstream *up);

/*
 * Does one call and waits for it. Returns 0 when an HTTP answer came, whatever its status, or -1 with err:
 *   ERR_AWAY  no connection, timeout, a broken answer
 *   ERR_LIMIT  an answer of more than node_answer_max bytes: its beginning is in answer->body
 *   ERR_INVALID  its address is one that may not be called
 *   ERR_BUSY  node_concurrency calls are under way, and none of them has ended for a second or the last one
 *             by a timeout: the node hangs, and this worker does not wait with the others
 * err's text never holds the URL's query. Any thread; the caller frees the answer in both cases.
 */
int upstream_do(struct upstream *up, const struct upstream_call *call, struct upstream_answer *answer,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
void upstream_answer_free(struct upstream_answer *answer);

/*
 * Many calls at once, at most `window` under way, read by a thread of the flow's own: however long the caller is
 * busy with what it took, say with a database that stands still, every answer is read in its time. A call's
 * timeouts start when it starts, not while it waits. One thread puts and takes.
 */
struct upstream_flow;

/* What became of a call: err.kind ERR_NONE with the answer, or what failed (upstream_do), and
 *   ERR_INTERNAL  this machine could not make the call
 *   ERR_BUSY      this process stood still, and the time was over when it went on
 * which say nothing about the host. The caller frees the answer in any case. */
struct upstream_done {
	void *tag;
	struct upstream_answer answer;
	struct err err;
};

/* Never fails. stop: set by a signal handler, ends the flow; may be NULL. */
struct upstream_flow *upstream_flow_open(struct upstream *up, int window, const atomic_int *stop);
/* Drops what is under way, and what was not taken; f is gone. */
void upstream_flow_close(struct upstream_flow *f) b3lb_nonnull;
/* Adds a call; its strings must live until it was taken. */
void upstream_flow_put(struct upstream_flow *f, const struct upstream_call *call, void *tag);
/* How many were put and not taken yet: the caller bounds what lies in memory. */
int upstream_flow_count(struct upstream_flow *f) b3lb_nonnull;
/* Waits for the next that is done; false when there is none any more, or *stop ended the flow. */
bool upstream_flow_take(struct upstream_flow *f, struct upstream_done *done) b3lb_nonnull;
/* The same, but waits no longer than ms. */
bool upstream_flow_take_within(struct upstream_flow *f, int ms, struct upstream_done *done) b3lb_nonnull;

#endif
