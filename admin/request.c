/* SPDX-License-Identifier: ISC */
/* b3lb-admin request: calls of the API that were refused, and why. */
#include "config.h"
#include "admin.h"

static const struct admin_option options[] = {
	{"id", ADMIN_TEXT, false, "ID",
		"Only that request, by the Request-Id of its answer, or of that meeting."},
	{"tenant", ADMIN_TEXT, false, "T", "Only those of this tenant."},
	{"call", ADMIN_TEXT, false, "CALL", "Only of that call: create."},
	{"key", ADMIN_TEXT, false, "KEY", "Only with that reason: maxMeetingsReached."},
	{"node", ADMIN_TEXT, false, "NODE", "Only where that node had a part in it."},
	{"from", ADMIN_TEXT, false, "TIME", "From then on: 2026-11-26, or 2026-11-26T08:00:00Z."},
	{"to", ADMIN_TEXT, false, "TIME", "Before then."},
	{"limit", ADMIN_COUNT, false, "50", "So many, the newest first; at most 500."},
	{ADMIN_CSV, ADMIN_SWITCH, false, NULL, "All of them as CSV."},
	{.name = NULL},
};

static int list(struct admin *a, struct err *err)
{
	return admin_list(a, &list_requests, err);
}

const struct admin_command admin_request_commands[] = {
	{"request", "list", "", 0, 0, options, false, false, list,
		"Lists calls of the API that were refused within two weeks, with their reason.",
		"b3lb-admin request list --tenant ACME --key checksumError"},
	{.object = NULL},
};
