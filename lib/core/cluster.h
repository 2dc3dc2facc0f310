/* SPDX-License-Identifier: ISC */
/* Administration of clusters: nodes that are weighed and signed for in one way. */
#ifndef B3LB_CORE_CLUSTER_H
#define B3LB_CORE_CLUSTER_H

#include "db/db.h"

/* All return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or is in use), ERR_INVALID,
 * ERR_AWAY. Lists are the caller's to free. */

/* Texts as given; NULL: the default on add, what is there on set. */
struct cluster_settings {
	const char *name, *load_a, *load_m, *cpu_iterations, *cpu_max, *sha;
};
int cluster_add(struct db *db, const struct cluster_settings *s, struct err *err) b3lb_nonnull;
int cluster_set(struct db *db, const struct cluster_settings *s, struct err *err) b3lb_nonnull;
int cluster_remove(struct db *db, const char *name, struct err *err) b3lb_nonnull;
int cluster_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
