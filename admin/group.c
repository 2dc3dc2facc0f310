/* SPDX-License-Identifier: ISC */
/* b3lb-admin group: the clusters that a tenant's meetings may go to. */
#include "config.h"
#include "change.h"

#include "core/group.h"

static int change(struct admin *a, struct err *err)
{
	return admin_change(a, &state_group, NULL, a->args[0], err);
}

static int change_member(struct admin *a, bool add, struct err *err)
{
	const struct change group = {.object = &state_group, .name = a->args[0]};

	return admin_change_list(a, &group, "clusters", a->args[1], add, err);
}

static int attach(struct admin *a, struct err *err)
{
	return change_member(a, true, err);
}

static int detach(struct admin *a, struct err *err)
{
	return change_member(a, false, err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (group_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

const struct admin_command admin_group_commands[] = {
	{"group", "add", "NAME", 1, 1, admin_dry_run, false, false, change,
		"Makes a group: the clusters that tenants may use.", "b3lb-admin group add all"},
	{"group", "attach", "GROUP CLUSTER", 2, 2, admin_dry_run, false, false, attach,
		"Puts a cluster into a group.", "b3lb-admin group attach all main"},
	{"group", "detach", "GROUP CLUSTER", 2, 2, admin_dry_run, false, false, detach,
		"Takes a cluster out of a group.", "b3lb-admin group detach all old"},
	{"group", "list", "", 0, 0, NULL, false, false, list, "Lists all groups with their clusters.",
		"b3lb-admin group list"},
	{"group", "remove", "NAME", 1, 1, admin_dry_run, false, true, change,
		"Removes a group that no tenant uses.", "b3lb-admin group remove old"},
	{.object = NULL},
};
