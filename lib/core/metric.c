/* SPDX-License-Identifier: ISC */
/* Counting what happens, and reading statistics and metrics back. */
#include "config.h"
#include "core/metric.h"

#include <string.h>

static const char *const event_names[METRIC_EVENT__MAX] = {"joined", "attendee_limit"};

/* One statement is one transaction: the setting ends with it. */
static const struct db_stmt stmt_count = {"metric_count",
	"select set_config('synchronous_commit', 'off', true), b3lb.count_event($1::int, $2, 1)", false};

static const struct db_stmt stmt_reader = {"metric_reader",
	"select t.id, t.stats_token, s.stats_token from b3lb.tenant t "
	"left join b3lb.tenant_alias a on a.host = $2 "
	"left join b3lb.secret s on s.tenant_id = t.id and s.sub_id = $3::int "
	"where t.slug = $1 and (a.tenant_id is null or a.tenant_id = t.id) and ($3::int is null or s.id is "
	"not null)",
	true};

static const struct db_stmt stmt_stats = {"metric_stats", "select b3lb.stats_json($1::int, $2::int)", true};

static const struct db_stmt stmt_samples = {"metric_samples",
	"select name, labels, value::text from b3lb.metric_samples($1::int, $2::int) "
	/* All of a histogram's series for one set of labels stand together, as OpenMetrics wants it. */
	"order by split_part(labels, ',le=', 1), name, bound",
	true};

static const struct db_stmt stmt_rollup = {"metric_rollup", "select b3lb.rollup()", true};

/* A family of metrics, in the order in which they are written. */
static const struct family {
	const char *name, *type, *help;
} families[] = {
	{"b3lb_attendees", "gauge", "Current number of attendees"},
	{"b3lb_meetings", "gauge", "Current number of meetings"},
	{"b3lb_listeners", "gauge", "Current number of listeners"},
	{"b3lb_voices", "gauge", "Current number of participants with a microphone"},
	{"b3lb_videos", "gauge", "Current number of cameras"},
	{"b3lb_attendees_joined_total", "counter", "Total attendees joined"},
	{"b3lb_meetings_created_total", "counter", "Total meetings created"},
	{"b3lb_meetings_duration_seconds_total", "counter", "Total meeting duration"},
	{"b3lb_attendee_limit_hits_total", "counter", "Attendee limit hits"},
	{"b3lb_meeting_limit_hits_total", "counter", "Meeting limit hits"},
	{"b3lb_placements_retried_total", "counter", "Placements repeated because a node did not answer"},
	{"b3lb_attendee_limit", "gauge", "Attendee limit, 0 for none"},
	{"b3lb_meeting_limit", "gauge", "Meeting limit, 0 for none"},
	{"b3lb_callbacks_waiting", "gauge", "Callbacks that wait for delivery"},
	{"b3lb_node_load", "gauge",
		"Load of a node as placement compares it, -1 when nothing is placed there"},
	{"b3lb_node_up", "gauge", "Whether a node answers its polls"},
	{"b3lb_node_meetings", "gauge", "Meetings on a node at its last good poll"},
	{"b3lb_node_attendees", "gauge", "Attendees on a node at its last good poll"},
	{"b3lb_node_poll_age_seconds", "gauge", "Seconds since the last good poll of a node"},
	{"b3lb_job_age_seconds", "gauge", "Seconds since the last good round of a job"},
	{"b3lb_requests_total", "counter", "API calls answered"},
	{"b3lb_request_duration_seconds", "histogram", "Duration of API calls"},
};

int metric_count(struct db *db, long long secret_id, enum metric_event event, struct err *err)
{
	struct db_args args = {0};

	db_arg_int(&args, secret_id);
	db_arg_text(&args, event_names[event]);
	return db_run(db, &stmt_count, &args, NULL, err);
}

static void scope_args(struct db_args *args, enum metric_scope scope, long long tenant_id, int sub_id)
{
	if (scope == METRIC_GLOBAL)
		db_arg_text(args, NULL);
	else
		db_arg_int(args, tenant_id);
	if (scope == METRIC_SECRET)
		db_arg_int(args, sub_id);
	else
		db_arg_text(args, NULL);
}

int metric_find_reader(struct db *db, struct arena *a, const char *slug, const char *host,
	enum metric_scope scope, int sub_id, struct metric_reader *reader, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	*reader = (struct metric_reader){0};
	db_arg_text(&args, slug);
	db_arg_text(&args, host);
	if (scope == METRIC_SECRET)
		db_arg_int(&args, sub_id);
	else
		db_arg_text(&args, NULL);
	if (db_read(db, &stmt_reader, &args, &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		reader->tenant_id = db_int(r, 0, 0);
		reader->tokens[0] = arena_strdup(a, db_text(r, 0, 1));
		reader->tokens[1] = arena_strdup(a, db_text(r, 0, 2));
	}
	db_free(r);
	return 0;
}

int metric_stats(struct db *db, struct arena *a, enum metric_scope scope, long long tenant_id, int sub_id,
	const char **json, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	scope_args(&args, scope, tenant_id, sub_id);
	if (db_read(db, &stmt_stats, &args, &r, err) == -1)
		return -1;
	*json = arena_strdup(a, db_text(r, 0, 0));
	db_free(r);
	return 0;
}

/* The family's own name, or one of a histogram's series. */
static bool belongs(const struct family *f, const char *sample)
{
	size_t len = strlen(f->name);

	if (strncmp(sample, f->name, len) != 0)
		return false;
	if (strcmp(f->type, "histogram") != 0)
		return !sample[len];
	return strcmp(sample + len, "_bucket") == 0 || strcmp(sample + len, "_sum") == 0 ||
	       strcmp(sample + len, "_count") == 0;
}

/* OpenMetrics names a counter's family without _total. */
static void write_head(const struct family *f, bool openmetrics, struct buf *out)
{
	size_t len = strlen(f->name);

	if (openmetrics && strcmp(f->type, "counter") == 0)
		len -= strlen("_total");
	buf_printf(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", (int)len, f->name, f->help, (int)len, f->name,
		f->type);
}

int metric_write(struct db *db, enum metric_scope scope, long long tenant_id, int sub_id, bool openmetrics,
	struct buf *out, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	scope_args(&args, scope, tenant_id, sub_id);
	if (db_read(db, &stmt_samples, &args, &r, err) == -1)
		return -1;
	for (size_t f = 0; f < ARRAY_SIZE(families); f++) {
		bool head = false;

		for (int i = 0; i < db_rows(r); i++) {
			if (!belongs(&families[f], db_text(r, i, 0)))
				continue;
			if (!head)
				write_head(&families[f], openmetrics, out);
			head = true;
			buf_printf(out, "%s{%s} %s\n", db_text(r, i, 0), db_text(r, i, 1), db_text(r, i, 2));
		}
	}
	if (openmetrics)
		buf_puts(out, "# EOF\n");
	db_free(r);
	return 0;
}

int metric_rollup(struct db *db, long long *events, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_rollup, NULL, &r, err) == -1)
		return -1;
	*events = db_int(r, 0, 0);
	db_free(r);
	return 0;
}
