/* SPDX-License-Identifier: ISC */
/* The answer to getRecordings, kept in this process while nothing about the tenant's recordings changes. */
#ifndef B3LB_CORE_RECORDING_ANSWER_H
#define B3LB_CORE_RECORDING_ANSWER_H

#include "core/recording.h"

/* Zero-initialise it, and free it with recording_answer_free. */
struct recording_answer {
	const char *xml;
	size_t len;
	struct kept *kept; /* what it stands in; NULL: in own */
	struct buf own;
};

/*
 * The whole XML. version: what recording_version said during this request, or NULL; an answer that was kept under it is taken.
 * Tickets of protected recordings are new each time. url: where /b3lb/r/ and the like are, the same in all calls of a
 * process. 0 or -1 with recording_list's err. Any thread.
 */
int recording_answer(struct db *db, struct arena *a, struct recording_owner owner,
	const struct recording_filter *f, const char *url, const char *version, struct recording_answer *out,
	struct err *err) __attribute__((nonnull(1, 2, 4, 5, 7, 8)));
void recording_answer_free(struct recording_answer *answer) b3lb_nonnull;

#endif
