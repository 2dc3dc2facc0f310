/* SPDX-License-Identifier: ISC */
/* What was made a moment ago, for who can tell whether it still is right: kept by a key under a version, within so many bytes. */
#ifndef B3LB_BASE_KEEP_H
#define B3LB_BASE_KEEP_H

#include "base/mem.h"

#include <pthread.h>
#include <stdint.h>

#define KEEP_PLACES 256

struct kept;

/* Start with KEEP_INIT(bytes, destroy): bytes of all that is kept together; destroy frees what was made. */
struct keep {
	pthread_mutex_t lock;
	size_t bytes, bytes_max;
	unsigned long long uses;
	struct kept *places[KEEP_PLACES];
	void (*destroy)(void *made);
};
#define KEEP_INIT(max, function)                                                                             \
	{                                                                                                    \
		.lock = PTHREAD_MUTEX_INITIALIZER, .bytes_max = max, .destroy = function                     \
	}

/* What is kept under that key and version, NULL: nothing. Nobody changes it; it is there until keep_leave(k, *kept). Any thread. */
const void *keep_get(struct keep *k, const char *key, const char *version, struct kept **kept) b3lb_nonnull;
/*
 * Keeps what was made, of about so many bytes, in place of what stood under that key; what nobody asked for longest goes for
 * it. What is longer than an eighth of all is not kept. made is the keep's from here on, and there until keep_leave of what is
 * returned. Any thread.
 */
struct kept *keep_put(
	struct keep *k, const char *key, const char *version, void *made, size_t bytes) b3lb_nonnull;
/* NULL: does nothing. Any thread. */
void keep_leave(struct keep *k, struct kept *kept) __attribute__((nonnull(1)));

#endif
