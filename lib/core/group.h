/* SPDX-License-Identifier: ISC */
/* Administration of groups: the clusters that a tenant's meetings are placed in. */
#ifndef B3LB_CORE_GROUP_H
#define B3LB_CORE_GROUP_H

#include "db/db.h"

/* All return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or is in use), ERR_INVALID,
 * ERR_AWAY. Lists are the caller's to free. */

int group_add(struct db *db, const char *name, struct err *err) b3lb_nonnull;
int group_remove(struct db *db, const char *name, struct err *err) b3lb_nonnull;
int group_attach(struct db *db, const char *group, const char *cluster, struct err *err) b3lb_nonnull;
int group_detach(struct db *db, const char *group, const char *cluster, struct err *err) b3lb_nonnull;
int group_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
