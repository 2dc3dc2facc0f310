/* SPDX-License-Identifier: ISC */
/* The profiles that videos are made by: listed. */
#include "config.h"
#include "core/profile.h"

#include "sql/statements.h"

int profile_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_profile_list, NULL, out, err);
}
