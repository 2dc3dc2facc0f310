/* SPDX-License-Identifier: ISC */
/* A doctor, who looks at everything that must work together and says what to do. */
#ifndef B3LB_DOCTOR_DOCTOR_H
#define B3LB_DOCTOR_DOCTOR_H

#include "core/check.h"
#include "doctor/report.h"

#include <stdatomic.h>

/* Zeroed but for what is said here; arena is freed by the caller. */
struct doctor {
	const struct conf *conf;
	const char *config; /* the configuration file's path */
	struct db *db;
	struct report *report;
	const char *url;     /* where the web server is instead of where the domain's names point to; NULL */
	const char *ca_file; /* PEM of who signed its certificate; NULL: the system's authorities */
	/* Nodes in maintenance are left in peace, and what is learnt of the others goes into the database. */
	bool as_job;
	const atomic_int *stop; /* ends it early; NULL */
	struct arena arena;
};

/* Looks at everything. One thread; the first call in a process before it starts others. */
void doctor_examine(struct doctor *d) b3lb_nonnull;

/* Asks for getMeetings. True when the node answers and takes the secret; else why says what is wrong and what
 * to do. */
struct check_answer {
	double ahead;	      /* seconds that its clock is ahead; 0 where it does not tell */
	int certificate_days; /* until its certificate expires; -1: it has none */
};
bool check_node_answers(const struct conf *conf, const struct node *node, struct buf *why,
	struct check_answer *answer) b3lb_nonnull;

/* What the root of its API says of BigBlueButton's version, in the arena; NULL where an installation does not tell. */
const char *check_node_version(
	const struct conf *conf, struct arena *arena, const struct node *node) b3lb_nonnull;

/* Whether the tenant's name and one that nobody made resolve. */
void check_names(struct report *r, const struct conf *conf, const char *slug) b3lb_nonnull;
/* Numeric addresses of a host name; their number, 0 when it does not resolve. */
#define CHECK_ADDRESS_SIZE 46
int check_addresses(const char *host, char (*out)[CHECK_ADDRESS_SIZE], int max) b3lb_nonnull;
/* The host of a URL, in the arena; "" where it is no URL. */
const char *check_host(struct arena *a, const char *url) b3lb_nonnull;

#endif
