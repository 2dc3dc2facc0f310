/* SPDX-License-Identifier: ISC */
/* Administration of recordings, and of the profiles that videos are made by. */
#ifndef B3LB_CORE_RECORDING_ADMIN_H
#define B3LB_CORE_RECORDING_ADMIN_H

#include "db/db.h"

/* All return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or is in use), ERR_INVALID,
 * ERR_AWAY. Lists are the caller's to free. */

/* One row a recording that arrived or is to arrive; tenant NULL: of all. */
int recording_admin_list(struct db *db, const char *tenant, struct db_result **out, struct err *err);
/* One row with everything of the recording of that id, and its videos; ERR_NOT_FOUND without one. */
int recording_admin_show(struct db *db, const char *record_id, struct db_result **recording,
	struct db_result **videos, struct err *err) b3lb_nonnull;

enum recording_action { RECORDING_PUBLISH, RECORDING_UNPUBLISH, RECORDING_DELETE, RECORDING_RERENDER };
/*
 * Changes all of these or, when one of them is not there or cannot be changed so, none: ERR_NOT_FOUND. Delete
 * marks them for the cleanup; rerender starts over from the archive, which must be there.
 */
int recording_admin_change(struct db *db, const char *const *record_ids, int count,
	enum recording_action action, struct err *err) b3lb_nonnull;

/* Texts as given; NULL: the default on add, what is there on set. */
struct profile_settings {
	const char *name, *description, *source, *type;
	const char *listed, *download, *preset; /* on, off */
};
int profile_add(struct db *db, const struct profile_settings *s, struct err *err) b3lb_nonnull;
/* listed and download hold for the videos too that are there already. */
int profile_set(struct db *db, const struct profile_settings *s, struct err *err) b3lb_nonnull;
/* Videos that were made with it stay until they are rendered anew. */
int profile_remove(struct db *db, const char *name, struct err *err) b3lb_nonnull;
int profile_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;
/* The secret's recordings are made by this profile (too), instead of the preset ones; detach: not any more.
 */
int profile_attach(
	struct db *db, const char *tenant, int sub_id, const char *name, struct err *err) b3lb_nonnull;
int profile_detach(
	struct db *db, const char *tenant, int sub_id, const char *name, struct err *err) b3lb_nonnull;

#endif
