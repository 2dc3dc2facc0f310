/* SPDX-License-Identifier: ISC */
/* The getMeetings list of a secret: read, rebuilt, and kept by the job for all secrets. */
#ifndef B3LB_CORE_MEETING_LIST_H
#define B3LB_CORE_MEETING_LIST_H

#include "core/tenant.h"

/*
 * One SQL round trip: the tenant, and the text of its meeting list (in the arena) when that shows every
 * create and end until now; else *xml is NULL and meeting_list_build makes it. Returns 0 or -1 with err.
 */
int meeting_list_read(struct db *db, struct arena *a, const struct route *route, const char *host,
	struct tenant *tenant, const char **xml, struct err *err) b3lb_nonnull;
/* The same of a tenant that was read before: 1, or 0 when that is out of date, or -1 with err. */
int meeting_list_read_known(struct db *db, struct arena *a, const struct tenant *tenant, const char **xml,
	struct err *err) b3lb_nonnull;
/* Rebuilds the list of a secret from the fragments; *xml is in the arena. */
int meeting_list_build(
	struct db *db, struct arena *a, long long secret_id, const char **xml, struct err *err) b3lb_nonnull;

/* Rebuilds the list of every secret that has one or has meetings, and drops change marks that every list
 * shows. *count: lists written, since they changed. 0 or -1 with err. */
int meeting_list_refresh(struct db *db, int *count, struct err *err) b3lb_nonnull;

#endif
