/* SPDX-License-Identifier: ISC */
/* One HTTP request as a doctor makes it: who answered, what, by which clock, with which certificate. */
#ifndef B3LB_NET_PROBE_H
#define B3LB_NET_PROBE_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"

/* How far a request came that got no answer. */
enum probe_failure { PROBE_NONE, PROBE_NAME, PROBE_CONNECT, PROBE_TLS, PROBE_OTHER };

struct probe_call {
	const char *url;
	const char *connect_to; /* "host:port" instead of the URL's, which it still names; NULL: the URL's */
	const char *ca_file;	/* PEM; NULL or "": the system's authorities */
	const char *authorization; /* value of that header; NULL: none */
	const char *form;	   /* body of a POST, form-encoded; NULL: GET */
	const char *range;	   /* "0-0"; NULL: all */
	bool head;
};

/* Zero-initialise; probe_answer_free. */
struct probe_answer {
	enum probe_failure failure;
	int status;
	long long length; /* Content-Length; -1: none */
	bool dated;
	double clock_ahead;   /* seconds that the answer's Date is ahead of this machine; dated only */
	bool request_id;      /* it bears the Request-Id of a program of ours */
	int certificate_days; /* until it expires; -1: there was none */
	struct buf body;      /* its first PROBE_BODY_MAX bytes */
};
#define PROBE_BODY_MAX (4 << 20)

/*
 * Asks once, within conf's times for a node; redirects are not followed. 0 with any answer, or -1 with
 * ERR_AWAY and answer->failure; the text holds no query. The first call initialises libcurl: before threads.
 */
int probe_do(const struct conf *conf, const struct probe_call *call, struct probe_answer *answer,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
void probe_answer_free(struct probe_answer *answer);

#endif
