/* SPDX-License-Identifier: ISC */
/* Administration of nodes. */
#include "config.h"
#include "core/node_admin.h"

static const struct db_stmt stmt_add = {"node_add",
	"insert into b3lb.node (slug, cluster_id, secret, domain, url, load_url, weight) "
	"select lower($1), c.id, $3, nullif($4, ''), nullif($5, ''), nullif($6, ''), coalesce($7::float8, 1) "
	"from b3lb.cluster c where c.name = $2 returning id",
	false};
static const struct db_stmt stmt_set = {"node_set",
	"update b3lb.node n set cluster_id = coalesce(c.id, n.cluster_id), secret = coalesce($3, n.secret), "
	"domain = nullif(coalesce($4, n.domain), ''), url = nullif(coalesce($5, n.url), ''), "
	"load_url = nullif(coalesce($6, n.load_url), ''), weight = coalesce($7::float8, n.weight) "
	"from (select 1) one left join b3lb.cluster c on c.name = $2 "
	"where n.slug = lower($1) and ($2::text is null or c.id is not null) returning n.id",
	true};
static const struct db_stmt stmt_state = {
	"node_state", "update b3lb.node set state = $2 where slug = lower($1) returning id", true};
static const struct db_stmt stmt_remove = {
	"node_remove", "select 1 where b3lb.remove_node(lower($1))", false};
static const struct db_stmt stmt_list = {"node_list",
	"select n.slug as node, c.name as cluster, n.state, n.online, n.unsteady, "
	"round(((c.load_a * (n.attendees + n.held_attendees) + c.load_m * (n.meetings + n.held_meetings) + "
	"n.cpu_load) "
	"/ n.weight)::numeric, 1) as load, n.meetings + n.held_meetings as meetings, n.attendees, n.cpu, "
	"n.weight, "
	"extract(epoch from now() - n.good_at)::int as good_poll_age, n.failures, n.error, "
	"coalesce(n.url, n.domain) as address "
	"from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id order by n.slug",
	true};

static void node_args(struct db_args *args, const struct node_settings *s)
{
	db_arg_text(args, s->slug);
	db_arg_text(args, s->cluster);
	db_arg_text(args, s->secret);
	db_arg_text(args, s->domain);
	db_arg_text(args, s->url);
	db_arg_text(args, s->load_url);
	db_arg_text(args, s->weight);
}

int node_add(struct db *db, const struct node_settings *s, struct err *err)
{
	struct db_args args = {0};

	node_args(&args, s);
	return db_run_found(db, &stmt_add, &args, NULL, "such cluster", err);
}

int node_set(struct db *db, const struct node_settings *s, struct err *err)
{
	struct db_args args = {0};

	node_args(&args, s);
	return db_run_found(db, &stmt_set, &args, NULL, "such node or cluster", err);
}

int node_set_state(struct db *db, const char *slug, const char *state, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, slug);
	db_arg_text(&args, state);
	return db_run_found(db, &stmt_state, &args, NULL, "such node", err);
}

int node_remove(struct db *db, const char *slug, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, slug);
	return db_run_found(db, &stmt_remove, &args, NULL, "such node", err);
}

int node_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_list, NULL, out, err);
}
