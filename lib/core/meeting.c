/* SPDX-License-Identifier: ISC */
/* The mapping of a client's meeting to a node, as requests read and end it. */
#include "config.h"
#include "core/meeting.h"

#include "core/meeting_many.h"
#include "core/node_cache.h"
#include "sql/statements.h"

#include <stdlib.h>
#include <string.h>

static void read_meeting(
	struct arena *a, const struct db_result *r, int meeting_at, int node_at, struct meeting *meeting)
{
	*meeting = (struct meeting){
		.id = db_int(r, 0, meeting_at + MEETING_ID),
		.secret_id = db_int(r, 0, meeting_at + MEETING_SECRET_ID),
		.client_id = arena_strdup(a, db_text(r, 0, meeting_at + MEETING_MEETING_ID)),
		.node_meeting_id = arena_strdup(a, db_text(r, 0, meeting_at + MEETING_NODE_MEETING_ID)),
	};
	client_params_read(a, db_text(r, 0, meeting_at + MEETING_OWN_PARAMS), &meeting->own);
	node_read(a, r, 0, node_at, &meeting->node);
}

int meeting_find(struct db *db, struct arena *a, const struct route *route, const char *host,
	const char *meeting_id, struct tenant *tenant, struct meeting *meeting,
	struct meeting_attendance *attendance, struct err *err)
{
	struct db_result *r = NULL;

	*tenant = (struct tenant){0};
	*meeting = (struct meeting){0};
	*attendance = (struct meeting_attendance){0};
	if (db_run(db, &stmt_meeting_find,
		    DB_ARGS(tenant_named_slug(route), host, route->sub_id, route->by_label, meeting_id), &r,
		    err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		tenant_read(a, r, 0, MEETING_FIND_TENANT, tenant);
		read_meeting(a, r, MEETING_FIND_MEETING, MEETING_FIND_NODE, meeting);
		attendance->full = db_bool(r, 0, MEETING_FIND_FULL);
		attendance->warned = db_bool(r, 0, MEETING_FIND_WARNED);
	}
	db_free(r);
	return 0;
}

int meeting_find_known(struct db *db, struct arena *a, const struct tenant *tenant, const char *meeting_id,
	enum meeting_use use, struct meeting *meeting, bool *counted, struct err *err)
{
	struct db_result *r = NULL;
	bool joins = use == MEETING_JOIN, found = true;
	long long node_id;
	int rc, rows;

	*meeting = (struct meeting){0};
	*counted = false;
	if (use == MEETING_DOUBT) {
		rc = meeting_many_any(db, tenant, meeting_id, &found, err);
		if (rc != 1 || !found)
			return rc;
	}
	if (joins) {
		rc = meeting_many_join(db, a, tenant, meeting_id, &node_id, &meeting->node_meeting_id, err);
		if (rc == 1)
			rc = node_cache_find(db, a, node_id, tenant->version, &meeting->node, err);
		*counted = rc == 1;
		if (rc)
			return rc;
		rc = db_run(db, &stmt_meeting_find_to_join,
			DB_ARGS(tenant->version, tenant->id, tenant->secret_id, tenant->sub_id, meeting_id,
				tenant->slug),
			&r, err);
	} else {
		rc = db_run(db, &stmt_meeting_find_known,
			DB_ARGS(tenant->version, tenant->id, tenant->secret_id, tenant->sub_id, meeting_id),
			&r, err);
	}
	if (rc == -1)
		return -1;
	rows = db_rows(r);
	if (rows == 1 && joins) {
		read_meeting(a, r, MEETING_FIND_TO_JOIN_MEETING, MEETING_FIND_TO_JOIN_NODE, meeting);
		*counted = db_bool(r, 0, MEETING_FIND_TO_JOIN_COUNTED);
	} else if (rows == 1) {
		read_meeting(a, r, MEETING_FIND_KNOWN_MEETING, MEETING_FIND_KNOWN_NODE, meeting);
	}
	db_free(r);
	return rows == 1;
}

int meeting_find_ours(struct db *db, struct arena *a, const char *id, const char *tenants,
	struct meeting *meeting, const char **tenant, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_meeting_find_ours, DB_ARGS(id, tenants), &r, "such meeting", err) == -1)
		return -1;
	read_meeting(a, r, MEETING_FIND_OURS_MEETING, MEETING_FIND_OURS_NODE, meeting);
	*tenant = arena_strdup(a, db_text(r, 0, MEETING_FIND_OURS_TENANT));
	db_free(r);
	return 0;
}

