/* SPDX-License-Identifier: ISC */
/* What b3lb-admin check and setup read of the database. */
#include "config.h"
#include "core/check_admin.h"

#include <time.h>

static const struct db_stmt stmt_server = {"check_server",
	"select current_setting('server_version'), current_setting('server_version_num')::int, "
	"(select count(*) from pg_stat_activity where backend_type = 'client backend'), "
	"current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int, "
	"extract(epoch from clock_timestamp())",
	true};
/* A node's recordings are known by their meetings, for two days after the end. */
static const struct db_stmt stmt_nodes = {"check_nodes",
	"select " NODE_COLUMNS ", n.state, n.error, extract(epoch from now() - n.good_at)::int, "
	"(select extract(epoch from now() - max(r.uploaded_at))::int from b3lb.ended_meeting e "
	" join b3lb.record_set r on r.id = e.record_set_id where e.node_id = n.id), "
	"(select count(*) from b3lb.ended_meeting e join b3lb.record_set r on r.id = e.record_set_id "
	" where e.node_id = n.id and r.status = 'WAITING' and r.marks and e.ended_at < now() - interval '2 "
	"hours') "
	"from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id order by n.slug",
	true};
static const struct db_stmt stmt_client = {"check_client",
	"select t.slug, s.sub_id, s.secret, t.stats_token, (select v.nonce from b3lb.record v "
	" join b3lb.record_set r on r.id = v.record_set_id where v.listed and r.state = 'published' order by "
	"v.id desc limit 1) "
	"from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id order by t.id, s.sub_id limit 1",
	true};

int check_read_server(struct db *db, struct arena *a, struct check_server *server, struct err *err)
{
	struct db_result *r = NULL;
	struct timespec before, after;

	clock_gettime(CLOCK_REALTIME, &before);
	if (db_run(db, &stmt_server, NULL, &r, err) == -1)
		return -1;
	clock_gettime(CLOCK_REALTIME, &after);
	*server = (struct check_server){
		.version = arena_strdup(a, db_text(r, 0, 0)),
		.version_number = (int)db_int(r, 0, 1),
		.connections = (int)db_int(r, 0, 2),
		.connections_max = (int)db_int(r, 0, 3),
		.clock_ahead =
			db_double(r, 0, 4) - ((double)before.tv_sec + (double)before.tv_nsec / 1e9 +
						     (double)after.tv_sec + (double)after.tv_nsec / 1e9) /
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

	if (db_run(db, &stmt_nodes, NULL, &r, err) == -1)
		return -1;
	*count = db_rows(r);
	*nodes = arena_alloc(a, sizeof(**nodes) * (size_t)(*count + 1));
	for (int i = 0; i < *count; i++) {
		struct check_node *n = &(*nodes)[i];

		node_read(a, r, i, 0, &n->node);
		n->state = arena_strdup(a, db_text(r, i, NODE_COLUMN_COUNT));
		n->error = arena_strdup(a, db_text(r, i, NODE_COLUMN_COUNT + 1));
		n->poll_age = int_or_none(r, i, NODE_COLUMN_COUNT + 2);
		n->arrived_age = int_or_none(r, i, NODE_COLUMN_COUNT + 3);
		n->late = (int)db_int(r, i, NODE_COLUMN_COUNT + 4);
	}
	db_free(r);
	return 0;
}

int check_read_client(struct db *db, struct arena *a, struct check_client *client, struct err *err)
{
	struct db_result *r = NULL;

	*client = (struct check_client){0};
	if (db_run(db, &stmt_client, NULL, &r, err) == -1)
		return -1;
	if (db_rows(r) > 0)
		*client = (struct check_client){
			.slug = arena_strdup(a, db_text(r, 0, 0)),
			.sub_id = (int)db_int(r, 0, 1),
			.secret = arena_strdup(a, db_text(r, 0, 2)),
			.stats_token = arena_strdup(a, db_text(r, 0, 3)),
			.nonce = arena_strdup(a, db_text(r, 0, 4)),
		};
	db_free(r);
	return 0;
}
