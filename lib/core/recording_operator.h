/* SPDX-License-Identifier: ISC */
/* Recordings of all tenants, as the operator sees and changes them. */
#ifndef B3LB_CORE_RECORDING_OPERATOR_H
#define B3LB_CORE_RECORDING_OPERATOR_H

#include "core/audit.h"

/* All return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or is in use), ERR_INVALID,
 * ERR_AWAY. Lists are the caller's to free. */

/* One row a recording that arrived or is to arrive; tenant NULL: of all. */
int recording_operator_list(struct db *db, const char *tenant, struct db_result **out, struct err *err);
/* What there is of a recording. Zero-initialise it; recording_shown_free. */
struct recording_shown {
	struct db_result *recording; /* one row with everything */
	struct db_result *way;	     /* a row a step: when it was taken, or why not */
	struct db_result *videos;
};
/* Of the recording of that id, of one of the tenants of that array of ids, NULL: of anybody. ERR_NOT_FOUND without one;
 * ERR_CONFLICT: several of these tenants have one. */
int recording_operator_show(struct db *db, const char *record_id, const char *tenants,
	struct recording_shown *shown, struct err *err) __attribute__((nonnull(1, 2, 4, 5)));
void recording_shown_free(struct recording_shown *shown) b3lb_nonnull;

enum recording_action {
	RECORDING_PUBLISH,
	RECORDING_UNPUBLISH,
	RECORDING_PROTECT,
	RECORDING_UNPROTECT,
	RECORDING_DELETE,
	RECORDING_RERENDER,
	RECORDING__ACTIONS,
};
/* Which recordings: several tenants may have one of the same id. */
struct recording_names {
	const char *const *ids;
	const char *const *slugs; /* beside each its tenant, NULL: it is one tenant's alone; NULL: each is */
	int count;
	const char *
		tenants; /* array of the ids of those whose recordings the actor may change; NULL: anybody's */
};
/*
 * Changes all of these or, when one of them is not there or cannot be changed so, none: ERR_NOT_FOUND; ERR_CONFLICT: it is
 * several tenants'. Delete marks them for the cleanup; rerender starts over from the archive, which must be there; protect wants
 * a tenant that has protected recordings. Each is noted in the audit.
 */
int recording_operator_change(struct db *db, const struct recording_names *names,
	enum recording_action action, const struct actor *actor, struct err *err) b3lb_nonnull;
/* The way of a recording, as a JSON array of {step, at, note}; the result's only value, which the caller frees. */
int recording_operator_steps(struct db *db, const char *record_id, const char *tenants,
	struct db_result **out, struct err *err) __attribute__((nonnull(1, 2, 4, 5)));

#endif
