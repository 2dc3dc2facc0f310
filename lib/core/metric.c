/* SPDX-License-Identifier: ISC */
/* Counting what happens, and reading statistics and metrics back. */
#include "config.h"
#include "core/metric.h"

#include "sql/statements.h"

#include <stdlib.h>
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

/* What is asked for. */
struct reader_wanted {
	struct db *db;
	const char *slug, *host;
	int sub_id;
};
struct text_wanted {
	struct db *db;
	enum metric_form form;
	long long tenant_id;
	int sub_id;
};

static void free_reader(void *made)
{
	struct metric_reader *reader = made;

	for (size_t i = 0; i < ARRAY_SIZE(reader->tokens); i++)
		free(reader->tokens[i]);
	free(reader);
}

static void free_text(void *made)
{
	buf_free(made);
	free(made);
}

static struct flights readers = FLIGHTS_INIT(free_reader), texts = FLIGHTS_INIT(free_text);

static void *find_reader(const void *arg, struct err *err)
{
	const struct reader_wanted *w = arg;
	struct metric_reader *reader;
	struct db_result *r = NULL;

	if (db_read(w->db, &stmt_metric_reader, DB_ARGS(w->slug, w->host, w->sub_id), &r, err) == -1)
		return NULL;
	reader = mem_zalloc(sizeof(*reader));
	if (db_rows(r) == 1) {
		reader->tenant_id = db_int(r, 0, METRIC_READER_ID);
		mem_replace(&reader->tokens[0], db_text(r, 0, METRIC_READER_TENANT_TOKEN));
		mem_replace(&reader->tokens[1], db_text(r, 0, METRIC_READER_SECRET_TOKEN));
	}
	db_free(r);
	return reader;
}

const struct metric_reader *metric_find_reader(struct db *db, const char *slug, const char *host,
	enum metric_scope scope, int sub_id, struct flight **flight, struct err *err)
{
	const struct reader_wanted wanted = {db, slug, host, sub_of(scope, sub_id)};
	const struct metric_reader *reader;
	struct buf key = BUF_INIT;

	buf_printf(&key, "%s %s %d", slug, host, wanted.sub_id);
	reader = flight_join(&readers, buf_str(&key), find_reader, &wanted, flight, err);
	buf_free(&key);
	return reader;
}

void metric_leave_reader(struct flight *flight)
{
	flight_leave(&readers, flight);
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

static void write_samples(const struct db_result *r, bool openmetrics, struct buf *out)
{
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
}

static void *read_text(const void *arg, struct err *err)
{
	const struct text_wanted *w = arg;
	struct db_result *r = NULL;
	struct buf *text;

	if (db_read(w->db, w->form == METRIC_JSON ? &stmt_metric_stats : &stmt_metric_samples,
		    DB_ARGS(w->tenant_id, w->sub_id), &r, err) == -1)
		return NULL;
	text = mem_zalloc(sizeof(*text));
	if (w->form == METRIC_JSON)
		buf_puts(text, db_text(r, 0, METRIC_STATS_JSON));
	else
		write_samples(r, w->form == METRIC_OPENMETRICS, text);
	db_free(r);
	return text;
}

const struct buf *metric_read(struct db *db, enum metric_form form, enum metric_scope scope,
	long long tenant_id, int sub_id, struct flight **flight, struct err *err)
{
	const struct text_wanted wanted = {db, form, tenant_of(scope, tenant_id), sub_of(scope, sub_id)};
	struct buf key = BUF_INIT;
	const struct buf *text;

	buf_printf(&key, "%d %lld %d", (int)form, wanted.tenant_id, wanted.sub_id);
	text = flight_join(&texts, buf_str(&key), read_text, &wanted, flight, err);
	buf_free(&key);
	return text;
}

void metric_leave(struct flight *flight)
{
	flight_leave(&texts, flight);
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
