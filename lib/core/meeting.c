/* SPDX-License-Identifier: ISC */
/* The mapping of a client's meeting to a node, as requests read and end it. */
#include "config.h"
#include "core/meeting.h"

#include <stdlib.h>
#include <string.h>

#define MEETING_COLUMN_COUNT 5
#define MEETING_COLUMNS	     "m.id, m.secret_id, m.meeting_id, m.node_meeting_id, m.own_params"
/* The meeting m that a tenant calls so, and its node n of cluster c. The arms of the union each use an index;
 * the secret's own meeting wins, the client's id before an internal one, and at last a room that a node made for
 * one of them: its ids are the node's. */
#define MEETING_FROM(tenant, secret, sub, id)                                                                \
	"left join lateral ("                                                                                \
	"  select u.* from ("                                                                                \
	"    select x.id, x.secret_id, x.meeting_id, x.node_meeting_id, x.own_params, x.node_id, "           \
	"x.confirmed, false as room "                                                                        \
	"    from b3lb.meeting x where x.tenant_id = " tenant " and x.meeting_id = " id "    union all "     \
	"    select x.id, x.secret_id, x.meeting_id, x.node_meeting_id, x.own_params, x.node_id, "           \
	"x.confirmed, false "                                                                                \
	"    from b3lb.meeting x where x.tenant_id = " tenant " and x.internal_id = " id                     \
	"    and x.meeting_id <> " id "    union all "                                                       \
	"    select x.id, x.secret_id, x.rooms ->> " id ", x.rooms ->> " id ", x.own_params, x.node_id, "    \
	"x.confirmed, true "                                                                                 \
	"    from b3lb.meeting x where x.tenant_id = " tenant " and x.rooms ? " id ") u "                    \
	"  where u.confirmed and (u.secret_id = " secret " or " sub " = 0) "                                 \
	"  order by u.room, u.secret_id = " secret " desc, u.meeting_id = " id " desc, u.id limit 1) m on true " \
	"left join b3lb.node n on n.id = m.node_id "                                                         \
	"left join b3lb.cluster c on c.id = n.cluster_id "

static const struct db_stmt stmt_find = {"meeting_find",
	"select " TENANT_COLUMNS ", " MEETING_COLUMNS ", " NODE_COLUMNS ", "
	"case when t.attendee_limit > 0 or s.attendee_limit > 0 "
	"  then b3lb.attendees_full(t.id, t.attendee_limit, s.id, s.attendee_limit) else false end "
	"from " TENANT_FROM " " MEETING_FROM("t.id", "s.id", "s.sub_id", "$5") "where " TENANT_WHERE,
	true};

/* Of a tenant that was known before: nothing when its version is another now. */
#define FIND_AGAIN                                                                                           \
	"select " MEETING_COLUMNS ", " NODE_COLUMNS " from b3lb.tenant_version v " MEETING_FROM(             \
		"$2::int", "$3::int", "$4::int", "$5") "where v.version = $1::bigint"
static const struct db_stmt stmt_find_again = {"meeting_find_again", FIND_AGAIN, true};

/* Materialized: it must not run twice, and what it counts is what it shows. */
static const struct db_stmt stmt_find_to_join = {"meeting_find_to_join",
	"with f (meeting, m2, m3, m4, m5, node, n2, n3, n4, n5, n6, n7, online) as materialized (" FIND_AGAIN
	"), "
	"counted as (insert into b3lb.metric_event (tenant, sub_id, name) "
	"  select $6, $4::int, 'joined' from f where f.meeting is not null and f.online "
	"  and set_config('synchronous_commit', 'off', true) is not null returning 1) "
	"select f.*, exists (select 1 from counted) from f",
	false};

static const struct db_stmt stmt_end = {"meeting_end", "select b3lb.end_meeting($1::bigint, $2)", true};

/* The list l of a secret when it shows every create and end until now. */
#define LIST_FROM(secret)                                                                                    \
	"left join b3lb.meeting_list l on l.secret_id = " secret " and not exists ("                         \
	"  select 1 from b3lb.meeting_change c where c.secret_id = " secret                                  \
	"  and not pg_visible_in_snapshot(c.xid, l.snapshot)) "
static const struct db_stmt stmt_list = {"meeting_list_read",
	"select " TENANT_COLUMNS ", l.xml from " TENANT_FROM " " LIST_FROM("s.id") "where " TENANT_WHERE,
	true};
static const struct db_stmt stmt_list_again = {"meeting_list_read_again",
	"select l.xml from b3lb.tenant_version v " LIST_FROM("$2::int") "where v.version = $1::bigint", true};

static const struct db_stmt stmt_build = {
	"meeting_list_build", "select b3lb.build_meeting_list($1::int)", true};

static const struct db_stmt stmt_nodes = {"meeting_nodes",
	"select " NODE_COLUMNS ", ',' || string_agg(m.internal_id, ',') || ',' "
	"from b3lb.secret s "
	"join b3lb.meeting m on m.tenant_id = s.tenant_id and (m.secret_id = s.id or s.sub_id = 0) and "
	"m.confirmed "
	"join b3lb.node n on n.id = m.node_id and n.online "
	"join b3lb.cluster c on c.id = n.cluster_id "
	"where s.id = $1::int group by n.id, c.id order by n.id",
	true};

