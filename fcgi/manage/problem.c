/* SPDX-License-Identifier: ISC */
/* How b3lb-manage says no: problem documents, and what their types mean. */
#include "config.h"
#include "manage.h"

#include "http/problem.h"

#include <string.h>

#define TYPES MANAGE_BASE "v1/problems/"

void manage_refuse(struct exchange *x, int status, const char *text)
{
	struct manage *m = (struct manage *)x;
	struct response_header headers[MANAGE_HEADERS_MAX + ENDPOINT_HEADERS_MAX + 1];
	const struct problem_kind *kind = m->problem ? problem_by_key(m->problem) : problem_by_status(status);
	const struct problem problem = {.kind = kind,
		.status = status,
		.base = TYPES,
		.detail = text,
		.pointer = m->pointer,
		.rule = m->rule,
		.used_by = m->used_by,
		.current = m->current,
		.request_id = x->rq->id};
	struct buf body = BUF_INIT;
	size_t n;

	m->etag = m->location = m->link = m->disposition = NULL;
	n = manage_headers(m, headers);
	if (status == 401)
		headers[n++] = (struct response_header){"WWW-Authenticate", "Bearer"};
	if (m->retry_after)
		headers[n++] = (struct response_header){
			"Retry-After", arena_printf(&x->rq->arena, "%d", m->retry_after)};
	if (!m->retry_after || x->allowed)
		endpoint_headers(x, status, headers + n);
	else
		headers[n] = (struct response_header){NULL, NULL};
	problem_write(&problem, &body);
	x->error = kind->key;
	response_send(x->rq, status, PROBLEM_MEDIA_TYPE, headers, body.ptr, body.len);
	buf_free(&body);
}

void manage_refuse_as(struct manage *m, int status, const char *key, const char *text)
{
	m->problem = key;
	manage_refuse(&m->x, status, text);
}

void manage_fail(struct manage *m, const struct err *err)
{
	endpoint_fail(&m->x, err);
}

static void send_problem(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct problem_kind *kind = problem_by_key(x->values[0]);
	struct buf text = BUF_INIT;

	if (!kind) {
		manage_refuse(x, 404, "there is no such problem");
		return;
	}
	m->type = "text/plain; charset=utf-8";
	buf_printf(&text, "%s.\n\n%s\n", kind->title, kind->text);
	manage_send(m, 200, text.ptr, text.len);
	buf_free(&text);
}

static const struct endpoint rows[] = {
	ROW("v1/problems/{key}", ON_GET_HEAD, MAY_READ, ROW_OPEN, "Say what a type of problem means",
		send_problem, .answer = "text/plain"),
};
MANAGE_ROWS(problem_rows, rows);
