/* SPDX-License-Identifier: ISC */
/* Counting what happens, and reading statistics and metrics back. */
#ifndef B3LB_CORE_METRIC_H
#define B3LB_CORE_METRIC_H

#include "base/flight.h"
#include "db/db.h"

/* What is counted exactly: rows of b3lb.metric_event, summed up by the rollup. Others are counted inside SQL
 * functions. */
enum metric_event { METRIC_JOINED, METRIC_ATTENDEE_LIMIT, METRIC_EVENT__MAX };
/* Appends an event of a secret; not flushed to disk at once (synchronous_commit off for this alone). 0 or -1
 * with err. Any thread. */
int metric_count(struct db *db, long long secret_id, enum metric_event event, struct err *err) b3lb_nonnull;

/*
 * Counts an API call and its duration in this process; call is a constant string. Every few seconds, and at
 * the end, what was counted is added to the database by metric_flush: a killed process loses that much, these
 * are no business figures. Any thread.
 */
void metric_request(const char *call, long long microseconds) b3lb_nonnull;
/* Writes down what was counted when it is due (or always); one thread does, the others go on. */
void metric_flush(struct db *db, bool always) b3lb_nonnull;

/* Who may read what. */
enum metric_scope { METRIC_GLOBAL, METRIC_TENANT, METRIC_SECRET };
struct metric_reader {
	long long tenant_id; /* 0: no such tenant or secret */
	char *tokens[2];     /* that open it: the tenant's, the secret's; NULL: none */
};
/*
 * What follows is read once for all threads that ask for the same before that begins (base/flight.h): each of them sees
 * what was counted before it asked. NULL with err, which is db_read's. *flight: for metric_leave_reader and metric_leave,
 * once, also after an error; until then what is returned is there. Any thread.
 */
/* A tenant, or one of its secrets, and its tokens. */
const struct metric_reader *metric_find_reader(struct db *db, const char *slug, const char *host,
	enum metric_scope scope, int sub_id, struct flight **flight, struct err *err) b3lb_nonnull;
void metric_leave_reader(struct flight *flight) b3lb_nonnull;

/* The statistics as JSON, the metrics in Prometheus' text format, or in OpenMetrics'. */
enum metric_form { METRIC_JSON, METRIC_PROMETHEUS, METRIC_OPENMETRICS };
const struct buf *metric_read(struct db *db, enum metric_form form, enum metric_scope scope,
	long long tenant_id, int sub_id, struct flight **flight, struct err *err) b3lb_nonnull;
void metric_leave(struct flight *flight) b3lb_nonnull;

/* Sums the events up; what is billed goes into this month of the zone (core/usage.h). *events: how many there were.
 * 0 or -1 with err. */
int metric_rollup(struct db *db, const char *zone, long long *events, struct err *err) b3lb_nonnull;

#endif
