/* SPDX-License-Identifier: ISC */
/* Private to upstream.c and upstream_flow.c: a call to a node on a libcurl handle. */
#ifndef B3LB_NET_TRANSFER_H
#define B3LB_NET_TRANSFER_H

#include "net/curl.h"
#include "net/upstream.h"

/* What a handle's callbacks write to; lives as long as the transfer. */
struct upstream_transfer {
	struct upstream_answer *answer;
	size_t max; /* bytes of the answer */
	bool ignore_body;
	const char *deny;
	bool denied; /* an address of the name was in deny */
	struct curl_slist *headers;
};

/* Resets the handle and gives it the call. The transfer is the caller's; upstream_curl_end frees its headers.
 */
void upstream_curl_begin(const struct upstream *up, CURL *curl, const struct upstream_call *call,
	struct upstream_answer *answer, struct upstream_transfer *transfer);
/* After the transfer: fills the answer's status, or err with what libcurl said. 0 or -1. */
int upstream_curl_end(CURL *curl, CURLcode code, struct upstream_transfer *transfer, struct err *err);

#endif
