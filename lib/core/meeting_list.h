/* SPDX-License-Identifier: ISC */
/* The getMeetings lists of all secrets, as the job keeps them. */
#ifndef B3LB_CORE_MEETING_LIST_H
#define B3LB_CORE_MEETING_LIST_H

#include "db/db.h"

/* Rebuilds the list of every secret that has one or has meetings, and drops change marks that every list
 * shows. *count: lists written, since they changed. 0 or -1 with err. */
int meeting_list_refresh(struct db *db, int *count, struct err *err) b3lb_nonnull;

#endif
