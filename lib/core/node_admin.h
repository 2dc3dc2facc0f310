/* SPDX-License-Identifier: ISC */
/* Administration of nodes. */
#ifndef B3LB_CORE_NODE_ADMIN_H
#define B3LB_CORE_NODE_ADMIN_H

#include "db/db.h"

/* All return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or meetings are mapped to it),
 * ERR_INVALID, ERR_AWAY. */

/* Texts as given; NULL: none on add, what is there on set; "" on set takes domain, url or load_url away. */
struct node_settings {
	const char *slug, *cluster, *secret, *domain, *url, *load_url, *weight;
};
int node_add(struct db *db, const struct node_settings *s, struct err *err) b3lb_nonnull;
int node_set(struct db *db, const struct node_settings *s, struct err *err) b3lb_nonnull;
/* state: enabled, draining or maintenance. */
int node_set_state(struct db *db, const char *slug, const char *state, struct err *err) b3lb_nonnull;
int node_remove(struct db *db, const char *slug, struct err *err) b3lb_nonnull;
/* One row a node: settings, health, load; no secret. The caller frees *out. */
int node_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
