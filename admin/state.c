/* SPDX-License-Identifier: ISC */
/* b3lb-admin state: the whole configuration as JSON, to keep, to compare, to take into another database. */
#include "config.h"
#include "admin.h"
#include "change.h"

#include "core/state.h"

#include <stdio.h>

#define FILE_MAX (256 << 20)

static const struct admin_option export_options[] = {
	{"secrets", ADMIN_SWITCH, false, NULL, "With secrets and tokens."},
	{.name = NULL},
};

static int export_state(struct admin *a, struct err *err)
{
	struct buf json = BUF_INIT;
	int rc = state_export(a->db, admin_option(a, "secrets") != NULL, &json, err);

	if (rc == 0)
		fputs(buf_str(&json), stdout);
	buf_free(&json);
	return rc;
}

static int import_state(struct admin *a, struct err *err)
{
	struct state_report report = {0};
	struct buf text = BUF_INIT;
	int rc = admin_read(a->args[0], FILE_MAX, &text, err);

	if (rc == 0)
		rc = state_import(a->db, &a->conf, buf_str(&text), text.len, admin_is_dry(a), admin_actor(a),
			&report, err);
	if (rc == 0)
		admin_print_report(a, &report, admin_is_dry(a));
	state_report_free(&report);
	buf_free(&text);
	return rc;
}

const struct admin_command admin_state_commands[] = {
	{"state", "export", "", 0, 0, export_options, false, false, export_state,
		"Prints the whole configuration of the database as JSON.",
		"b3lb-admin state export --secrets > b3lb.json"},
	{"state", "import", "FILE", 1, 1, admin_dry_run, false, false, import_state,
		"Makes what is missing and changes what is other, in one transaction.",
		"b3lb-admin state import b3lb.json --dry-run"},
	{.object = NULL},
};
