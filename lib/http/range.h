/* SPDX-License-Identifier: ISC */
/* Conditional and partial requests for a file that never changes under its tag (RFC 9110, 13 and 14). */
#ifndef B3LB_HTTP_RANGE_H
#define B3LB_HTTP_RANGE_H

#include "base/mem.h"

#include <stdbool.h>

/* The headers of a request; NULL: not there. */
struct range_request {
	const char *if_match, *if_unmodified_since, *if_none_match, *if_modified_since, *range, *if_range;
	bool get; /* false: HEAD, which has no ranges */
};
/* What is asked for. */
struct range_file {
	const char *etag;   /* strong, with its quotes */
	long long modified; /* seconds since 1970 */
	long long size;	    /* bytes */
};
/* What to answer: status 200, 206, 304, 412 or 416; for 200 and 206 the bytes from offset. */
struct range_answer {
	int status;
	long long offset, length;
};

/*
 * Evaluates the preconditions in the order of 13.2.2, then the range. One range is answered; several, another
 * unit or what is no range get the whole file, as 14.2 allows. Any thread.
 */
void range_evaluate(const struct range_request *rq, const struct range_file *file,
	struct range_answer *answer) b3lb_nonnull;

#endif
