/* SPDX-License-Identifier: ISC */
/* Migrations of its own, by a pool whose statements get a second: slow_migration CONNINFO. */
#include "config.h"
#include "core/migration.h"

#include <stdio.h>

const struct migration migrations[] = {
	{1, "001_slow", "create table b3lb.slow as select 1 as one from pg_sleep(3)"},
	{0, NULL, NULL},
};
const char migration_functions[] = "select pg_sleep(2)";

int main(int argc, char **argv)
{
	struct buf report = BUF_INIT;
	struct err err = {0};
	struct conf conf = {.database = argc > 1 ? argv[1] : (char *)"", .database_read = (char *)""};
	struct db *db;
	int rc;

	db = db_open(&conf, "slow", 1, 1000);
	rc = migration_run(db, &report, &err);
	printf("%s%s\n", buf_str(&report), err.text);
	buf_free(&report);
	db_close(db);
	return rc ? 1 : 0;
}
