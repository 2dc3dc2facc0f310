/* SPDX-License-Identifier: ISC */
/* Counting what happens, and reading statistics and metrics back. */
#include "config.h"
#include "core/metric.h"

#include "sql/statements.h"

#include <string.h>

static const char *const event_names[METRIC_EVENT__MAX] = {"joined", "attendee_limit"};

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
	{"b3lb_tag_fallbacks_total", "counter",
		"Meetings that asked for a tag and were placed where it is not"},
	{"b3lb_requests_refused_total", "counter",
		"API calls refused; without a tenant: those of nobody known"},
	{"b3lb_attendee_limit", "gauge", "Attendee limit, 0 for none"},
	{"b3lb_meeting_limit", "gauge", "Meeting limit, 0 for none"},
	{"b3lb_callbacks_waiting", "gauge", "Callbacks that wait for delivery"},
	{"b3lb_hook_events_waiting", "gauge", "Events that wait for webhooks to take them"},
	{"b3lb_hooks_failing", "gauge", "Webhooks that have not taken their last event"},
	{"b3lb_node_load", "gauge",
		"Load of a node as placement compares it, -1 when nothing is placed there"},
	{"b3lb_node_up", "gauge", "Whether a node answers its polls"},
	{"b3lb_node_maintenance", "gauge", "Whether a node is in maintenance: it need not answer then"},
	{"b3lb_node_meetings", "gauge", "Meetings on a node at its last good poll"},
	{"b3lb_node_attendees", "gauge", "Attendees on a node at its last good poll"},
	{"b3lb_node_poll_age_seconds", "gauge", "Seconds since the last good poll of a node"},
	{"b3lb_job_age_seconds", "gauge", "Seconds since the last good round of a job"},
	{"b3lb_attention", "gauge", "What somebody should look at, by kind: as b3lb-manage shows it"},
	{"b3lb_requests_total", "counter", "API calls answered"},
	{"b3lb_request_duration_seconds", "histogram", "Duration of API calls"},
};

int metric_count(struct db *db, long long secret_id, enum metric_event event, struct err *err)
{
	return db_run(db, &stmt_metric_count, DB_ARGS(secret_id, event_names[event]), NULL, err);
}

/* What a scope leaves open, as the statements say it. */
static long long tenant_of(enum metric_scope scope, long long tenant_id)
{
	return scope == METRIC_GLOBAL ? 0 : tenant_id;
}
static int sub_of(enum metric_scope scope, int sub_id)
{
	return scope == METRIC_SECRET ? sub_id : -1;
}

int metric_find_reader(struct db *db, struct arena *a, const char *slug, const char *host,
	enum metric_scope scope, int sub_id, struct metric_reader *reader, struct err *err)
{
	struct db_result *r = NULL;

	*reader = (struct metric_reader){0};
	if (db_read(db, &stmt_metric_reader, DB_ARGS(slug, host, sub_of(scope, sub_id)), &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		reader->tenant_id = db_int(r, 0, METRIC_READER_ID);
		reader->tokens[0] = arena_strdup(a, db_text(r, 0, METRIC_READER_TENANT_TOKEN));
		reader->tokens[1] = arena_strdup(a, db_text(r, 0, METRIC_READER_SECRET_TOKEN));
	}
	db_free(r);
	return 0;
}

int metric_stats(struct db *db, struct arena *a, enum metric_scope scope, long long tenant_id, int sub_id,
	const char **json, struct err *err)
{
	struct db_result *r = NULL;

	if (db_read(db, &stmt_metric_stats, DB_ARGS(tenant_of(scope, tenant_id), sub_of(scope, sub_id)), &r,
		    err) == -1)
		return -1;
	*json = arena_strdup(a, db_text(r, 0, METRIC_STATS_JSON));
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
	struct db_result *r = NULL;

	if (db_read(db, &stmt_metric_samples, DB_ARGS(tenant_of(scope, tenant_id), sub_of(scope, sub_id)), &r,
		    err) == -1)
		return -1;
	for (size_t f = 0; f < ARRAY_SIZE(families); f++) {
		bool head = false;

		for (int i = 0; i < db_rows(r); i++) {
			if (!belongs(&families[f], db_text(r, i, METRIC_SAMPLES_NAME)))
				continue;
			if (!head)
				write_head(&families[f], openmetrics, out);
			head = true;
			buf_printf(out, "%s{%s} %s\n", db_text(r, i, METRIC_SAMPLES_NAME),
				db_text(r, i, METRIC_SAMPLES_LABELS), db_text(r, i, METRIC_SAMPLES_VALUE));
		}
	}
	if (openmetrics)
		buf_puts(out, "# EOF\n");
	db_free(r);
	return 0;
}

int metric_rollup(struct db *db, const char *zone, long long *events, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_metric_rollup, DB_ARGS(zone), &r, err) == -1)
		return -1;
	*events = db_int(r, 0, METRIC_ROLLUP_EVENTS);
	db_free(r);
	return 0;
}
