/* SPDX-License-Identifier: ISC */
/* Clusters, which are nodes that are weighed and signed for in one way: listed. */
#include "config.h"
#include "core/cluster.h"

#include "sql/statements.h"

int cluster_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_cluster_list, NULL, out, err);
}
