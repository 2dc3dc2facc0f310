/* SPDX-License-Identifier: ISC */
/* Work that is done once for all threads that asked for it before it began. */
#ifndef B3LB_BASE_FLIGHT_H
#define B3LB_BASE_FLIGHT_H

#include "base/err.h"

#include <pthread.h>

struct flight;

/* The flights of one kind of work, by keys. Start with FLIGHTS_INIT(destroy): destroy frees what was made. */
struct flights {
	pthread_mutex_t lock;
	struct flight *list;
	void (*destroy)(void *made);
};
#define FLIGHTS_INIT(function)                                                                               \
	{                                                                                                    \
		.lock = PTHREAD_MUTEX_INITIALIZER, .destroy = function                                       \
	}

/* Does the work on one of the threads that asked: what it made, or NULL with err. arg is that thread's own. */
typedef void *flight_work(const void *arg, struct err *err);

/*
 * What the work made under a key: it began after this call did, so that whatever was so before is seen by it. While one is
 * under way all who come wait together for the next one, which one of them does. NULL with the err of the work. Others may
 * have what is returned too: nobody changes it; *flight is for flight_leave. Any thread.
 */
const void *flight_join(struct flights *f, const char *key, flight_work *work, const void *arg,
	struct flight **flight, struct err *err) b3lb_nonnull;
/* Once for each flight_join, also after an error: the last one frees what was made. Any thread. */
void flight_leave(struct flights *f, struct flight *flight) b3lb_nonnull;

#endif
