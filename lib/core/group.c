/* SPDX-License-Identifier: ISC */
/* Administration of groups: the clusters that a tenant's meetings are placed in. */
#include "config.h"
#include "core/group.h"

#include "sql/statements.h"

int group_add(struct db *db, const char *name, struct err *err)
{
	return db_run(db, &stmt_group_add, DB_ARGS(name), NULL, err);
}

int group_remove(struct db *db, const char *name, struct err *err)
{
	return db_run_found(db, &stmt_group_remove, DB_ARGS(name), NULL, "such group", err);
}

int group_attach(struct db *db, const char *group, const char *cluster, struct err *err)
{
	return db_run_found(
		db, &stmt_group_attach, DB_ARGS(group, cluster), NULL, "such group or cluster", err);
}

int group_detach(struct db *db, const char *group, const char *cluster, struct err *err)
{
	return db_run_found(
		db, &stmt_group_detach, DB_ARGS(group, cluster), NULL, "such cluster in that group", err);
}

int group_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_group_list, NULL, out, err);
}
