/* SPDX-License-Identifier: ISC */
/* b3lb-admin status: nodes, load, meetings, jobs and when each last ran. */
#include "config.h"
#include "admin.h"
#include "json.h"

#include "core/node.h"
#include "core/status.h"

#include <stdio.h>

static int status(struct admin *a, struct err *err)
{
	struct db_result *totals = NULL, *nodes = NULL, *jobs = NULL;
	int rc = -1;

	if (status_totals(a->db, &totals, err) == -1 || node_list(a->db, &nodes, err) == -1 ||
		status_jobs(a->db, &jobs, err) == -1)
		goto out;
	if (a->json) {
		admin_json_print(json_pack("{s:o, s:o, s:o}", "totals", admin_json_rows(totals, true),
			"nodes", admin_json_rows(nodes, false), "jobs", admin_json_rows(jobs, false)));
	} else {
		admin_print(a, totals, true);
		printf("\n");
		admin_print(a, nodes, false);
		printf("\n");
		admin_print(a, jobs, false);
		totals = nodes = jobs = NULL;
	}
	rc = 0;
out:
	db_free(totals);
	db_free(nodes);
	db_free(jobs);
	return rc;
}

const struct admin_command admin_status_commands[] = {
	{"status", "", "", 0, 0, NULL, false, false, status,
		"Shows nodes, load, meetings, jobs and when each last ran.", "b3lb-admin status"},
	{.object = NULL},
};
