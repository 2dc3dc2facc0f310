/* SPDX-License-Identifier: ISC */
/* Nodes that this process read a moment ago, under the number that says whether they are still so. */
#ifndef B3LB_CORE_NODE_CACHE_H
#define B3LB_CORE_NODE_CACHE_H

#include "core/node.h"

/*
 * The node of that id, which a statement has just seen to be online: as this process knows it when it was read under the
 * same version of b3lb.tenant_version that the statement compared, else out of the database. Copies into the arena. 1, or 0
 * when it is gone meanwhile, or -1 with err (db_run). Any thread.
 */
int node_cache_find(struct db *db, struct arena *a, long long id, long long version, struct node *node,
	struct err *err) b3lb_nonnull;

#endif
