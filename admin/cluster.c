/* SPDX-License-Identifier: ISC */
/* b3lb-admin cluster: nodes that share load factors and a checksum algorithm. */
#include "config.h"
#include "admin.h"

#include "core/cluster.h"

static const struct admin_option settings[] = {
	{"load-a", ADMIN_NUMBER, false, "1", "What an attendee weighs."},
	{"load-m", ADMIN_NUMBER, false, "30", "What a meeting weighs."},
	{"cpu-iterations", ADMIN_COUNT, false, "6",
		"How sharply the weight of the processor rises towards full load."},
	{"cpu-max", ADMIN_NUMBER, false, "5000", "What a processor under full load weighs."},
	{"sha", ADMIN_CHOICE, false, "sha1|sha256|sha384|sha512",
		"Algorithm that calls to its nodes are signed with."},
	{.name = NULL},
};

static struct cluster_settings read_settings(const struct admin *a)
{
	return (struct cluster_settings){
		.name = a->args[0],
		.load_a = admin_option(a, "load-a"),
		.load_m = admin_option(a, "load-m"),
		.cpu_iterations = admin_option(a, "cpu-iterations"),
		.cpu_max = admin_option(a, "cpu-max"),
		.sha = admin_option(a, "sha"),
	};
}

static int add(struct admin *a, struct err *err)
{
	struct cluster_settings s = read_settings(a);

	return admin_explain(cluster_add(a->db, &s, err), "cluster", s.name, err);
}

static int set(struct admin *a, struct err *err)
{
	struct cluster_settings s = read_settings(a);

	return admin_explain(cluster_set(a->db, &s, err), "cluster", s.name, err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (cluster_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int take_away(struct admin *a, struct err *err)
{
	return admin_explain(cluster_remove(a->db, a->args[0], err), "cluster", a->args[0], err);
}

const struct admin_command admin_cluster_commands[] = {
	{"cluster", "add", "NAME", 1, 1, settings, false, false, add,
		"Makes a cluster: nodes that share load factors and a checksum algorithm.",
		"b3lb-admin cluster add main --load-m 20"},
	{"cluster", "set", "NAME", 1, 1, settings, false, false, set,
		"Changes what is given of a cluster; the rest stays.",
		"b3lb-admin cluster set main --sha sha1"},
	{"cluster", "list", "", 0, 0, NULL, false, false, list, "Lists all clusters.",
		"b3lb-admin cluster list"},
	{"cluster", "remove", "NAME", 1, 1, NULL, false, true, take_away, "Removes a cluster without nodes.",
		"b3lb-admin cluster remove old"},
	{.object = NULL},
};
