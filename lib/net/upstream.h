/* SPDX-License-Identifier: ISC */
/* HTTP calls to nodes: bounded in time, in bytes, and in number for each node. */
#ifndef B3LB_NET_UPSTREAM_H
#define B3LB_NET_UPSTREAM_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"

struct upstream;

struct upstream_call {
	long long node_id; /* whose turn it takes; 0: nobody's */
	const char *url;
	const char *content_type; /* of the body; NULL: GET without one */
	const char *body;
	size_t body_len;
	const char *authorization; /* value of that header; NULL: none */
	bool ignore_body;	   /* of the answer: only its status matters */
	const char *deny;	   /* networks that it may not connect to (cidr.h); NULL: any is right */
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
 *   ERR_AWAY  no connection, timeout, broken or too long an answer
 *   ERR_BUSY  node_concurrency calls are under way, and none of them has ended for a second or the last one
 *             by a timeout: the node hangs, and this worker does not wait with the others
 * err's text never holds the URL's query. Any thread; the caller frees the answer in both cases.
 */
int upstream_do(struct upstream *up, const struct upstream_call *call, struct upstream_answer *answer,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
void upstream_answer_free(struct upstream_answer *answer);

/*
 * Many calls at once, at most `window` under way; a call's timeouts start when it starts, not while it waits.
 * next() fills the next call (strings must live until done()) and a tag, and returns false when there is none
 * now; it is asked again after each done(). done() gets the tag, and err->kind == ERR_NONE with the answer,
 * or what failed. Answers are freed after done(). One thread. Returns when next() has no more and nothing is
 * under way, or *stop became true (running calls are dropped without done()).
 */
struct upstream_window {
	int window;
	bool (*next)(void *ctx, struct upstream_call *call, void **tag);
	void (*done)(void *ctx, void *tag, const struct upstream_answer *answer, const struct err *err);
	void *ctx;
	const volatile int *stop; /* set by a signal handler; may be NULL */
};
void upstream_run_window(struct upstream *up, const struct upstream_window *w) b3lb_nonnull;

#endif
