/* SPDX-License-Identifier: ISC */
/* b3lb-admin usage: what tenants used in a month. */
#include "config.h"
#include "admin.h"

#include "core/report.h"
#include "core/usage.h"

#include <stdio.h>
#include <string.h>

static const struct admin_option options[] = {
	{"month", ADMIN_TEXT, false, "MONTH", "That month: 2026-11; else this one, as far as it has gone."},
	{"by", ADMIN_CHOICE, false, "tenant|secret", "A row a tenant (default) or a secret."},
	{ADMIN_CSV, ADMIN_SWITCH, false, NULL, "As CSV."},
	{.name = NULL},
};

static int usage(struct admin *a, struct err *err)
{
	const char *by = admin_option(a, "by"), *zone;
	struct report_month month;
	struct db_result *r = NULL;
	bool known;

	if (usage_zone(a->db, &a->conf, &zone, &known, err) == -1 ||
		report_month(a->db, zone, admin_option(a, "month"), &month, err) == -1 ||
		report_usage(a->db, NULL, month.month, by && strcmp(by, "secret") == 0, &r, err) == -1)
		return -1;
	if (!known)
		fprintf(stderr, "b3lb-admin: PostgreSQL knows no time zone %s: months begin by UTC\n",
			a->conf.time_zone);
	if (month.current)
		fprintf(stderr, "b3lb-admin: %.7s (%s) is not over\n", month.month, zone);
	if (admin_option(a, ADMIN_CSV))
		admin_print_csv(r);
	else
		admin_print(a, r, false);
	return 0;
}

const struct admin_command admin_usage_commands[] = {
	{"usage", "", "", 0, 0, options, false, false, usage,
		"Sums up what tenants used in a month; a session belongs to the month in which it began.",
		"b3lb-admin usage --month 2026-11 --csv"},
	{.object = NULL},
};
