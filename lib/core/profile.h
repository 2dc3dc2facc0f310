/* SPDX-License-Identifier: ISC */
/* Administration of the profiles that videos are made by. */
#ifndef B3LB_CORE_PROFILE_H
#define B3LB_CORE_PROFILE_H

#include "db/db.h"

/* All return 0, or -1 with err: ERR_NOT_FOUND, ERR_CONFLICT (exists already, or is in use), ERR_INVALID,
 * ERR_AWAY. Lists are the caller's to free. */

/* Texts as given; NULL: the default on add, what is there on set. */
struct profile_settings {
	const char *name, *description, *source, *type;
	const char *listed, *download, *preset; /* on, off */
	/* of kind presentation */
	const char *kind, *width, *height, *fps, *crf, *speed, *container, *webcams;
	const char *cursor, *annotations, *captions; /* on, off */
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
