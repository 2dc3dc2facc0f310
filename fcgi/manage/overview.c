/* SPDX-License-Identifier: ISC */
/* What is going on at a glance, curves of it, and what somebody's word may mean. */
#include "config.h"
#include "lists.h"

#include "core/report.h"
#include "db/rows.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY	   86400LL
#define POINTS_MAX 10000

static void send_doc(struct manage *m, int rc, struct db_result *r, const struct err *err)
{
	const char *doc = rc == 0 ? db_text(r, 0, 0) : NULL;

	if (doc)
		manage_send(m, 200, doc, strlen(doc));
	else
		manage_fail(m, err);
	db_free(r);
}

static void send_overview(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *r = NULL;
	struct err err = {0};
	int rc = report_overview(m->service->db, m->who.tenants, &r, &err);

	send_doc(m, rc, r, &err);
}

/* 0, or -1 with err: what this account must not know of is not there. */
static int read_scope(struct manage *m, struct report_scope *scope, struct err *err)
{
	if (report_scope_read(&m->x.rq->arena, manage_param(m, "of"), scope, err) == -1)
		return -1;
	if (manage_is_bound(&m->who) && strcmp(scope->kind, "total") == 0)
		return err_set(err, ERR_INVALID, "of: must be tenant:SLUG or secret:SLUG-SUB");
	if (strcmp(scope->kind, "total") == 0 ||
		(strcmp(scope->kind, "node") == 0 ? !manage_is_bound(&m->who)
						  : manage_sees(&m->who, scope->name)))
		return 0;
	return err_set(err, ERR_NOT_FOUND, "there is nothing here");
}

static const char *time_text(struct manage *m, long long seconds)
{
	time_t at = (time_t)seconds;
	char text[32];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_strdup(&m->x.rq->arena, text);
}

static int read_time(struct manage *m, const char *name, long long *at, struct err *err)
{
	const char *text = manage_param(m, name);

	if (text && !list_time(text, at))
		return err_set(
			err, ERR_INVALID, "%s: must be a time as 2026-11-26T06:39:41Z (RFC 3339)", name);
	return 0;
}

/* The day before now, in steps of five minutes; what is longer, or older than those are kept, in hours. */
static int read_span(struct manage *m, long long *from, long long *to, int *step, struct err *err)
{
	const char *text = manage_param(m, "step");
	long long now = time(NULL);

	*to = now;
	if (read_time(m, "to", to, err) == -1)
		return -1;
	*from = *to - DAY;
	if (read_time(m, "from", from, err) == -1)
		return -1;
	*step = *to - *from <= 2 * DAY && now - *from <= 8 * DAY ? REPORT_STEP : REPORT_HOUR;
	if (text && strcmp(text, "300") != 0 && strcmp(text, "3600") != 0)
		return err_set(err, ERR_INVALID, "step: must be 300 or 3600");
	if (text)
		*step = atoi(text);
	if (*from >= *to)
		return err_set(err, ERR_INVALID, "from: must be before to");
	if ((*to - *from) / *step > POINTS_MAX)
		return err_set(err, ERR_INVALID, "from: must be at most %d steps before to", POINTS_MAX);
	return 0;
}

static void send_history(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct report_scope scope;
	struct db_result *r = NULL;
	struct err err = {0};
	long long from, to;
	int step, rc = -1;

	if (read_scope(m, &scope, &err) == 0 && read_span(m, &from, &to, &step, &err) == 0)
		rc = report_history(
			m->service->db, &scope, time_text(m, from), time_text(m, to), step, &r, &err);
	send_doc(m, rc, r, &err);
}

static void send_search(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const char *text = manage_param(m, "q");
	struct db_result *r = NULL;
	struct buf body = BUF_INIT;
	struct err err = {0};

	if (text && strlen(text) > 1000)
		err_set(&err, ERR_INVALID, "q: must be at most 1000 bytes long");
	else if (text)
		(void)!report_search(m->service->db, m->who.tenants, text, &r, &err);
	if (err.kind != ERR_NONE) {
		manage_fail(m, &err);
	} else {
		buf_puts(&body, "{\"items\":");
		rows_json_array(&body, r);
		buf_putc(&body, '}');
		manage_send(m, 200, body.ptr, body.len);
	}
	buf_free(&body);
	db_free(r);
}

static const struct endpoint rows[] = {
	ROW("v1/overview", ON_GET_HEAD, MAY_READ, 0, "Say what is going on", send_overview,
		.answer = "Overview"),
	ROW("v1/history", ON_GET_HEAD, MAY_READ, 0, "Draw a curve", send_history, .query = "of from to step",
		.answer = "History"),
	ROW("v1/search", ON_GET_HEAD, MAY_READ, 0, "Find anything", send_search, .query = "q"),
};
MANAGE_ROWS(overview_rows, rows);
