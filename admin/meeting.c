/* SPDX-License-Identifier: ISC */
/* b3lb-admin meeting: what runs where, and ending it. */
#include "config.h"
#include "change.h"
#include "json.h"

#include "base/term.h"
#include "core/analytics.h"
#include "core/node_meetings.h"
#include "core/status.h"
#include "sql/statements.h"

#include <stdio.h>

static const struct admin_option list_options[] = {
	{"tenant", ADMIN_TEXT, false, "T", "Only those of this tenant."},
	{.name = NULL},
};
static const struct admin_option end_options[] = {
	{"force", ADMIN_SWITCH, false, NULL, "Also when the node does not answer."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (status_meetings(a->db, admin_option(a, "tenant"), &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int end(struct admin *a, struct err *err)
{
	struct meeting_attendance attendance;
	struct tenant tenant;
	struct meeting meeting;
	struct route route = {0};
	const char *done;
	struct err why;

	if (admin_tenant_sub(a->args[0], route.slug, &route.sub_id, err) == -1 ||
		meeting_find(a->db, &a->arena, &route, "", a->args[1], &tenant, &meeting, &attendance, err) ==
			-1)
		return -1;
	if (!meeting.id)
		return err_set(
			err, ERR_NOT_FOUND, "there is no meeting %.256s of %s", a->args[1], a->args[0]);
	done = arena_printf(&a->arena, "meeting %.128s on %s: ended", a->args[1], meeting.node.slug);
	if (admin_is_dry(a))
		return admin_foretell(a, done);
	if (node_end_meeting(a->db, &a->conf, &meeting, admin_option(a, "force") != NULL, err) == -1) {
		why = *err;
		return err_set(
			err, why.kind, "%.300s (--force takes it off the mapping all the same)", why.text);
	}
	return audit_note(a->db, admin_actor(a),
		&(struct audit_entry){.object = "meeting",
			.name = meeting.node_meeting_id,
			.tenant = route.slug,
			.changes = done},
		err);
}

static int analytics(struct admin *a, struct err *err)
{
	struct db_result *r = NULL, *people = NULL;
	int rc = analytics_read(a->db, NULL, a->args[0], &r, err);

	if (rc == 0 && !a->json)
		rc = analytics_people(a->db, a->args[0], &people, err);
	if (rc == -1) {
		db_free(r);
		return -1;
	}
	if (a->json) {
		admin_json_print(json_loads(db_text(r, 0, ANALYTICS_READ_ANALYTICS), 0, NULL));
		db_free(r);
		return 0;
	}
	term_print(stdout,
		arena_printf(&a->arena, "%s-%lld %s (%s), of %s, kept until %s",
			db_text(r, 0, ANALYTICS_READ_TENANT), db_int(r, 0, ANALYTICS_READ_SUB_ID),
			db_text(r, 0, ANALYTICS_READ_MEETING_ID), db_text(r, 0, ANALYTICS_READ_INTERNAL_ID),
			db_text(r, 0, ANALYTICS_READ_RECEIVED_AT), db_text(r, 0, ANALYTICS_READ_KEPT_UNTIL)));
	putchar('\n');
	db_free(r);
	admin_print(a, people, false);
	return 0;
}

const struct admin_command admin_meeting_commands[] = {
	{"meeting", "list", "", 0, 0, list_options, false, false, list, "Lists what runs where.",
		"b3lb-admin meeting list --tenant acme"},
	{"meeting", "end", "TENANT[-SUB] MEETINGID", 2, 2, end_options, false, true, end,
		"Ends a meeting on its node.", "b3lb-admin meeting end acme room-7"},
	{"meeting", "analytics", "ID", 1, 1, NULL, false, false, analytics,
		"Shows the learning analytics that are kept of a meeting (tenant set --analytics-days): who was there; with --json all that the node said; ID is the internal id, as recordings have it, ours, or what its client calls it: then the newest.",
		"b3lb-admin meeting analytics room-7"},
	{.object = NULL},
};
