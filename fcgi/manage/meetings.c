/* SPDX-License-Identifier: ISC */
/* Meetings of all nodes: what runs, and ending it. */
#include "config.h"
#include "lists.h"

#include "core/meeting_operator.h"
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

static void end_meeting(struct exchange *x)
{
	static const struct manage_field fields[] = {{"force", FIELD_BOOL}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	struct arena *a = &x->rq->arena;
	json_t *body = manage_take_body(m, fields);
	bool force = json_is_true(json_object_get(body, "force"));
	const struct actor actor = manage_actor(m);
	struct meeting_running *list;
	struct err err = {0};
	int count;

	if (!body)
		return;
	json_decref(body);
	count = meeting_operator_find(m->service->db, a, m->who.tenants, x->values[0], NULL, &list, &err);
	if (count == 0)
		err_set(&err, ERR_NOT_FOUND, "there is no such meeting");
	if (count == 1) {
		meeting_operator_end(
			m->service->db, m->service->conf, m->service->upstream, a, list, 1, force, &actor);
		/* Which node it is, and what it says, is not everybody's. */
		if (list->err.kind != ERR_NONE && manage_is_bound(&m->who))
			err_set(&err, ERR_AWAY, "its node did not end it");
		else if (list->err.kind != ERR_NONE)
			err_set(&err, list->err.kind, "node %s did not end it: %.200s",
				list->meeting.node.slug, list->err.text);
	}
	if (err.kind != ERR_NONE)
		manage_fail(m, &err);
	else
		manage_send_nothing(m);
}

static const struct endpoint rows[] = {
	ROW("v1/meetings", ON_GET_HEAD, MAY_READ, 0, "List meetings", manage_send_list,
		.list = &list_meetings),
	ROW("v1/meetings/{id}", ON_GET_HEAD, MAY_READ, 0, "Show a meeting", send_meeting,
		.list = &list_meetings),
	ROW("v1/meetings/{id}/end", ON_POST, MAY_OPERATE, 0, "End a meeting", end_meeting, .body = "End"),
};
MANAGE_ROWS(meetings_rows, rows);
