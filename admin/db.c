/* SPDX-License-Identifier: ISC */
/* b3lb-admin db: the schema is made, brought up to date, checked. */
#include "config.h"
#include "change.h"
#include "json.h"

#include "core/migration.h"

#include <stdio.h>
#include <string.h>

/* The steps that were taken, a line each. */
static void print_steps(const struct admin *a, bool created, const struct buf *steps)
{
	json_t *list = json_array();

	if (!a->json) {
		printf("%s%s", created ? "created the database\n" : "", buf_str(steps));
		json_decref(list);
		return;
	}
	for (const char *line = buf_str(steps); *line; line += strcspn(line, "\n"), line += *line == '\n')
		json_array_append_new(list, json_stringn(line, strcspn(line, "\n")));
	admin_json_print(json_pack("{s:b, s:o}", "created", created, "steps", list));
}

static int foretell(struct admin *a, bool created, struct err *err)
{
	struct buf steps = BUF_INIT;
	int rc;

	if (created)
		buf_puts(&steps, "created the database\n");
	rc = migration_plan(created ? NULL : a->db, &steps, err);
	if (rc == 0)
		admin_print_dry(a, &steps);
	buf_free(&steps);
	return rc;
}

static int run(struct admin *a, bool created, struct err *err)
{
	struct buf steps = BUF_INIT;
	int rc;

	if (admin_is_dry(a))
		return foretell(a, created, err);
	rc = migration_run(a->db, &steps, err);

	/* What was done before something failed is done. */
	if (rc == 0 || steps.len)
		print_steps(a, created, &steps);
	buf_free(&steps);
	return rc;
}

static int migrate(struct admin *a, struct err *err)
{
	return run(a, false, err);
}

static int init(struct admin *a, struct err *err)
{
	bool created = false;

	if (migration_create_database(&a->conf, admin_is_dry(a), &created, err) == -1)
		return -1;
	return run(a, created, err);
}

/* Programs are told of a schema that is another too; the exit status says the same. */
static int check(struct admin *a, struct err *err)
{
	bool good = migration_check(a->db, err) == 0;

	if (a->json && (good || err->kind != ERR_AWAY))
		admin_json_print(json_pack(
			"{s:b, s:o?}", "current", good, "message", good ? NULL : admin_json_text(err->text)));
	else if (good)
		printf("the schema is this program's\n");
	return good ? 0 : -1;
}

const struct admin_command admin_db_commands[] = {
	{"db", "init", "", 0, 0, admin_dry_run, false, false, init, "Makes database and schema.",
		"b3lb-admin db init"},
	{"db", "migrate", "", 0, 0, admin_dry_run, false, false, migrate,
		"Brings the schema up to date; a running service goes on meanwhile.",
		"b3lb-admin db migrate"},
	{"db", "check", "", 0, 0, NULL, false, false, check, "Compares the schema with this program's.",
		"b3lb-admin db check --json"},
	{.object = NULL},
};
