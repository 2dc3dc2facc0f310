/* SPDX-License-Identifier: ISC */
/* A program run as a child that cannot hurt us: no input, little environment, limits, killed with all it
 * started. */
#ifndef B3LB_BASE_CHILD_H
#define B3LB_BASE_CHILD_H

#include "base/buf.h"
#include "base/err.h"

struct child_limits {
	int seconds;		/* then it is killed, whatever it has closed */
	long long memory_bytes; /* address space of each of its processes; 0: as much as it likes */
	long long file_bytes;	/* of each file that it writes, which fails then with EFBIG; 0: any number */
	/* asked at least once a second; false kills it (ERR_BUSY). May be NULL. */
	bool (*go_on)(void *ctx);
	void *ctx;
};

/*
 * Runs argv[0], found in PATH, and waits for it. Its standard output is appended to out (NULL: thrown away;
 * past out's cap the child is killed). Returns 0 when it exited with 0; -1 with ERR_INVALID and what it last
 * said on standard error when it failed, was killed or took too long; ERR_BUSY; ERR_INTERNAL when it could
 * not be started. It dies with us. Call it from a process with one thread.
 */
int child_run(const char *const argv[], const struct child_limits *limits, struct buf *out, struct err *err);
/* True for child_run's err when somebody else killed it, as a kernel without memory does: it may fare better later. */
bool child_was_killed(const struct err *err) b3lb_nonnull;

#endif
