/* SPDX-License-Identifier: ISC */
/* Meetings of all tenants, as the operator ends them. */
#ifndef B3LB_CORE_MEETING_OPERATOR_H
#define B3LB_CORE_MEETING_OPERATOR_H

#include "core/audit.h"
#include "core/meeting.h"
#include "net/upstream.h"

/* A meeting that runs. Strings are the arena's. */
struct meeting_running {
	struct meeting meeting;
	const char *tenant; /* any case */
	const char *name;
	struct err err; /* why it was not ended; ERR_NONE: it was */
};

/*
 * The confirmed meetings of these tenants (array of ids; NULL: all), of that id of ours (NULL: any) and of that node (NULL: any).
 * Returns their number and *list, the arena's; -1 with err. Any thread.
 */
int meeting_operator_find(struct db *db, struct arena *a, const char *tenants, const char *id,
	const char *node, struct meeting_running **list, struct err *err)
	__attribute__((nonnull(1, 2, 6, 7))) b3lb_mustcheck;

/*
 * Asks their nodes to end them, several at once, takes those off the mapping that were ended or that their node does not know,
 * and notes each in the audit. force: also those whose node does not answer. Fills err of each: ERR_AWAY as upstream_do, or what
 * the node says. Any thread.
 */
void meeting_operator_end(struct db *db, const struct conf *conf, struct upstream *up, struct arena *a,
	struct meeting_running *list, int count, bool force, const struct actor *actor) b3lb_nonnull;

#endif
