/* SPDX-License-Identifier: ISC */
/* b3lb-admin audit: who changed what, and what was done by hand. */
#include "config.h"
#include "admin.h"

#include <stdlib.h>

#define LISTED "100"

static const struct admin_option options[] = {
	{"actor", ADMIN_TEXT, false, "A", "Only what this one did: anna, cli:root(anna), token:terraform."},
	{"object", ADMIN_TEXT, false, "WHAT", "Only of such objects: node, tenant, secret, meeting."},
	{"name", ADMIN_TEXT, false, "NAME", "Only of the object of that name: bbb2, ACME, ACME-5."},
	{"tenant", ADMIN_TEXT, false, "T", "Only what belongs to this tenant."},
	{"from", ADMIN_TEXT, false, "TIME", "From then on: 2026-11-26, or 2026-11-26T08:00:00Z."},
	{"to", ADMIN_TEXT, false, "TIME", "Before then."},
	{"limit", ADMIN_COUNT, false, LISTED, "So many, the newest first."},
	{.name = NULL},
};

static int list(struct admin *a, struct err *err)
{
	const char *limit = admin_option(a, "limit");
	const struct audit_filter filter = {
		.actor = admin_option(a, "actor"),
		.object = admin_option(a, "object"),
		.name = admin_option(a, "name"),
		.tenant = admin_option(a, "tenant"),
		.from = admin_option(a, "from"),
		.to = admin_option(a, "to"),
		.limit = atoi(limit ? limit : LISTED),
	};
	struct db_result *r = NULL;

	if (audit_list(a->db, &filter, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

const struct admin_command admin_audit_commands[] = {
	{"audit", "list", "", 0, 0, options, false, false, list,
		"Lists who changed what of the configuration, and what was done to nodes and meetings.",
		"b3lb-admin audit list --object node --name bbb2"},
	{.object = NULL},
};
