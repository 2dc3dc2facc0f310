/* SPDX-License-Identifier: ISC */
/* What the console shows beside its lists: the overview, curves, usage, what a word may mean. */
#include "config.h"
#include "core/report.h"

#include "base/clock.h"
#include "sql/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int report_overview(struct db *db, const char *tenants, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_overview, DB_ARGS(tenants), out, err);
}

int report_scope_read(struct arena *a, const char *of, struct report_scope *scope, struct err *err)
{
	static const char *const kinds[] = {"tenant", "secret", "node"};
	const char *colon = of ? strchr(of, ':') : NULL;
	char *name, *dash;

	*scope = (struct report_scope){"total", "", 0};
	if (!of || strcmp(of, "total") == 0)
		return 0;
	for (size_t i = 0; colon && i < ARRAY_SIZE(kinds); i++) {
		if (strncmp(of, kinds[i], (size_t)(colon - of)) != 0 || kinds[i][colon - of])
			continue;
		name = text_lower(arena_strdup(a, colon + 1));
		dash = strcmp(kinds[i], "secret") == 0 ? strrchr(name, '-') : NULL;
		if (dash && (strlen(dash) > 4 || dash[1 + strspn(dash + 1, "0123456789")]))
			break;
		if (dash) {
			scope->sub_id = atoi(dash + 1);
			*dash = '\0';
		}
		scope->kind = kinds[i];
		scope->name = name;
		return 0;
	}
	return err_set(err, ERR_INVALID, "of: must be total, tenant:SLUG, secret:SLUG-SUB or node:SLUG");
}

int report_step(long long from, long long to, long long now)
{
	return to - from <= 2 * REPORT_DAY && now - from <= 8 * REPORT_DAY ? REPORT_STEP : REPORT_HOUR;
}

int report_history(struct db *db, const struct report_scope *scope, long long from, long long to, int step,
	struct db_result **out, struct err *err)
{
	char begins[CLOCK_UTC_SIZE], ends[CLOCK_UTC_SIZE];

	clock_utc((time_t)from, begins);
	clock_utc((time_t)to, ends);
	return db_run(db, &stmt_report_history,
		DB_ARGS(scope->kind, scope->name, scope->sub_id, (const char *)begins, (const char *)ends,
			step),
		out, err);
}

int report_month(struct db *db, const char *zone, const char *month, struct report_month *m, struct err *err)
{
	struct db_result *r = NULL;

	if (month && (strlen(month) != 7 || strspn(month, "0123456789") != 4 || month[4] != '-' ||
			     strspn(month + 5, "0123456789") != 2 || atoi(month) < 2000 ||
			     atoi(month + 5) < 1 || atoi(month + 5) > 12))
		return err_set(err, ERR_INVALID, "month: must be a month as 2026-11");
	if (db_run(db, &stmt_report_month, DB_ARGS(month, zone), &r, err) == -1)
		return -1;
	snprintf(m->month, sizeof(m->month), "%s", db_text(r, 0, REPORT_MONTH_MONTH));
	snprintf(m->begins, sizeof(m->begins), "%s", db_text(r, 0, REPORT_MONTH_BEGINS));
	snprintf(m->ends, sizeof(m->ends), "%s", db_text(r, 0, REPORT_MONTH_ENDS));
	m->current = db_bool(r, 0, REPORT_MONTH_CURRENT);
	db_free(r);
	return 0;
}

int report_usage(struct db *db, const char *tenants, const char *month, bool by_secret,
	struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_usage, DB_ARGS(tenants, month, by_secret), out, err);
}

int report_usage_total(
	struct db *db, const char *tenants, const char *month, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_usage_total, DB_ARGS(tenants, month), out, err);
}

int report_usage_before(
	struct db *db, const char *tenants, const char *month, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_usage_before, DB_ARGS(tenants, month), out, err);
}

int report_months(struct db *db, const char *tenants, const char *month, const char *tenant,
	struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_months, DB_ARGS(tenants, month, tenant), out, err);
}

int report_search(
	struct db *db, const char *tenants, const char *text, struct db_result **out, struct err *err)
{
	struct buf inside = BUF_INIT;
	int rc;

	db_pattern(&inside, text);
	/* Behind its first sign it is a pattern of what begins so. */
	rc = db_run(db, &stmt_report_search,
		DB_ARGS(tenants, text, buf_str(&inside), (const char *)inside.ptr + 1), out, err);
	buf_free(&inside);
	return rc;
}

int report_health(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_health, NULL, out, err);
}

int report_findings(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_findings, NULL, out, err);
}

int report_jobs(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_jobs, NULL, out, err);
}

int report_looked_at(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_report_looked_at, NULL, out, err);
}
