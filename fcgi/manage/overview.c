/* SPDX-License-Identifier: ISC */
/* What is going on at a glance, curves of it, and what somebody's word may mean. */
#include "config.h"
#include "lists.h"

#include "core/report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static int read_time(struct manage *m, const char *name, long long *at, struct err *err)
{
	const char *text = manage_param(m, name);

	if (text && !list_time(text, at))
		return err_set(
			err, ERR_INVALID, "%s: must be a time as 2026-11-26T06:39:41Z (RFC 3339)", name);
	return 0;
}

/* The day before now, where nothing else is said. */
static int read_span(struct manage *m, long long *from, long long *to, int *step, struct err *err)
{
	const char *text = manage_param(m, "step");
	long long now = time(NULL);

	*to = now;
	if (read_time(m, "to", to, err) == -1)
		return -1;
	*from = *to - REPORT_DAY;
	if (read_time(m, "from", from, err) == -1)
		return -1;
	*step = report_step(*from, *to, now);
	if (text && strcmp(text, "300") != 0 && strcmp(text, "3600") != 0)
		return err_set(err, ERR_INVALID, "step: must be 300 or 3600");
	if (text)
		*step = atoi(text);
	if (*from >= *to)
		return err_set(err, ERR_INVALID, "from: must be before to");
	if ((*to - *from) / *step > REPORT_POINTS_MAX)
		return err_set(
			err, ERR_INVALID, "from: must be at most %d steps before to", REPORT_POINTS_MAX);
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
		rc = report_history(m->service->db, &scope, from, to, step, &r, &err);
	send_doc(m, rc, r, &err);
}

static void send_search(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const char *text = manage_param(m, "q");
	struct db_result *r = NULL;
	struct err err = {0};
	int rc = 0;

	if (text && strlen(text) > 1000)
		rc = err_set(&err, ERR_INVALID, "q: must be at most 1000 bytes long");
	else if (text)
		rc = report_search(m->service->db, m->who.tenants, text, &r, &err);
	manage_send_rows(m, rc, r, "", &err);
}

static const struct endpoint rows[] = {
	ROW("v1/overview", ON_GET_HEAD, MAY_READ, 0, "Say what is going on", send_overview,
		.answer = "Overview"),
	ROW("v1/history", ON_GET_HEAD, MAY_READ, 0, "Draw a curve", send_history, .query = "of from to step",
		.answer = "History"),
	ROW("v1/search", ON_GET_HEAD, MAY_READ, 0, "Find anything", send_search, .query = "q"),
};
MANAGE_ROWS(overview_rows, rows);