static void read_meeting(struct arena *a, const struct db_result *r, int first, struct meeting *meeting)
{
	*meeting = (struct meeting){
		.id = db_int(r, 0, first),
		.secret_id = db_int(r, 0, first + 1),
		.client_id = arena_strdup(a, db_text(r, 0, first + 2)),
		.node_meeting_id = arena_strdup(a, db_text(r, 0, first + 3)),
	};
	client_params_read(a, db_text(r, 0, first + 4), &meeting->own);
	node_read(a, r, 0, first + MEETING_COLUMN_COUNT, &meeting->node);
}

int meeting_find(struct db *db, struct arena *a, const struct route *route, const char *host,
	const char *meeting_id, struct tenant *tenant, struct meeting *meeting,
	struct meeting_attendance *attendance, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	*tenant = (struct tenant){0};
	*meeting = (struct meeting){0};
	*attendance = (struct meeting_attendance){0};
	tenant_args(&args, route, host);
	db_arg_text(&args, meeting_id);
	if (db_run(db, &stmt_find, &args, &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		tenant_read(a, r, 0, 0, tenant);
		read_meeting(a, r, TENANT_COLUMN_COUNT, meeting);
		attendance->full =
			db_bool(r, 0, TENANT_COLUMN_COUNT + MEETING_COLUMN_COUNT + NODE_COLUMN_COUNT);
	}
	db_free(r);
	return 0;
}

static void again_args(struct db_args *args, const struct tenant *tenant)
{
	db_arg_int(args, tenant->version);
	db_arg_int(args, tenant->id);
	db_arg_int(args, tenant->secret_id);
	db_arg_int(args, tenant->sub_id);
}

int meeting_find_again(struct db *db, struct arena *a, const struct tenant *tenant, const char *meeting_id,
	bool joins, struct meeting *meeting, bool *counted, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rows;

	*meeting = (struct meeting){0};
	*counted = false;
	again_args(&args, tenant);
	db_arg_text(&args, meeting_id);
	if (joins)
		db_arg_text(&args, tenant->slug);
	if (db_run(db, joins ? &stmt_find_to_join : &stmt_find_again, &args, &r, err) == -1)
		return -1;
	rows = db_rows(r);
	if (rows == 1) {
		read_meeting(a, r, 0, meeting);
		*counted = joins && db_bool(r, 0, MEETING_COLUMN_COUNT + NODE_COLUMN_COUNT);
	}
	db_free(r);
	return rows == 1;
}

int meeting_end(struct db *db, const struct meeting *meeting, struct err *err)
{
	struct db_args args = {0};

	db_arg_int(&args, meeting->id);
	db_arg_text(&args, meeting->node_meeting_id);
	return db_run(db, &stmt_end, &args, NULL, err);
}

int meeting_list_read(struct db *db, struct arena *a, const struct route *route, const char *host,
	struct tenant *tenant, const char **xml, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	*tenant = (struct tenant){0};
	*xml = NULL;
	tenant_args(&args, route, host);
	if (db_read(db, &stmt_list, &args, &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		tenant_read(a, r, 0, 0, tenant);
		*xml = arena_strdup(a, db_text(r, 0, TENANT_COLUMN_COUNT));
	}
	db_free(r);
	return 0;
}

int meeting_list_read_again(
	struct db *db, struct arena *a, const struct tenant *tenant, const char **xml, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rows;

	*xml = NULL;
	db_arg_int(&args, tenant->version);
	db_arg_int(&args, tenant->secret_id);
	if (db_read(db, &stmt_list_again, &args, &r, err) == -1)
		return -1;
	rows = db_rows(r);
	if (rows == 1)
		*xml = arena_strdup(a, db_text(r, 0, 0));
	db_free(r);
	return rows == 1;
}

int meeting_list_build(struct db *db, struct arena *a, long long secret_id, const char **xml, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	db_arg_int(&args, secret_id);
	if (db_run(db, &stmt_build, &args, &r, err) == -1)
		return -1;
	*xml = arena_strdup(a, db_rows(r) == 1 ? db_text(r, 0, 0) : NULL);
	db_free(r);
	return *xml ? 0 : err_set(err, ERR_NOT_FOUND, "the secret is gone");
}

int meeting_nodes(
	struct db *db, struct arena *a, long long secret_id, struct meeting_node **list, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int count;

	db_arg_int(&args, secret_id);
	if (db_run(db, &stmt_nodes, &args, &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		node_read(a, r, i, 0, &(*list)[i].node);
		(*list)[i].internal_ids = arena_strdup(a, db_text(r, i, NODE_COLUMN_COUNT));
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
		return value[strspn(value, "0123456789")] || strlen(value) > 9
			       ? e->preset
			       : arena_printf(a, "%ld", strtol(value, NULL, 10));
	return value;
}

/* As getMeetings has it behind the metadata; the parent by the internal id that the node says. */
static void write_breakout(const struct bbbxml *answer, const struct query *query, struct buf *out, struct arena *a)
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
	/* In getMeetings' order (bbb-api.md 3.4). */
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
	char name[128];

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
		if (query_meta_name(query->params[i].name, name, sizeof(name)))
			write_element(out, name, query->params[i].value);
	buf_puts(out, "</metadata>");
	write_breakout(answer, query, out, &a);
	buf_puts(out, "</meeting>");
	arena_free(&a);
}
