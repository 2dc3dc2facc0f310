/* SPDX-License-Identifier: ISC */
/* What most requests ask of a meeting, for all that ask at the same time in one statement. */
#ifndef B3LB_CORE_MEETING_MANY_H
#define B3LB_CORE_MEETING_MANY_H

#include "core/tenant.h"

/*
 * Both are of a tenant that was read before, and of a meeting under the client's name for it: 1, or 0 when there is nothing
 * of the kind, or the tenant is not what it was; or -1 with err (db_run). Any thread.
 */

/* Counts who joins the secret's own meeting, and says where to: a node that is up, and what the meeting is called there, in
 * the arena. 1, or 0 as well when the meeting goes by another name or belongs to another secret. */
int meeting_many_join(struct db *db, struct arena *a, const struct tenant *tenant, const char *meeting_id,
	long long *node_id, const char **node_meeting_id, struct err *err) b3lb_nonnull;

/* *found: the tenant may have a meeting of that name; the secret may not be the one that may see it. 0: the tenant is not what
 * it was. */
int meeting_many_any(struct db *db, const struct tenant *tenant, const char *meeting_id, bool *found,
	struct err *err) b3lb_nonnull;

#endif
