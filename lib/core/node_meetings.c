/* SPDX-License-Identifier: ISC */
/* What an operator does to the meetings on a node: ended, told something. */
#include "config.h"
#include "core/node_meetings.h"

#include "net/upstream.h"
#include "sql/statements.h"

#include <string.h>

/* A call that each meeting of a node gets. */
struct deed {
	const char *call, *done;
	const char *settled; /* messageKey of a failure that is none */
	const char *message; /* of sendChatMessage */
	bool ends;
};

/* Whether the node has done it. */
static int check_answer(const struct deed *deed, const struct upstream_answer *answer, struct err *err)
{
	struct err unreadable = {0};
	struct bbbxml *doc = bbbxml_parse(buf_str(&answer->body), answer->body.len, &unreadable);
	struct arena a = {0};
	const char *key = doc ? bbbxml_text(doc, &a, "messageKey") : NULL;
	int rc = 0;

	/* What a node does not know it answers with a page. */
	if (!doc)
		rc = deed->message ? err_set(err, ERR_AWAY,
					     "the node does not know %s: BigBlueButton 3.0 and later do",
					     deed->call)
				   : err_set(err, ERR_AWAY, "%s", unreadable.text);
	else if (!bbbxml_success(doc) && (!key || !deed->settled || strcmp(key, deed->settled) != 0))
		rc = err_set(err, ERR_AWAY, "the node says %.64s", key ? key : "FAILED");
	bbbxml_free(doc);
	arena_free(&a);
	return rc;
}

static const char *deed_url(
	struct arena *a, const struct conf *conf, const struct meeting *m, const struct deed *deed)
{
	struct buf url = BUF_INIT;
	struct query q = {0};
	const char *copy;

	query_set(a, &q, "meetingID", m->node_meeting_id);
	if (deed->message)
		query_set(a, &q, "message", deed->message);
	node_call_url(conf, &m->node, deed->call, &q, &url);
	copy = arena_strdup(a, buf_str(&url));
	buf_free(&url);
	return copy;
}

static const struct deed end_deed = {.call = "end", .done = "ended", .settled = "notFound", .ends = true};

int node_end_meeting(
	struct db *db, const struct conf *conf, const struct meeting *m, bool force, struct err *err)
{
	struct upstream *up = upstream_open(conf);
	struct upstream_answer answer = {0};
	struct arena a = {0};
	struct err why = {0};
	const struct upstream_call call = {.node_id = m->node.id, .url = deed_url(&a, conf, m, &end_deed)};
	int rc = upstream_do(up, &call, &answer, &why);

	if (rc == 0)
		rc = check_answer(&end_deed, &answer, &why);
	upstream_answer_free(&answer);
	upstream_close(up);
	arena_free(&a);
	if (rc == -1 && !force)
		return err_set(err, ERR_AWAY, "node %s did not end it: %.200s", m->node.slug, why.text);
	return meeting_end(db, m, err);
}

int node_meetings_read(
	struct db *db, struct arena *a, const char **slug, struct node_meetings *out, struct err *err)
{
	struct db_result *r = NULL;

	*out = (struct node_meetings){0};
	if (db_run_found(db, &stmt_node_meetings, DB_ARGS(*slug), &r, "such node", err) == -1)
		return -1;
	*slug = arena_strdup(a, db_text(r, 0, NODE_MEETINGS_NODE + NODE_SLUG));
	out->list = arena_alloc(a, sizeof(*out->list) * (size_t)(db_rows(r) + 1));
	for (int i = 0; i < db_rows(r); i++) {
		struct node_meeting *m = &out->list[out->count];

		/* A node without meetings is a row, too. */
		if (!db_text(r, i, NODE_MEETINGS_MEETING))
			continue;
		out->count++;
		node_read(a, r, i, NODE_MEETINGS_NODE, &m->meeting.node);
		m->meeting.id = db_int(r, i, NODE_MEETINGS_MEETING);
		m->meeting.client_id = arena_strdup(a, db_text(r, i, NODE_MEETINGS_MEETING_ID));
		m->meeting.node_meeting_id = arena_strdup(a, db_text(r, i, NODE_MEETINGS_NODE_MEETING_ID));
		m->tenant = arena_strdup(a, db_text(r, i, NODE_MEETINGS_TENANT));
		m->sub_id = (int)db_int(r, i, NODE_MEETINGS_SUB_ID);
	}
	db_free(r);
	return 0;
}

static void take(struct db *db, struct arena *a, const struct deed *deed, struct upstream_done *done)
{
	struct node_meeting *m = done->tag;
	struct err err = done->err;

	if (err.kind == ERR_NONE)
		(void)check_answer(deed, &done->answer, &err);
	if (err.kind == ERR_NONE && deed->ends)
		(void)meeting_end(db, &m->meeting, &err);
	if (err.kind)
		m->error = arena_strdup(a, err.text);
	upstream_answer_free(&done->answer);
}

static int do_all(struct db *db, const struct conf *conf, struct arena *a, const char *slug,
	const struct deed *deed, const struct actor *actor, struct node_meetings *out, struct err *err)
{
	struct upstream *up = NULL;
	struct upstream_flow *flow;
	struct upstream_done done;
	const char *what;

	if (node_meetings_read(db, a, &slug, out, err) == -1)
		return -1;
	up = upstream_open(conf);
	flow = upstream_flow_open(up, conf->node_concurrency, NULL);
	for (int i = 0; i < out->count; i++) {
		const struct upstream_call call = {.url = deed_url(a, conf, &out->list[i].meeting, deed)};

		upstream_flow_put(flow, &call, &out->list[i]);
	}
	while (upstream_flow_take(flow, &done))
		take(db, a, deed, &done);
	upstream_flow_close(flow);
	upstream_close(up);
	for (int i = 0; i < out->count; i++)
		out->failed += out->list[i].error != NULL;
	what = arena_printf(
		a, "node %s: %d of %d meetings %s", slug, out->count - out->failed, out->count, deed->done);
	return audit_note(
		db, actor, &(struct audit_entry){.object = "node", .name = slug, .changes = what}, err);
}

int node_end_meetings(struct db *db, const struct conf *conf, struct arena *a, const char *slug,
	const struct actor *actor, struct node_meetings *out, struct err *err)
{
	return do_all(db, conf, a, slug, &end_deed, actor, out, err);
}

int node_message_check(const char *text, struct err *err)
{
	size_t chars = utf8_length(text);

	if (!chars || chars > NODE_MESSAGE_MAX || !utf8_valid(text))
		return err_set(
			err, ERR_INVALID, "message must be text of 1 to %d characters", NODE_MESSAGE_MAX);
	return 0;
}

int node_message(struct db *db, const struct conf *conf, struct arena *a, const char *slug, const char *text,
	const struct actor *actor, struct node_meetings *out, struct err *err)
{
	const struct deed deed = {.call = "sendChatMessage", .done = "told a message", .message = text};

	*out = (struct node_meetings){0};
	if (node_message_check(text, err) == -1)
		return -1;
	return do_all(db, conf, a, slug, &deed, actor, out, err);
}
