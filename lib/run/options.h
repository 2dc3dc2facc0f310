/* SPDX-License-Identifier: ISC */
/* The options of a command line: getopt_long with messages of our own, for programs, jobs and b3lb-admin. */
#ifndef B3LB_RUN_OPTIONS_H
#define B3LB_RUN_OPTIONS_H

#include "base/mem.h"

#include <getopt.h>
#include <stdbool.h>

#define OPTIONS_MAX 32

/* Zero-initialise it; then options_add for each, then options_next until OPTIONS_END. */
struct options {
	struct option longs[OPTIONS_MAX + 1];
	int count;
	bool begun;
	char why[160]; /* what was wrong with the last one */
};

enum { OPTIONS_END = -1, OPTIONS_BAD = -2 };

/* One more option, which takes a value or none; its index is their number before. The name stays the
 * caller's. */
void options_add(struct options *o, const char *name, bool value) b3lb_nonnull;
/* The next option's index, with its value ("" for one without). Names may be abbreviated; -h is "help".
 * OPTIONS_BAD with why: "unknown option '--x' (did you mean --y?)". OPTIONS_END: optind is the first of the other
 * arguments, which stand behind the options now; one that begins with - and a digit is one of them. Not in threads:
 * getopt's state is the process'. */
int options_next(struct options *o, int argc, char **argv, const char **value) b3lb_nonnull;

#endif
