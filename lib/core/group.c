/* SPDX-License-Identifier: ISC */
/* Groups, the clusters that a tenant's meetings are placed in: listed. */
#include "config.h"
#include "core/group.h"

#include "sql/statements.h"

int group_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_group_list, NULL, out, err);
}
