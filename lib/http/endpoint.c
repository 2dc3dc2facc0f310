/* SPDX-License-Identifier: ISC */
/* The table of what a program answers, and the one way of a request through it. */
#include "config.h"
#include "http/endpoint.h"

#include "base/clock.h"
#include <stdio.h>
#include <string.h>

#define RETRY_AFTER_S 5

static const int statuses[] = {
	[ERR_NONE] = 500,
	[ERR_INVALID] = 422,
	[ERR_NOT_FOUND] = 404,
	[ERR_CONFLICT] = 409,
	[ERR_STALE] = 412,
	[ERR_DENIED] = 403,
	[ERR_LIMIT] = 429,
	[ERR_AWAY] = 503,
	[ERR_BUSY] = 503,
	[ERR_INTERNAL] = 500,
};

int endpoint_status(enum err_kind kind)
{
	return (size_t)kind < ARRAY_SIZE(statuses) ? statuses[kind] : 500;
}

/* True when path is of the pattern; values of its braces go to x. */
static bool matches(struct exchange *x, const char *pattern, const char *path)
{
	size_t value = 0;

	for (;;) {
		size_t pattern_len = strcspn(pattern, "/"), len = strcspn(path, "/");

		if (*pattern == '{') {
			if (len == 0 || value == ENDPOINT_VALUES_MAX)
				return false;
			x->values[value++] = arena_strndup(&x->rq->arena, path, len);
		} else if (len != pattern_len || strncmp(path, pattern, len) != 0) {
			return false;
		}
		pattern += pattern_len;
		path += len;
		if (!*pattern || !*path)
			return !*pattern && !*path;
		pattern++;
		path++;
	}
}

/* The row of path and method. Without one: NULL when no row has the path, else the first that has. */
static const struct endpoint *find(struct exchange *x, const char *path)
{
	const struct endpoint *found = NULL;

	for (size_t i = 0; path && i < x->table->count; i++) {
		const struct endpoint *row = &x->table->rows[i];

		if (!matches(x, row->path, path))
			continue;
		if (row->methods & 1u << x->rq->method) {
			x->allowed = 0;
			return row;
		}
		x->allowed |= row->methods;
		found = found ? found : row;
	}
	return found;
}

static const char *allow_text(const struct exchange *x)
{
	const char *text = NULL;

	for (enum method m = METHOD_GET; m < METHOD_OTHER; m++)
		if (x->allowed & 1u << m)
			text = text ? arena_printf(&x->rq->arena, "%s, %s", text, method_name(m))
				    : method_name(m);
	return text;
}

void endpoint_headers(
	const struct exchange *x, int status, struct response_header headers[ENDPOINT_HEADERS_MAX])
{
	int seconds = x->endpoint && x->endpoint->retry_after ? x->endpoint->retry_after : RETRY_AFTER_S;
	size_t n = 0;

	if (x->allowed)
		headers[n++] = (struct response_header){"Allow", allow_text(x)};
	if (status == 503 || status == 429)
		headers[n++] =
			(struct response_header){"Retry-After", arena_printf(&x->rq->arena, "%d", seconds)};
	headers[n] = (struct response_header){NULL, NULL};
}

static void refuse_in_text(struct exchange *x, int status, const char *text)
{
	struct response_header headers[ENDPOINT_HEADERS_MAX];
	struct buf body = BUF_INIT;

	endpoint_headers(x, status, headers);
	buf_printf(&body, "%s\n", text);
	response_send(x->rq, status, "text/plain; charset=utf-8", headers, body.ptr, body.len);
	buf_free(&body);
}

void endpoint_refuse(struct exchange *x, int status, const char *text)
{
	if (x->table->refuse)
		x->table->refuse(x, status, text);
	else
		refuse_in_text(x, status, text);
}

void endpoint_fail(struct exchange *x, const struct err *err)
{
	int status = endpoint_status(err->kind);
	struct log_line l;

	if (status < 500) {
		endpoint_refuse(x, status, err->text);
		return;
	}
	log_begin(&l, LOG_LEVEL_ERROR, "failure");
	log_str(&l, "id", x->rq->id);
	log_str(&l, "endpoint", x->endpoint ? x->endpoint->path : NULL);
	log_str(&l, "msg", err->text);
	log_end(&l);
	endpoint_refuse(x, status, status == 503 ? "away for a moment" : "internal error");
}

bool endpoint_read_body(struct exchange *x, size_t max)
{
	struct err err = {0};
	int status;

	if (request_collect(x->rq, max))
		return false;
	status = request_read_body(x->rq, max, &err);
	if (status)
		endpoint_refuse(x, status, err.text);
	return status == 0;
}

static void answer(struct exchange *x, const char *path)
{
	const struct endpoint_table *table = x->table;

	if (table->admit && !table->admit(x))
		return;
	x->endpoint = find(x, path);
	if (!x->endpoint)
		endpoint_refuse(x, 404, "there is nothing here");
	else if (x->allowed)
		endpoint_refuse(x, 405, "wrong method");
	else if ((!table->authorize || table->authorize(x)) &&
		 (!x->endpoint->body_max || endpoint_read_body(x, x->endpoint->body_max)))
		x->endpoint->handle(x);
}

void endpoint_run(struct exchange *x, const struct endpoint_table *table, const char *path, int refused,
	const struct err *why)
{
	long long since = clock_us(), us;
	struct log_line l;

	x->table = table;
	if (refused)
		endpoint_refuse(x, refused, why->text);
	else
		answer(x, path);
	if (!x->rq->head_sent && x->rq->wanted && !x->rq->collected)
		return; /* it comes again, with its body */
	us = clock_us() - since;
	log_begin(&l, LOG_LEVEL_INFO, "request");
	log_str(&l, "id", x->rq->id);
	if (table->describe)
		table->describe(x, &l);
	log_int(&l, "status", x->rq->status);
	log_int(&l, "bytes", x->rq->sent);
	log_str(&l, "key", x->error);
	if (refused)
		log_str(&l, "msg", why->text);
	log_int(&l, "us", us);
	log_end(&l);
	if (table->answered)
		table->answered(x, us);
}
