/* SPDX-License-Identifier: ISC */
/* b3lb-admin parameter: rules on parameters of create and join, of a tenant or of all. */
#include "config.h"
#include "change.h"

#include "core/rule.h"

static int set(struct admin *a, struct err *err)
{
	json_t *body =
		json_pack("{s:s, s:s?}", "mode", a->args[2], "value", a->arg_count > 3 ? a->args[3] : NULL);
	const struct change change = {.object = &state_parameter,
		.parent = a->args[0],
		.name = a->args[1],
		.kind = CHANGE_PUT,
		.body = body};
	int rc;

	if (!body)
		return err_set(err, ERR_INVALID, "parameter %.64s: the value must be UTF-8", a->args[1]);
	rc = admin_changes(a, &change, 1, err);
	json_decref(body);
	return rc;
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (rule_list(a->db, a->arg_count ? a->args[0] : NULL, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int take_away(struct admin *a, struct err *err)
{
	return admin_change(a, &state_parameter, a->args[0], a->args[1], err);
}

const struct admin_command admin_parameter_commands[] = {
	{"parameter", "set", "TENANT NAME block|set|override|max|append [VALUE]", 3, 4, admin_dry_run, false,
		false, set,
		"Sets a rule on a parameter of create or join: block removes it, set fills it in, override always sets it, max caps a number, append adds to a list; TENANT *: for all tenants that have no rule of that name themselves.",
		"b3lb-admin parameter set acme duration max 240"},
	{"parameter", "list", "[TENANT]", 0, 1, NULL, false, false, list,
		"Lists the rules; TENANT *: those for all tenants.", "b3lb-admin parameter list acme"},
	{"parameter", "remove", "TENANT NAME", 2, 2, admin_dry_run, false, true, take_away,
		"Takes a rule away.", "b3lb-admin parameter remove acme duration"},
	{.object = NULL},
};
