/* SPDX-License-Identifier: ISC */
/* What the doctor and setup read of the database. */
#include "config.h"
#include "core/check.h"

#include "sql/statements.h"

#include <time.h>

int check_read_server(struct db *db, struct arena *a, struct check_server *server, struct err *err)
{
	struct db_result *r = NULL;
	struct timespec before, after;

	clock_gettime(CLOCK_REALTIME, &before);
	if (db_run(db, &stmt_check_server, NULL, &r, err) == -1)
		return -1;
	clock_gettime(CLOCK_REALTIME, &after);
	*server = (struct check_server){
		.version = arena_strdup(a, db_text(r, 0, CHECK_SERVER_VERSION)),
		.version_number = (int)db_int(r, 0, CHECK_SERVER_VERSION_NUMBER),
		.connections = (int)db_int(r, 0, CHECK_SERVER_CONNECTIONS),
		.connections_max = (int)db_int(r, 0, CHECK_SERVER_CONNECTIONS_MAX),
		.clock_ahead = db_double(r, 0, CHECK_SERVER_CLOCK) -
			       ((double)before.tv_sec + (double)before.tv_nsec / 1e9 + (double)after.tv_sec +
				       (double)after.tv_nsec / 1e9) /
				       2,
	};
	db_free(r);
	return 0;
}

static int int_or_none(const struct db_result *r, int row, int col)
{
	return db_text(r, row, col) ? (int)db_int(r, row, col) : -1;
}

int check_read_nodes(struct db *db, struct arena *a, struct check_node **nodes, int *count, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_check_nodes, NULL, &r, err) == -1)
		return -1;
	*count = db_rows(r);
	*nodes = arena_alloc(a, sizeof(**nodes) * (size_t)(*count + 1));
	for (int i = 0; i < *count; i++) {
		struct check_node *n = &(*nodes)[i];

		node_read(a, r, i, CHECK_NODES_NODE, &n->node);
		n->state = arena_strdup(a, db_text(r, i, CHECK_NODES_STATE));
		n->error = arena_strdup(a, db_text(r, i, CHECK_NODES_ERROR));
		n->poll_age = int_or_none(r, i, CHECK_NODES_POLL_AGE);
		n->arrived_age = int_or_none(r, i, CHECK_NODES_ARRIVED_AGE);
		n->late = (int)db_int(r, i, CHECK_NODES_LATE);
	}
	db_free(r);
	return 0;
}

int check_read_clusters(
	struct db *db, struct arena *a, struct check_cluster **clusters, int *count, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_check_clusters, NULL, &r, err) == -1)
		return -1;
	*count = db_rows(r);
	*clusters = arena_alloc(a, sizeof(**clusters) * (size_t)(*count + 1));
	for (int i = 0; i < *count; i++)
		(*clusters)[i] = (struct check_cluster){
			.name = arena_strdup(a, db_text(r, i, CHECK_CLUSTERS_NAME)),
			.load_m = db_double(r, i, CHECK_CLUSTERS_LOAD_M),
			.people = db_double(r, i, CHECK_CLUSTERS_PEOPLE),
		};
	db_free(r);
	return 0;
}

static const char *text_or_none(struct arena *a, const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);

	return text ? arena_strdup(a, text) : "";
}

int check_read_jobs(struct db *db, struct arena *a, struct check_job **jobs, int *count, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_check_jobs, NULL, &r, err) == -1)
		return -1;
	*count = db_rows(r);
	*jobs = arena_alloc(a, sizeof(**jobs) * (size_t)(*count + 1));
	for (int i = 0; i < *count; i++)
		(*jobs)[i] = (struct check_job){
			.name = text_or_none(a, r, i, CHECK_JOBS_NAME),
			.state = text_or_none(a, r, i, CHECK_JOBS_STATE),
			.host = text_or_none(a, r, i, CHECK_JOBS_HOST),
			.message = text_or_none(a, r, i, CHECK_JOBS_MESSAGE),
			.started_ago = int_or_none(r, i, CHECK_JOBS_STARTED_AGO),
			.good_ago = int_or_none(r, i, CHECK_JOBS_GOOD_AGO),
			.late = db_bool(r, i, CHECK_JOBS_LATE),
			.severe = db_bool(r, i, CHECK_JOBS_SEVERE),
		};
	db_free(r);
	return 0;
}

int check_read_tags(struct db *db, struct arena *a, struct check_tag **tags, int *count, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_check_tags, NULL, &r, err) == -1)
		return -1;
	*count = db_rows(r);
	*tags = arena_alloc(a, sizeof(**tags) * (size_t)(*count + 1));
	for (int i = 0; i < *count; i++)
		(*tags)[i] = (struct check_tag){
			.tenant = arena_strdup(a, db_text(r, i, CHECK_TAGS_TENANT)),
			.message = arena_strdup(a, db_text(r, i, CHECK_TAGS_MESSAGE)),
		};
	db_free(r);
	return 0;
}

int check_read_lrs(struct db *db, struct arena *a, const char **tenants, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_check_lrs, NULL, &r, err) == -1)
		return -1;
	*tenants = arena_strdup(a, db_text(r, 0, CHECK_LRS_TENANTS));
	db_free(r);
	return 0;
}

int check_read_client(struct db *db, struct arena *a, struct check_client *client, struct err *err)
{
	struct db_result *r = NULL;

	*client = (struct check_client){0};
	if (db_run(db, &stmt_check_client, NULL, &r, err) == -1)
		return -1;
	if (db_rows(r) > 0)
		*client = (struct check_client){
			.slug = arena_strdup(a, db_text(r, 0, CHECK_CLIENT_SLUG)),
			.sub_id = (int)db_int(r, 0, CHECK_CLIENT_SUB_ID),
			.secret = arena_strdup(a, db_text(r, 0, CHECK_CLIENT_SECRET)),
			.stats_token = arena_strdup(a, db_text(r, 0, CHECK_CLIENT_STATS_TOKEN)),
			.nonce = arena_strdup(a, db_text(r, 0, CHECK_CLIENT_NONCE)),
		};
	db_free(r);
	return 0;
}
