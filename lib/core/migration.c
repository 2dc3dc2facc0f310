/* SPDX-License-Identifier: ISC */
/* The schema: numbered migrations and functions brought into a database. */
#include "config.h"
#include "core/migration.h"

#include "base/sha.h"
#include "base/log.h"
#include "sql/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_TRIES 30

static int newest(void)
{
	int n = 0;

	for (const struct migration *m = migrations; m->number; m++)
		n = m->number;
	return n;
}

static void functions_hash(char hex[SHA_HEX_MAX + 1])
{
	sha_hex(SHA_ALG_256, &(struct sha_part){migration_functions, strlen(migration_functions)}, 1, hex);
}

/* Where the database stands: number 0 and "" when it has no schema of ours. */
static int read_state(struct db_conn *c, int *number, char *functions, size_t size, struct err *err)
{
	struct db_result *r = NULL;
	const char *text;
	bool exists;

	*number = 0;
	functions[0] = '\0';
	if (db_exec(c, &stmt_migration_exists, NULL, &r, err) == -1)
		return -1;
	exists = db_bool(r, 0, MIGRATION_EXISTS_LEDGER);
	db_free(r);
	if (!exists)
		return 0;
	if (db_exec(c, &stmt_migration_state, NULL, &r, err) == -1)
		return -1;
	*number = (int)db_int(r, 0, MIGRATION_STATE_NUMBER);
	text = db_text(r, 0, MIGRATION_STATE_FUNCTIONS);
	snprintf(functions, size, "%s", text ? text : "");
	db_free(r);
	return 0;
}

/* Begins a transaction that no second runner shares, and that takes as long as it takes. */
static int begin_alone(struct db_conn *c, struct err *err)
{
	db_be_patient(c);
	if (db_begin(c, err) == -1 || db_exec(c, &stmt_migration_be_patient, NULL, NULL, err) == -1)
		return -1;
	return db_exec(c, &stmt_migration_be_alone, NULL, NULL, err);
}

/* The schema and the table of what was applied, where they are missing. */
static int make_ledger(struct db_conn *c, struct err *err)
{
	struct db_result *r = NULL;
	bool schema;

	if (db_exec(c, &stmt_migration_exists, NULL, &r, err) == -1)
		return -1;
	schema = db_bool(r, 0, MIGRATION_EXISTS_SCHEMA);
	db_free(r);
	if (!schema && db_exec(c, &stmt_migration_make_schema, NULL, NULL, err) == -1)
		return -1;
	return db_exec(c, &stmt_migration_make_ledger, NULL, NULL, err);
}

static int apply_migration(struct db_conn *c, const struct migration *m, bool *applied, struct err *err)
{
	char functions[SHA_HEX_MAX + 1];
	int number;

	*applied = false;
	if (begin_alone(c, err) == -1)
		return -1;
	if (make_ledger(c, err) == -1 || read_state(c, &number, functions, sizeof(functions), err) == -1)
		return -1;
	if (number < m->number) {
		if (db_script(c, m->sql, err) == -1 ||
			db_exec(c, &stmt_migration_add, DB_ARGS(m->number, m->name), NULL, err) == -1)
			return -1;
		*applied = true;
	}
	return db_commit(c, err);
}

/* Drops the functions of earlier programs: those that this transaction has not made. */
static int drop_old_functions(struct db_conn *c, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_exec(c, &stmt_migration_old_functions, NULL, &r, err);

	for (int i = 0; rc == 0 && i < db_rows(r); i++)
		rc = db_script(c, db_text(r, i, MIGRATION_OLD_FUNCTIONS_COMMAND), err);
	db_free(r);
	return rc;
}

static int apply_functions(struct db_conn *c, const char *hash, struct err *err)
{
	if (begin_alone(c, err) == -1 || db_script(c, migration_functions, err) == -1 ||
		drop_old_functions(c, err) == -1 ||
		db_exec(c, &stmt_migration_set_functions, DB_ARGS(hash), NULL, err) == -1)
		return -1;
	return db_commit(c, err);
}

/* One step on a connection of its own; tries again while a table is locked by the running service. */
static int step(struct db *db, const struct migration *m, const char *hash, bool *applied, struct err *err)
{
	int rc = -1;

	for (int i = 0; i < LOCK_TRIES && rc == -1; i++) {
		struct db_conn *c = db_borrow(db, err);

		if (!c)
			return -1;
		*applied = true;
		rc = m ? apply_migration(c, m, applied, err) : apply_functions(c, hash, err);
		db_return(c);
		if (rc == -1 && strcmp(db_sqlstate(), "55P03") != 0 && strcmp(db_sqlstate(), "40P01") != 0)
			return -1;
		if (rc == -1)
			sleep(1);
	}
	return rc;
}

