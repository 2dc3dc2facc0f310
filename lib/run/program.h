/* SPDX-License-Identifier: ISC */
/* What every program of ours does first: open descriptors, options, configuration, log. */
#ifndef B3LB_RUN_PROGRAM_H
#define B3LB_RUN_PROGRAM_H

#include "base/conf.h"

/* Exit statuses (doc/contract, 1). */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* One option of a program's own, beside --config FILE, --help, --version and --verbose. */
struct program_option {
	const char *name;  /* "listen": --listen VALUE or --listen=VALUE */
	const char *value; /* name of its value for --help; NULL: none */
	const char *help;
	const char *given; /* out: the value, "" for one without, NULL when it was not given */
};

/* The options of every program, in one table; ends with a NULL name. */
enum { PROGRAM_CONFIG, PROGRAM_VERBOSE, PROGRAM_HELP, PROGRAM_VERSION, PROGRAM_COMMON_COUNT };
extern const struct program_option program_common[PROGRAM_COMMON_COUNT + 1];
/* A line of --help on stdout. */
void program_print_option(const struct program_option *o) b3lb_nonnull;

struct program {
	const char *name;
	const char *purpose;		/* one line for --help */
	struct program_option *options; /* ends with a NULL name; may be NULL */
	struct conf conf;
	const char *config; /* the file that it was read from */
	bool verbose;
};

/*
 * Parses the command line (no positional arguments), loads the configuration, starts the log, opens fds 0-2
 * where they are closed. Returns -1 to go on, else the exit status: 0 after --help or --version, 2 after a
 * message on stderr. Main thread, first thing. program_end frees the configuration.
 */
int program_begin(struct program *p, int argc, char **argv) b3lb_nonnull;
void program_end(struct program *p) b3lb_nonnull;
/* No core dump, and no other process of the same user may read this one's memory or environment: secrets are
 * in both. program_begin does it; b3lb-admin, which has a command line of its own, calls it. */
void program_hide_memory(void);

#endif
