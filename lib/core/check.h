/* SPDX-License-Identifier: ISC */
/* What the doctor and setup read of the database to look at everything around it. */
#ifndef B3LB_CORE_CHECK_H
#define B3LB_CORE_CHECK_H

#include "core/node.h"

/* All return 0, or -1 with err. Strings are in the arena. */

struct check_server {
	const char *version;		  /* "15.8 (Debian ...)" */
	int version_number;		  /* 150008 */
	int connections, connections_max; /* open ones, and what the server allows */
	double clock_ahead;		  /* seconds that the server's clock is ahead of this machine's */
};
int check_read_server(
	struct db *db, struct arena *a, struct check_server *server, struct err *err) b3lb_nonnull;

/* A node, and what its recordings tell of the push agent on it: those of the last two days. */
struct check_node {
	struct node node;
	const char *state, *error;
	int poll_age;	 /* seconds since the last good poll; -1: none yet */
	int arrived_age; /* seconds since a recording arrived; -1: none did */
	int late;	 /* recordings that ended more than two hours ago and did not arrive */
};
int check_read_nodes(
	struct db *db, struct arena *a, struct check_node **nodes, int *count, struct err *err) b3lb_nonnull;

/* A job (sql/functions/68_attention.sql). */
struct check_job {
	const char *name, *state;   /* "never", "running", "good", "failed" */
	const char *host, *message; /* "" where there is none */
	int started_ago, good_ago;  /* seconds; -1: never */
	bool late, severe;	    /* being late is an error */
};
int check_read_jobs(
	struct db *db, struct arena *a, struct check_job **jobs, int *count, struct err *err) b3lb_nonnull;

/* Clusters where a meeting weighs load_m besides its attendees, as much as so many people. */
struct check_cluster {
	const char *name;
	double load_m, people;
};
int check_read_clusters(struct db *db, struct arena *a, struct check_cluster **clusters, int *count,
	struct err *err) b3lb_nonnull;

/* A tenant whose tags and those of its nodes do not fit: what is wrong. */
struct check_tag {
	const char *tenant, *message;
};
int check_read_tags(
	struct db *db, struct arena *a, struct check_tag **tags, int *count, struct err *err) b3lb_nonnull;

/* Tenants whose LRS nothing opens, as an import without secrets leaves one: "ACME, BETA"; NULL: there is none. */
int check_read_lrs(struct db *db, struct arena *a, const char **tenants, struct err *err) b3lb_nonnull;

/* The first secret, to ask our own service with; slug NULL when there is none. */
struct check_client {
	const char *slug, *secret, *stats_token;
	int sub_id;
	const char *nonce; /* of a video that is served; NULL: there is none */
};
int check_read_client(
	struct db *db, struct arena *a, struct check_client *client, struct err *err) b3lb_nonnull;

#endif