int meeting_end(struct db *db, const struct meeting *meeting, struct err *err)
{
	return db_run(db, &stmt_meeting_end, DB_ARGS(meeting->id, meeting->node_meeting_id), NULL, err);
}

int meeting_nodes(
	struct db *db, struct arena *a, long long secret_id, struct meeting_node **list, struct err *err)
{
	struct db_result *r = NULL;
	int count;

	if (db_run(db, &stmt_meeting_nodes, DB_ARGS(secret_id), &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		node_read(a, r, i, MEETING_NODES_NODE, &(*list)[i].node);
		(*list)[i].internal_ids = arena_strdup(a, db_text(r, i, MEETING_NODES_INTERNAL_IDS));
	}
	db_free(r);
	return count;
}

static void write_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	buf_xml(out, text);
	buf_printf(out, "</%s>", name);
}

/* An element of <meeting>: its text is the node's own element of that name, else the client's parameter, else
 * preset. */
struct fragment_element {
	const char *name, *param, *preset; /* preset NULL: left out when neither is there */
};

/* The client's parameter as a node says it: "1" and "TRUE" are true there, and "07" is 7. The preset shows
 * the type. */
static const char *param_text(struct arena *a, const struct fragment_element *e, const struct query *query)
{
	const char *value = query_get_filled(query, e->param);

	if (!value)
		return NULL;
	if (strcmp(e->preset, "false") == 0)
		return query_is_true(query, e->param) ? "true" : "false";
	if (strcmp(e->preset, "0") == 0)
		return text_is_number(value, 9) ? arena_printf(a, "%ld", strtol(value, NULL, 10)) : e->preset;
	return value;
}

/* As getMeetings has it behind the metadata; the parent by the internal id that the node says. */
static void write_breakout(
	const struct bbbxml *answer, const struct query *query, struct buf *out, struct arena *a)
{
	bool breakout = query_is_true(query, "isBreakout");
	const char *parent = breakout ? bbbxml_text(answer, a, "parentMeetingID") : NULL;

	write_element(out, "isBreakout", breakout ? "true" : "false");
	if (parent)
		write_element(out, "parentMeetingID", parent);
}

void meeting_write_fragment(
	const struct bbbxml *answer, const struct query *query, const char *client_id, struct buf *out)
{
	/* In getMeetings' order (doc/bbb-api, 3.4). */
	static const struct fragment_element elements[] = {
		{"meetingName", "name", ""},
		{"meetingID", NULL, NULL},
		{"internalMeetingID", NULL, ""},
		{"createTime", NULL, "0"},
		{"createDate", NULL, ""},
		{"voiceBridge", NULL, ""},
		{"dialNumber", NULL, ""},
		{"attendeePW", NULL, ""},
		{"moderatorPW", NULL, ""},
		{"running", NULL, "false"},
		{"duration", NULL, "0"},
		{"hasUserJoined", NULL, "false"},
		{"recording", "record", "false"},
		{"hasBeenForciblyEnded", NULL, "false"},
		{"startTime", NULL, "0"},
		{"endTime", NULL, "0"},
		{"participantCount", NULL, "0"},
		{"listenerCount", NULL, "0"},
		{"voiceParticipantCount", NULL, "0"},
		{"videoCount", NULL, "0"},
		{"maxUsers", "maxParticipants", "0"},
		{"moderatorCount", NULL, "0"},
	};
	struct arena a = {0};
	const char *name;

	buf_puts(out, "<meeting>");
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		const struct fragment_element *e = &elements[i];
		const char *text = bbbxml_text(answer, &a, e->name);

		if (strcmp(e->name, "meetingID") == 0)
			text = client_id;
		if (!text && e->param)
			text = param_text(&a, e, query);
		if (!text)
			text = e->preset;
		if (text)
			write_element(out, e->name, text);
	}
	buf_puts(out, "<attendees/><metadata>");
	for (size_t i = 0; i < query->count; i++)
		if ((name = query_meta_name(&a, query->params[i].name)))
			write_element(out, name, query->params[i].value);
	buf_puts(out, "</metadata>");
	write_breakout(answer, query, out, &a);
	buf_puts(out, "</meeting>");
	arena_free(&a);
}
