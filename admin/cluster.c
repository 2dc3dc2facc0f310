/* SPDX-License-Identifier: ISC */
/* b3lb-admin cluster: nodes that share load factors and a checksum algorithm. */
#include "config.h"
#include "change.h"

#include "core/cluster.h"

static const struct admin_option settings[] = {
	{"load-a", ADMIN_NUMBER, false, "1", "What an attendee weighs."},
	{"load-m", ADMIN_NUMBER, false, "0", "What a meeting weighs besides its attendees."},
	{"cpu-iterations", ADMIN_COUNT, false, "6",
		"How sharply the weight of the processor rises towards full load."},
	{"cpu-max", ADMIN_NUMBER, false, "5000", "What a processor under full load weighs."},
	{"sha", ADMIN_CHOICE, false, "sha1|sha256|sha384|sha512",
		"Algorithm that calls to its nodes are signed with."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static int change(struct admin *a, struct err *err)
{
	return admin_change(a, &state_cluster, NULL, a->args[0], err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (cluster_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

const struct admin_command admin_cluster_commands[] = {
	{"cluster", "add", "NAME", 1, 1, settings, false, false, change,
		"Makes a cluster: nodes that share load factors and a checksum algorithm.",
		"b3lb-admin cluster add main"},
	{"cluster", "set", "NAME", 1, 1, settings, false, false, change,
		"Changes what is given of a cluster; the rest stays.",
		"b3lb-admin cluster set main --sha sha1"},
	{"cluster", "list", "", 0, 0, NULL, false, false, list, "Lists all clusters.",
		"b3lb-admin cluster list"},
	{"cluster", "remove", "NAME", 1, 1, admin_dry_run, false, true, change,
		"Removes a cluster without nodes.", "b3lb-admin cluster remove old"},
	{.object = NULL},
};
