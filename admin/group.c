/* SPDX-License-Identifier: ISC */
/* b3lb-admin group: the clusters that a tenant's meetings may go to. */
#include "config.h"
#include "admin.h"

#include "core/group.h"

static int add(struct admin *a, struct err *err)
{
	return admin_explain(group_add(a->db, a->args[0], err), "group", a->args[0], err);
}

static int attach(struct admin *a, struct err *err)
{
	return group_attach(a->db, a->args[0], a->args[1], err);
}

static int detach(struct admin *a, struct err *err)
{
	return group_detach(a->db, a->args[0], a->args[1], err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (group_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int take_away(struct admin *a, struct err *err)
{
	return admin_explain(group_remove(a->db, a->args[0], err), "group", a->args[0], err);
}

const struct admin_command admin_group_commands[] = {
	{"group", "add", "NAME", 1, 1, NULL, false, false, add,
		"Makes a group: the clusters that tenants may use.", "b3lb-admin group add all"},
	{"group", "attach", "GROUP CLUSTER", 2, 2, NULL, false, false, attach, "Puts a cluster into a group.",
		"b3lb-admin group attach all main"},
	{"group", "detach", "GROUP CLUSTER", 2, 2, NULL, false, false, detach,
		"Takes a cluster out of a group.", "b3lb-admin group detach all old"},
	{"group", "list", "", 0, 0, NULL, false, false, list, "Lists all groups with their clusters.",
		"b3lb-admin group list"},
	{"group", "remove", "NAME", 1, 1, NULL, false, true, take_away,
		"Removes a group that no tenant uses.", "b3lb-admin group remove old"},
	{.object = NULL},
};
