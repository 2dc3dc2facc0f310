/* SPDX-License-Identifier: ISC */
/* The profiles that videos are made by: listed. */
#ifndef B3LB_CORE_PROFILE_H
#define B3LB_CORE_PROFILE_H

#include "db/db.h"

/* A row each, for people. 0 and *out, which the caller frees; -1 with err: ERR_AWAY. */
int profile_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
