/* SPDX-License-Identifier: ISC */
/* b3lb-admin db: the schema is made, brought up to date, checked. */
#include "config.h"
#include "admin.h"

#include "core/migration.h"

#include <stdio.h>

static int migrate(struct admin *a, struct err *err)
{
	struct buf report = BUF_INIT;
	int rc = migration_run(a->db, &report, err);

	fputs(buf_str(&report), stdout);
	buf_free(&report);
	return rc;
}

static int init(struct admin *a, struct err *err)
{
	bool created = false;

	if (migration_create_database(&a->conf, &created, err) == -1)
		return -1;
	if (created)
		printf("created the database\n");
	return migrate(a, err);
}

static int check(struct admin *a, struct err *err)
{
	if (migration_check(a->db, err) == -1)
		return -1;
	printf("the schema is this program's\n");
	return 0;
}

const struct admin_command admin_db_commands[] = {
	{"db", "init", "", 0, 0, NULL, false, false, init, "Makes database and schema.",
		"b3lb-admin db init"},
	{"db", "migrate", "", 0, 0, NULL, false, false, migrate,
		"Brings the schema up to date; a running service goes on meanwhile.",
		"b3lb-admin db migrate"},
	{"db", "check", "", 0, 0, NULL, false, false, check, "Compares the schema with this program's.",
		"b3lb-admin db check --json"},
	{.object = NULL},
};
