/* SPDX-License-Identifier: ISC */
/* Meetings of all tenants, as the operator ends them. */
#include "config.h"
#include "core/meeting_operator.h"

#include "sql/statements.h"

#include <stdio.h>
#include <string.h>

/* Calls under way at once. */
#define WINDOW 16

int meeting_operator_find(struct db *db, struct arena *a, const char *tenants, const char *id,
	const char *node, struct meeting_running **list, struct err *err)
{
	struct db_result *r = NULL;
	int count;

	if (db_run(db, &stmt_meeting_operator_find, DB_ARGS(tenants, id, node), &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		struct meeting_running *m = &(*list)[i];

		meeting_read(a, r, i, MEETING_OPERATOR_FIND_MEETING, MEETING_OPERATOR_FIND_NODE, &m->meeting);
		m->tenant = arena_strdup(a, db_text(r, i, MEETING_OPERATOR_FIND_TENANT));
		m->name = arena_strdup(a, db_text(r, i, MEETING_OPERATOR_FIND_NAME));
	}
	db_free(r);
	return count;
}

/* 0 when the node has ended it or does not know it. */
static int read_answer(struct arena *a, const struct upstream_answer *answer, struct err *err)
{
	struct bbbxml *doc = bbbxml_parse(buf_str(&answer->body), answer->body.len, err);
	const char *key = doc ? bbbxml_text(doc, a, "messageKey") : NULL;
	int rc = doc ? 0 : -1;

	if (doc && !bbbxml_success(doc) && !(key && strcmp(key, "notFound") == 0))
		rc = err_set(err, ERR_AWAY, "the node says %.100s", key ? key : "FAILED");
	bbbxml_free(doc);
	return rc;
}

static void take_off(struct db *db, struct meeting_running *m, bool forced, const struct actor *actor)
{
	struct buf text = BUF_INIT;
	struct audit_entry entry = {
		.object = "meeting", .name = m->meeting.node_meeting_id, .tenant = m->tenant};

	if (meeting_end(db, &m->meeting, &m->err) == 0) {
		buf_puts(&text, forced ? "taken off without its node: \"" : "ended: \"");
		buf_json(&text, m->name);
		buf_puts(&text, "\", id \"");
		buf_json(&text, m->meeting.client_id);
		buf_putc(&text, '"');
		entry.changes = buf_str(&text);
		/* It has ended, whatever becomes of the note. */
		if (audit_note(db, actor, &entry, &m->err) == -1)
			m->err.kind = ERR_NONE;
	}
	buf_free(&text);
}

void meeting_operator_end(struct db *db, const struct conf *conf, struct upstream *up, struct arena *a,
	struct meeting_running *list, int count, bool force, const struct actor *actor)
{
	struct upstream_flow *flow = upstream_flow_open(up, WINDOW, NULL);
	struct upstream_done done = {0};

	for (int i = 0; i < count; i++) {
		struct query query = {0};
		struct buf url = BUF_INIT;

		query_set(a, &query, "meetingID", list[i].meeting.node_meeting_id);
		node_call_url(conf, &list[i].meeting.node, "end", &query, &url);
		upstream_flow_put(
			flow, &(const struct upstream_call){.url = arena_strdup(a, buf_str(&url))}, &list[i]);
		buf_free(&url);
	}
	while (upstream_flow_take(flow, &done)) {
		struct meeting_running *m = done.tag;
		bool ended;

		m->err = done.err;
		ended = m->err.kind == ERR_NONE && read_answer(a, &done.answer, &m->err) == 0;
		upstream_answer_free(&done.answer);
		if (ended || force) {
			m->err = (struct err){0};
			take_off(db, m, !ended, actor);
		}
	}
	upstream_flow_close(flow);
}
