/* SPDX-License-Identifier: ISC */
/* Meetings of all nodes: what runs, and ending it. */
#include "config.h"
#include "lists.h"

#include "core/analytics.h"
#include "core/node_meetings.h"
#include "db/rows.h"

static void send_meeting(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *r = NULL;
	struct buf body = BUF_INIT;

	if (!manage_find_row(m, &r))
		return;
	rows_json_object(&body, r, 0);
	manage_send(m, 200, body.ptr, body.len);
	buf_free(&body);
	db_free(r);
}

static void end_meeting(struct manage *m, bool force)
{
	struct arena *a = &m->x.rq->arena;
	struct meeting meeting;
	const char *tenant;
	struct err err = {0};

	if (meeting_find_ours(m->service->db, a, m->x.values[0], m->who.tenants, &meeting, &tenant, &err) ==
		-1) {
		manage_fail(m, &err);
	} else if (node_end_meeting(m->service->db, m->service->conf, &meeting, force, &err) == -1) {
		/* Which node it is, and what it says, is not everybody's. */
		manage_refuse(&m->x, endpoint_status(err.kind),
			manage_is_bound(&m->who) ? "its node did not end it" : err.text);
	} else {
		manage_note(
			m, &(const struct audit_entry){.object = "meeting",
				   .name = meeting.node_meeting_id,
				   .tenant = tenant,
				   .changes = arena_printf(a, "meeting %.128s: ended", meeting.client_id)});
		manage_send_nothing(m);
	}
}

static void post_end(struct exchange *x)
{
	static const struct manage_field fields[] = {{"force", FIELD_BOOL}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	json_t *body = manage_take_body(m, fields);
	bool force = json_is_true(json_object_get(body, "force"));

	if (!body)
		return;
	json_decref(body);
	end_meeting(m, force);
}

/* Of a meeting that is over, which no list has any more. */
static void send_analytics(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *r = NULL;
	struct buf body = BUF_INIT;
	struct err err = {0};

	if (analytics_read(m->service->db, m->who.tenants, x->values[0], &r, &err) == -1) {
		manage_fail(m, &err);
		return;
	}
	rows_json_object(&body, r, 0);
	manage_send(m, 200, body.ptr, body.len);
	buf_free(&body);
	db_free(r);
}

static const struct endpoint rows[] = {
	ROW("v1/meetings", ON_GET_HEAD, MAY_READ, 0, "List meetings", manage_send_list,
		.list = &list_meetings),
	ROW("v1/meetings/{id}", ON_GET_HEAD, MAY_READ, 0, "Show a meeting", send_meeting,
		.list = &list_meetings),
	ROW("v1/meetings/{id}/analytics", ON_GET_HEAD, MAY_OPERATE, 0,
		"Show the learning analytics that are kept of a meeting", send_analytics,
		.answer = "Analytics"),
	ROW("v1/meetings/{id}/end", ON_POST, MAY_OPERATE, 0, "End a meeting", post_end, .body = "End"),
};
MANAGE_ROWS(meetings_rows, rows);
