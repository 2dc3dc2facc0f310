/* SPDX-License-Identifier: ISC */
/* Administration of clusters: nodes that are weighed and signed for in one way. */
#include "config.h"
#include "core/cluster.h"

#include "sql/statements.h"

/* Parameters of cluster_set. */
#define SETTINGS(s) DB_ARGS((s)->name, (s)->load_a, (s)->load_m, (s)->cpu_iterations, (s)->cpu_max, (s)->sha)

int cluster_add(struct db *db, const struct cluster_settings *s, struct err *err)
{
	return db_run_both(
		db, &stmt_cluster_add, DB_ARGS(s->name), &stmt_cluster_set, SETTINGS(s), "such cluster", err);
}

int cluster_set(struct db *db, const struct cluster_settings *s, struct err *err)
{
	return db_run_found(db, &stmt_cluster_set, SETTINGS(s), NULL, "such cluster", err);
}

int cluster_remove(struct db *db, const char *name, struct err *err)
{
	return db_run_found(db, &stmt_cluster_remove, DB_ARGS(name), NULL, "such cluster", err);
}

int cluster_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_cluster_list, NULL, out, err);
}
