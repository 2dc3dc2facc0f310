/* SPDX-License-Identifier: ISC */
/* What tenants used in a month, and the sessions behind it. */
#include "config.h"
#include "lists.h"

#include "core/report.h"
#include "core/usage.h"
#include "db/rows.h"

#include <stdlib.h>
#include <string.h>

#define RULE                                                                                                      \
	"A session belongs to the month in which it began; minutes are those between polls, moderators count as " \
	"participants, breakout rooms as meetings of their own."

/* The month that is asked for, or this one, in the zone of accounts. */
static int read_month(struct manage *m, const char **zone, struct report_month *month, struct err *err)
{
	bool known;

	return usage_zone(m->service->db, m->service->conf, zone, &known, err) == 0
		       ? report_month(m->service->db, *zone, manage_param(m, "month"), month, err)
		       : -1;
}

/* The inside of a row as an object's, for what adds to it. */
static int put_rest(struct manage *m, const struct report_month *month, const char *zone, struct buf *out,
	struct err *err)
{
	struct db_result *total = NULL, *before = NULL;
	int rc = -1;

	if (report_usage_total(m->service->db, m->who.tenants, month->month, &total, err) == -1 ||
		report_usage_before(m->service->db, m->who.tenants, month->month, &before, err) == -1)
		goto out;
	buf_printf(out, ",\"month\":\"%.7s\",\"complete\":%s,\"time_zone\":\"%s\",\"rule\":\"%s\",\"total\":",
		month->month, month->current ? "false" : "true", zone, RULE);
	rows_json_object(out, total, 0);
	buf_printf(out, ",\"before\":%s}", db_text(before, 0, 0));
	rc = 0;
out:
	db_free(total);
	db_free(before);
	return rc;
}

static bool wants_csv(struct manage *m)
{
	const char *format = manage_param(m, "format"), *accept = request_env(m->x.rq, "HTTP_ACCEPT");

	return format ? strcmp(format, "csv") == 0 : accept && strstr(accept, "text/csv");
}

static void send_usage(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const char *by = manage_param(m, "by"), *zone;
	struct report_month month;
	struct db_result *r = NULL;
	struct buf body = BUF_INIT;
	struct err err = {0};
	int rc = -1;

	if (by && strcmp(by, "tenant") != 0 && strcmp(by, "secret") != 0)
		err_set(&err, ERR_INVALID, "by: must be tenant or secret");
	else if (read_month(m, &zone, &month, &err) == 0)
		rc = report_usage(m->service->db, m->who.tenants, month.month,
			by && strcmp(by, "secret") == 0, &r, &err);
	if (rc == 0 && wants_csv(m)) {
		rows_csv(&body, r);
		manage_send_csv(m, arena_printf(&x->rq->arena, "usage-%.7s", month.month), &body);
		goto out;
	}
	if (rc == 0) {
		buf_puts(&body, "{\"items\":");
		rows_json_array(&body, r);
		rc = put_rest(m, &month, zone, &body, &err);
	}
	if (rc == 0)
		manage_send(m, 200, body.ptr, body.len);
	else
		manage_fail(m, &err);
out:
	buf_free(&body);
	db_free(r);
}

static void send_months(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const char *tenant = manage_param(m, "tenant"), *zone;
	struct report_month month;
	struct db_result *r = NULL;
	struct err err = {0};
	int rc = -1;

	if (tenant && !manage_sees(&m->who, tenant))
		err_set(&err, ERR_NOT_FOUND, "there is nothing here");
	else if (read_month(m, &zone, &month, &err) == 0)
		rc = report_months(m->service->db, m->who.tenants, month.month, tenant, &r, &err);
	manage_send_rows(m, rc, r, "", &err);
}

/* A month is that of its first moment up to that of the next one's. */
static void send_sessions(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct arena *a = &x->rq->arena;
	struct report_month month;
	const char *zone;
	struct err err = {0};

	if (manage_param(m, "month")) {
		if (read_month(m, &zone, &month, &err) == -1) {
			manage_fail(m, &err);
			return;
		}
		query_set(a, &m->query, "from", arena_strdup(a, month.begins));
		query_set(a, &m->query, "to", arena_strdup(a, month.ends));
	}
	query_remove(&m->query, "month");
	manage_send_list(x);
}

static const struct endpoint rows[] = {
	ROW("v1/usage", ON_GET_HEAD, MAY_READ, 0, "Sum up a month", send_usage, .query = "month by format",
		.answer = "Usage"),
	ROW("v1/usage/months", ON_GET_HEAD, MAY_READ, 0, "Sum up thirteen months", send_months,
		.query = "month tenant"),
	ROW("v1/usage/sessions", ON_GET_HEAD, MAY_READ, 0, "List sessions that are over", send_sessions,
		.query = "month", .list = &list_sessions),
};
MANAGE_ROWS(usage_rows, rows);
