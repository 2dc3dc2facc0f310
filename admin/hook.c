/* SPDX-License-Identifier: ISC */
/* b3lb-admin hook: webhooks of clients, and permanent ones. */
#include "config.h"
#include "admin.h"
#include "change.h"
#include "json.h"

#include "core/audit.h"
#include "core/hook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct admin_option add_options[] = {
	{"meeting", ADMIN_TEXT, false, "ID", "Of this meeting alone, as its client calls it."},
	{"events", ADMIN_LIST, false, "A,B", "These events alone."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

/* Its URL may hold what opens something: only its id is written down. */
static int note(struct admin *a, long long id, const char *tenant, const char *what, struct err *err)
{
	return audit_note(a->db, admin_actor(a),
		&(struct audit_entry){.object = "hook",
			.name = arena_printf(&a->arena, "%lld", id),
			.tenant = tenant,
			.changes = what},
		err);
}

/* A dry run's line. */
static int foretell(struct admin *a, const char *hook, const char *what)
{
	return admin_foretell(a, arena_printf(&a->arena, "hook %s: %s", hook, what));
}

static int add(struct admin *a, struct err *err)
{
	const struct hook_wish wish = {a->args[1], admin_option(a, "meeting"), admin_option(a, "events")};
	const char *complaint = hook_complaint(&wish);
	char slug[ROUTE_SLUG_MAX + 1];
	long long id = 0;
	int sub_id;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	if (complaint)
		return err_set(err, ERR_INVALID, "%s", complaint);
	if (hook_add(a->db, slug, sub_id, &wish, &id, err) == -1 || note(a, id, slug, "added", err) == -1)
		return -1;
	if (admin_is_dry(a))
		return foretell(a, arena_printf(&a->arena, "of %s", a->args[0]), "added");
	if (a->json)
		admin_json_print(json_pack("{s:I}", "id", (json_int_t)id));
	else
		printf("%lld\n", id);
	return 0;
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (hook_show(a->db, a->arg_count ? a->args[0] : NULL, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

/* The id that is the argument; 0 with err when it is none. */
static long long read_id(const struct admin *a, struct err *err)
{
	const char *id = a->args[0];

	if (text_is_number(id, 9) && atoll(id))
		return atoll(id);
	err_set(err, ERR_INVALID, "'%.32s' must be the id of a hook: b3lb-admin hook list", id);
	return 0;
}

static int take_away(struct admin *a, struct err *err)
{
	long long id = read_id(a, err);
	const char *any = NULL, *tenant = NULL;

	if (!id || hook_remove(a->db, &a->arena, any, id, false, &tenant, err) == -1)
		return -1;
	if (note(a, id, tenant, "removed", err) == -1)
		return -1;
	return admin_is_dry(a) ? foretell(a, a->args[0], "removed") : 0;
}

static int test(struct admin *a, struct err *err)
{
	long long id = read_id(a, err);
	const char *any = NULL;

	if (!id || hook_test(a->db, any, id, err) == -1)
		return -1;
	return admin_is_dry(a) ? foretell(a, a->args[0], "an event b3lb-test sent") : 0;
}

const struct admin_command admin_hook_commands[] = {
	{"hook", "add", "TENANT[-SUB] URL", 2, 2, add_options, false, false, add,
		"Makes a webhook that no client destroys and no failure takes away, and prints its id.",
		"b3lb-admin hook add acme https://lms.example/hook --events meeting-ended"},
	{"hook", "list", "[TENANT]", 0, 1, NULL, false, false, list,
		"Lists webhooks with what waits for them and how long they have failed.",
		"b3lb-admin hook list acme"},
	{"hook", "remove", "ID", 1, 1, admin_dry_run, false, false, take_away,
		"Removes a webhook with what waits for it.", "b3lb-admin hook remove 17"},
	{"hook", "test", "ID", 1, 1, admin_dry_run, false, false, test, "Sends a webhook an event b3lb-test.",
		"b3lb-admin hook test 17"},
	{.object = NULL},
};
