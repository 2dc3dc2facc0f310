/* SPDX-License-Identifier: ISC */
/* What the console shows beside its lists: the overview, curves, usage, what a word may mean. */
#ifndef B3LB_CORE_REPORT_H
#define B3LB_CORE_REPORT_H

#include "db/db.h"

/*
 * tenants everywhere: array of the ids of those whose figures may be seen; NULL: all, and what is global. All return 0 and *out,
 * which the caller frees, or -1 with err as db_run. Columns: REPORT_ of sql/statements.h. Any thread.
 */

/* One JSON document (doc): see doc/manage, overview. */
int report_overview(struct db *db, const char *tenants, struct db_result **out, struct err *err)
	__attribute__((nonnull(1, 3, 4)));

/* What a curve is of. */
struct report_scope {
	const char *kind; /* total, tenant, secret or node */
	const char *name; /* slug, lower case; "" for total */
	int sub_id;	  /* of a secret */
};
/* Reads "total", "tenant:ACME", "secret:ACME-5" (ACME: its sub id 0) or "node:bbb001" (NULL: total). 0, or -1 with
 * ERR_INVALID. Strings are the arena's. */
int report_scope_read(struct arena *a, const char *of, struct report_scope *scope, struct err *err)
	__attribute__((nonnull(1, 3, 4)));
#define REPORT_STEP	  300  /* seconds; kept for eight days */
#define REPORT_HOUR	  3600 /* kept for history_days */
#define REPORT_DAY	  86400LL
#define REPORT_POINTS_MAX 10000 /* of one curve */
/* How fine a span is drawn that nobody said it of: in short steps two days within the last eight, else in hours. Seconds of
 * the epoch. */
int report_step(long long from, long long to, long long now);
/* One JSON document (doc) of columns. from, to: seconds of the epoch; step: one of the two. */
int report_history(struct db *db, const struct report_scope *scope, long long from, long long to, int step,
	struct db_result **out, struct err *err) b3lb_nonnull;

/* A month: 2026-11; NULL: this one. ERR_INVALID: it is none. */
struct report_month {
	char month[11];		   /* its first day */
	bool current;		   /* it is not over */
	char begins[21], ends[21]; /* RFC 3339 */
};
int report_month(struct db *db, const char *zone, const char *month, struct report_month *out,
	struct err *err) __attribute__((nonnull(1, 2, 4, 5)));
/* A row a tenant, or a secret. */
int report_usage(struct db *db, const char *tenants, const char *month, bool by_secret,
	struct db_result **out, struct err *err) __attribute__((nonnull(1, 3, 5, 6)));
/* One row with the sums of a month. */
int report_usage_total(struct db *db, const char *tenants, const char *month, struct db_result **out,
	struct err *err) __attribute__((nonnull(1, 3, 4, 5)));
/* One JSON object (before): participant minutes of each tenant in the month before. */
int report_usage_before(struct db *db, const char *tenants, const char *month, struct db_result **out,
	struct err *err) __attribute__((nonnull(1, 3, 4, 5)));
/* The thirteen months up to that one, of a tenant or (NULL) of all. */
int report_months(struct db *db, const char *tenants, const char *month, const char *tenant,
	struct db_result **out, struct err *err) __attribute__((nonnull(1, 3, 5, 6)));

/* At most twelve rows for what somebody has typed. */
int report_search(struct db *db, const char *tenants, const char *text, struct db_result **out,
	struct err *err) __attribute__((nonnull(1, 3, 4, 5)));
/* One JSON document (doc): versions, certificates, the database. */
int report_health(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;
/* A row a job. */
int report_jobs(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;
/* What the checks found, the worst first. */
int report_findings(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;
/* When, the latest (looked_at): one row. */
int report_looked_at(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