static int read_state_once(struct db *db, int *number, char *functions, size_t size, struct err *err)
{
	struct db_conn *c = db_borrow(db, err);
	int rc = c ? read_state(c, number, functions, size, err) : -1;

	db_return(c);
	return rc;
}

static int refuse_newer(int number, struct err *err)
{
	return err_set(err, ERR_CONFLICT,
		"the schema is at %d, newer than this program's %d: update the program first", number,
		newest());
}

int migration_run(struct db *db, struct buf *report, struct err *err)
{
	char functions[SHA_HEX_MAX + 1], hash[SHA_HEX_MAX + 1];
	bool applied = false, any = false;
	int number;

	if (read_state_once(db, &number, functions, sizeof(functions), err) == -1)
		return -1;
	if (number > newest())
		return refuse_newer(number, err);
	for (const struct migration *m = migrations; m->number; m++) {
		if (m->number <= number)
			continue;
		if (step(db, m, NULL, &applied, err) == -1)
			return -1;
		if (applied)
			buf_printf(report, "applied %s\n", m->name);
		any = any || applied;
	}
	functions_hash(hash);
	if (any || strcmp(functions, hash) != 0) {
		if (step(db, NULL, hash, &applied, err) == -1)
			return -1;
		buf_puts(report, "applied functions\n");
		any = true;
	}
	if (!any)
		buf_printf(report, "the schema is at %d already\n", number);
	return 0;
}

int migration_plan(struct db *db, struct buf *report, struct err *err)
{
	char functions[SHA_HEX_MAX + 1] = "", hash[SHA_HEX_MAX + 1];
	int number = 0;

	if (db && read_state_once(db, &number, functions, sizeof(functions), err) == -1)
		return -1;
	if (number > newest())
		return refuse_newer(number, err);
	for (const struct migration *m = migrations; m->number; m++)
		if (m->number > number)
			buf_printf(report, "applied %s\n", m->name);
	functions_hash(hash);
	/* They follow each step, too. */
	if (number < newest() || strcmp(functions, hash) != 0)
		buf_puts(report, "applied functions\n");
	return 0;
}

int migration_check(struct db *db, struct err *err)
{
	char functions[SHA_HEX_MAX + 1], hash[SHA_HEX_MAX + 1];
	int number;

	if (read_state_once(db, &number, functions, sizeof(functions), err) == -1)
		return -1;
	functions_hash(hash);
	if (number == 0)
		return err_set(err, ERR_NOT_FOUND, "the database has no schema: run b3lb-admin db init");
	if (number > newest())
		return refuse_newer(number, err);
	if (number < newest())
		return err_set(err, ERR_CONFLICT,
			"the schema is at %d, the program needs %d: run b3lb-admin db migrate", number,
			newest());
	if (strcmp(functions, hash) != 0)
		return err_set(err, ERR_CONFLICT,
			"the schema's functions are not this program's: run b3lb-admin db migrate");
	return 0;
}

int migration_create_database(const struct conf *conf, bool dry_run, bool *created, struct err *err)
{
	struct conf other = *conf;
	struct db *db = db_open(conf, "b3lb-admin", 1, 10000), *server = NULL;
	struct db_conn *c = db_borrow(db, err);
	struct db_result *r = NULL;
	char *name = NULL, *conninfo = NULL;
	int rc = -1;

	*created = false;
	if (c || strcmp(db_sqlstate(), "3D000") != 0) {
		rc = c ? 0 : -1;
		goto out;
	}
	name = db_conninfo_name(conf->database, "postgres", &conninfo);
	if (!name)
		goto out;
	other.database = conninfo;
	server = db_open(&other, "b3lb-admin", 1, 60000);
	if (db_run(server, &stmt_migration_has_database, DB_ARGS(name), &r, err) == -1)
		goto out;
	rc = 0;
	*created = db_rows(r) == 0;
	if (*created && !dry_run) {
		struct db_conn *s;

		db_free(r);
		r = NULL;
		if (db_run(server, &stmt_migration_create_database, DB_ARGS(name), &r, err) == -1) {
			rc = -1;
			goto out;
		}
		s = db_borrow(server, err);
		rc = s ? db_script(s, db_text(r, 0, MIGRATION_CREATE_DATABASE_COMMAND), err) : -1;
		db_return(s);
		*created = rc == 0;
	}
out:
	db_free(r);
	db_return(c);
	db_close(db);
	db_close(server);
	free(name);
	free(conninfo);
	return rc;
}
