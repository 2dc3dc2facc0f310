/* SPDX-License-Identifier: ISC */
/* Clusters, which are nodes that are weighed and signed for in one way: listed. */
#ifndef B3LB_CORE_CLUSTER_H
#define B3LB_CORE_CLUSTER_H

#include "db/db.h"

/* A row each, for people. 0 and *out, which the caller frees; -1 with err: ERR_AWAY. */
int cluster_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
