/* SPDX-License-Identifier: ISC */
/* The schema: numbered migrations and functions brought into a database. */
#include "config.h"
#include "core/migration.h"

#include "base/sha.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_TRIES 30

static const struct db_stmt stmt_exists = {
	"migration_exists", "select to_regclass('b3lb.migration') is not null", true};
static const struct db_stmt stmt_state = {
	"migration_state", "select coalesce(max(number), 0), max(functions) from b3lb.migration", true};
static const struct db_stmt stmt_add = {
	"migration_add", "insert into b3lb.migration (number, name) values ($1::int, $2)", false};
static const struct db_stmt stmt_functions = {"migration_functions",
	"update b3lb.migration set functions = case when number = (select max(number) from b3lb.migration) "
	"then $1 end",
	true};
static const struct db_stmt stmt_has_database = {
	"migration_has_database", "select 1 from pg_database where datname = $1", true};
/* Names are in every script: an encoding that the server prefers may not hold them. */
static const struct db_stmt stmt_create = {"migration_create",
	"select 'create database ' || quote_ident($1) || case current_setting('server_encoding') when 'UTF8' "
	"then '' else ' encoding ''UTF8'' lc_collate ''C'' lc_ctype ''C'' template template0' end",
	true};

static const char bootstrap[] =
	"create schema if not exists b3lb; "
	"create table if not exists b3lb.migration (number int primary key, name text not null, "
	"applied_at timestamptz not null default now(), functions text)";

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
	bool exists;

	*number = 0;
	functions[0] = '\0';
	if (db_exec(c, &stmt_exists, NULL, &r, err) == -1)
		return -1;
	exists = db_bool(r, 0, 0);
	db_free(r);
	if (!exists)
		return 0;
	if (db_exec(c, &stmt_state, NULL, &r, err) == -1)
		return -1;
	*number = (int)db_int(r, 0, 0);
	snprintf(functions, size, "%s", db_text(r, 0, 1) ? db_text(r, 0, 1) : "");
	db_free(r);
	return 0;
}

/* Begins a transaction that no second runner shares and that waits two seconds at most for each table. */
static int begin_alone(struct db_conn *c, struct err *err)
{
	if (db_begin(c, err) == -1)
		return -1;
	if (db_script(c, "select pg_advisory_xact_lock(4742348)", err) == -1)
		return -1;
	return db_script(c, "set local lock_timeout = '2s'; set local statement_timeout = 0", err);
}

static int apply_migration(struct db_conn *c, const struct migration *m, bool *applied, struct err *err)
{
	char functions[SHA_HEX_MAX + 1];
	struct db_args args = {0};
	int number;

	*applied = false;
	if (begin_alone(c, err) == -1)
		return -1;
	if (db_script(c, bootstrap, err) == -1 ||
		read_state(c, &number, functions, sizeof(functions), err) == -1)
		return -1;
	if (number < m->number) {
		db_arg_int(&args, m->number);
		db_arg_text(&args, m->name);
		if (db_script(c, m->sql, err) == -1 || db_exec(c, &stmt_add, &args, NULL, err) == -1)
			return -1;
		*applied = true;
	}
	return db_commit(c, err);
}

static int apply_functions(struct db_conn *c, const char *hash, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, hash);
	if (begin_alone(c, err) == -1 || db_script(c, migration_functions, err) == -1 ||
		db_exec(c, &stmt_functions, &args, NULL, err) == -1)
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

int migration_create_database(const struct conf *conf, bool *created, struct err *err)
{
	struct conf other = *conf;
	struct db *db = db_open(conf, "b3lb-admin", 1, 10000), *server = NULL;
	struct db_conn *c = db_borrow(db, err);
	struct db_args args = {0};
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
	db_arg_text(&args, name);
	if (db_run(server, &stmt_has_database, &args, &r, err) == -1)
		goto out;
	rc = 0;
	if (db_rows(r) == 0) {
		struct db_conn *s;

		db_free(r);
		r = NULL;
		if (db_run(server, &stmt_create, &args, &r, err) == -1) {
			rc = -1;
			goto out;
		}
		s = db_borrow(server, err);
		rc = s ? db_script(s, db_text(r, 0, 0), err) : -1;
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
