/* SPDX-License-Identifier: ISC */
/* Groups, the clusters that a tenant's meetings are placed in: listed. */
#ifndef B3LB_CORE_GROUP_H
#define B3LB_CORE_GROUP_H

#include "db/db.h"

/* A row each, for people. 0 and *out, which the caller frees; -1 with err: ERR_AWAY. */
int group_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
