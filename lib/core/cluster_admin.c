/* SPDX-License-Identifier: ISC */
/* Administration of clusters and of the groups that tenants use. */
#include "config.h"
#include "core/cluster_admin.h"

static const struct db_stmt stmt_add = {"cluster_add",
	"insert into b3lb.cluster (name, load_a, load_m, cpu_iterations, cpu_max, sha) values ($1, "
	"coalesce($2::float8, 1), "
	"coalesce($3::float8, 30), coalesce($4::int, 6), coalesce($5::float8, 5000), coalesce($6, 'sha256')) "
	"returning id",
	false};
static const struct db_stmt stmt_set = {"cluster_set",
	"update b3lb.cluster set load_a = coalesce($2::float8, load_a), load_m = coalesce($3::float8, "
	"load_m), "
	"cpu_iterations = coalesce($4::int, cpu_iterations), cpu_max = coalesce($5::float8, cpu_max), "
	"sha = coalesce($6, sha) where name = $1 returning id",
	true};
static const struct db_stmt stmt_remove = {
	"cluster_remove", "delete from b3lb.cluster where name = $1 returning id", false};
static const struct db_stmt stmt_list = {"cluster_list",
	"select c.name, c.load_a, c.load_m, c.cpu_iterations, c.cpu_max, c.sha, "
	"(select count(*) from b3lb.node n where n.cluster_id = c.id) as nodes from b3lb.cluster c order by "
	"c.name",
	true};
static const struct db_stmt stmt_group_add = {
	"group_add", "insert into b3lb.cluster_group (name) values ($1) returning id", false};
static const struct db_stmt stmt_group_remove = {
	"group_remove", "delete from b3lb.cluster_group where name = $1 returning id", false};
static const struct db_stmt stmt_group_attach = {"group_attach",
	"insert into b3lb.cluster_group_member (group_id, cluster_id) "
	"select g.id, c.id from b3lb.cluster_group g, b3lb.cluster c where g.name = $1 and c.name = $2 "
	"on conflict (group_id, cluster_id) do update set cluster_id = excluded.cluster_id returning 1",
	true};
static const struct db_stmt stmt_group_detach = {"group_detach",
	"delete from b3lb.cluster_group_member m using b3lb.cluster_group g, b3lb.cluster c "
	"where m.group_id = g.id and m.cluster_id = c.id and g.name = $1 and c.name = $2 returning 1",
	false};
static const struct db_stmt stmt_group_list = {"group_list",
	"select g.name, (select string_agg(c.name, ', ' order by c.name) from b3lb.cluster_group_member m "
	"join b3lb.cluster c on c.id = m.cluster_id where m.group_id = g.id) as clusters, "
	"(select count(*) from b3lb.tenant t where t.group_id = g.id) as tenants from b3lb.cluster_group g "
	"order by g.name",
	true};

static void cluster_args(struct db_args *args, const struct cluster_settings *s)
{
	db_arg_text(args, s->name);
	db_arg_text(args, s->load_a);
	db_arg_text(args, s->load_m);
	db_arg_text(args, s->cpu_iterations);
	db_arg_text(args, s->cpu_max);
	db_arg_text(args, s->sha);
}

static int run_named(struct db *db, const struct db_stmt *stmt, const char *first, const char *second,
	const char *what, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, first);
	if (second)
		db_arg_text(&args, second);
	return db_run_found(db, stmt, &args, NULL, what, err);
}

int cluster_add(struct db *db, const struct cluster_settings *s, struct err *err)
{
	struct db_args args = {0};

	cluster_args(&args, s);
	return db_run(db, &stmt_add, &args, NULL, err);
}

int cluster_set(struct db *db, const struct cluster_settings *s, struct err *err)
{
	struct db_args args = {0};

	cluster_args(&args, s);
	return db_run_found(db, &stmt_set, &args, NULL, "such cluster", err);
}

int cluster_remove(struct db *db, const char *name, struct err *err)
{
	return run_named(db, &stmt_remove, name, NULL, "such cluster", err);
}

int cluster_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_list, NULL, out, err);
}

int group_add(struct db *db, const char *name, struct err *err)
{
	return run_named(db, &stmt_group_add, name, NULL, "such group", err);
}

int group_remove(struct db *db, const char *name, struct err *err)
{
	return run_named(db, &stmt_group_remove, name, NULL, "such group", err);
}

int group_attach(struct db *db, const char *group, const char *cluster, struct err *err)
{
	return run_named(db, &stmt_group_attach, group, cluster, "such group or cluster", err);
}

int group_detach(struct db *db, const char *group, const char *cluster, struct err *err)
{
	return run_named(db, &stmt_group_detach, group, cluster, "such cluster in that group", err);
}

int group_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_group_list, NULL, out, err);
}
