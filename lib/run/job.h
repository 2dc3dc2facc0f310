/* SPDX-License-Identifier: ISC */
/* main() of a job: rounds at an interval, a line in the ledger for each, one host at a time where that
 * matters. */
#ifndef B3LB_RUN_JOB_H
#define B3LB_RUN_JOB_H

#include "db/db.h"
#include "run/program.h"
#include "store/store.h"
#include "net/upstream.h"

#include <stdatomic.h>

/* What one round is given. */
struct job {
	const struct conf *conf;
	const char *config; /* its file's path */
	struct db *db;
	struct upstream *upstream;
	struct store *store;
	int every; /* seconds between rounds; 0: a single one */
	bool dry_run, force;
	const atomic_int *stop; /* non-zero after SIGTERM or SIGINT: end soon, nothing half done */
};

struct job_spec {
	const char *name;    /* "poll": the program is b3lb-poll */
	const char *purpose; /* for --help */
	const char *force;   /* what --force does; NULL: there is none */
	bool has_dry_run;    /* with force only */
	bool exclusive; /* one host at a time: where another holds the job the round says so and is done */
	/* One round: 0, or -1 with err. What it appends to message is kept in the ledger and logged. */
	int (*round)(const struct job *job, struct buf *message, struct err *err);
};

/*
 * --every SECONDS --for SECONDS repeat rounds inside one run: a round that takes longer than `every` is
 * followed at once, and none starts when `for` is over. SIGTERM ends after the round in hand. Returns the
 * exit status: 0 done, 1 a round failed, 2 wrong usage or configuration (doc/contract, 1).
 */
int job_main(const struct job_spec *spec, int argc, char **argv) b3lb_nonnull;

#endif
