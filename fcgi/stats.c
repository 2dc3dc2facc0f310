/* SPDX-License-Identifier: ISC */
/* b3lb-stats: statistics, metrics and ping. */
#include "config.h"
#include "base/clock.h"
#include "core/metric.h"
#include "core/status.h"
#include "http/endpoint.h"
#include "http/query.h"
#include "bbb/route.h"
#include "run/server.h"
#include "bbb/token.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#define PING_TIMEOUT_MS 2000

struct stats {
	struct exchange x;
	const struct service *service;
	enum metric_scope scope;
	long long tenant_id;
	int sub_id;
};

/* What a row is open for. */
enum { FOR_ALL = 1 << 0 };

static void send_text(struct exchange *x, enum metric_form form)
{
	static const char *const types[] = {
		[METRIC_JSON] = "application/json; charset=utf-8",
		[METRIC_PROMETHEUS] = "text/plain; version=0.0.4; charset=utf-8",
		[METRIC_OPENMETRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
	};
	struct stats *s = (struct stats *)x;
	struct flight *flight = NULL;
	const struct buf *text;
	struct err err = {0};

	text = metric_read(s->service->db, form, s->scope, s->tenant_id, s->sub_id, &flight, &err);
	if (text)
		response_send(x->rq, 200, types[form], NULL, buf_str(text), text->len);
	else
		endpoint_fail(x, &err);
	metric_leave(flight);
}

static void send_stats(struct exchange *x)
{
	send_text(x, METRIC_JSON);
}

static void send_metrics(struct exchange *x)
{
	const char *accept = request_env(x->rq, "HTTP_ACCEPT");

	send_text(x, accept && strstr(accept, "application/openmetrics-text") ? METRIC_OPENMETRICS
									      : METRIC_PROMETHEUS);
}

static void send_ping(struct exchange *x)
{
	struct stats *s = (struct stats *)x;
	struct err err = {0};
	bool ok = status_ping(s->service->db, &err) == 0;
	struct buf json = BUF_INIT;
	char stamp[CLOCK_UTC_SIZE];

	clock_utc(time(NULL), stamp);
	buf_printf(&json, "{\"status\": \"%s\", \"version\": \"%s\", \"timestamp\": \"%s\"}\n",
		ok ? "ok" : "error", PACKAGE_VERSION, stamp);
	response_send(s->x.rq, ok ? 200 : 503, "application/json; charset=utf-8", NULL, json.ptr, json.len);
	buf_free(&json);
}

/* ?token= or "Authorization: Bearer"; NULL without. */
static const char *given_token(struct stats *s)
{
	const char *header = request_env(s->x.rq, "HTTP_AUTHORIZATION");
	struct query query;
	struct err err = {0};

	if (header && strncasecmp(header, "Bearer ", 7) == 0)
		return header + 7;
	if (query_parse(&s->x.rq->arena, s->x.rq->query, strlen(s->x.rq->query), &query, &err) == -1)
		return NULL;
	return query_get(&query, "token");
}

/*
 * The web server's rule: a variable that it sets itself, which no client can (its headers are HTTP_*). What
 * came through a proxy looks local and is not.
 */
static bool opened_by_server(const struct stats *s)
{
	const char *rule = request_env(s->x.rq, "B3LB_GLOBAL");

	return rule && strcmp(rule, "allowed") == 0 && !request_env(s->x.rq, "HTTP_X_FORWARDED_FOR") &&
	       !request_env(s->x.rq, "HTTP_FORWARDED");
}

/* Fills tenant_id and allowed. 0 or -1 with err. */
static int ask_tenant(
	struct stats *s, const struct route *route, const char *token, bool *allowed, struct err *err)
{
	const struct metric_reader *reader;
	struct flight *flight = NULL;

	reader = metric_find_reader(
		s->service->db, route->slug, s->x.rq->host, s->scope, s->sub_id, &flight, err);
	/* Both are compared always; an unknown tenant has none. */
	for (size_t i = 0; reader && i < ARRAY_SIZE(reader->tokens); i++)
		*allowed |= token_equal(token, reader->tokens[i]);
	s->tenant_id = reader ? reader->tenant_id : 0;
	metric_leave_reader(flight);
	return reader ? 0 : -1;
}

/* Fills tenant_id; false when it has answered. */
static bool authorize(struct exchange *x)
{
	static const struct response_header headers[] = {{"WWW-Authenticate", "Bearer"}, {NULL, NULL}};
	struct stats *s = (struct stats *)x;
	const char *token = given_token(s);
	struct err err = {0};
	struct route route;
	bool allowed = false;

	if (x->endpoint->flags & FOR_ALL)
		return true;
	route_parse(s->service->conf->api_base_domain, x->rq->host, x->rq->path, &route);
	s->scope = route.kind == ROUTE_GLOBAL ? METRIC_GLOBAL
		   : route.sub_given	      ? METRIC_SECRET
					      : METRIC_TENANT;
	s->sub_id = route.sub_id;
	if (s->scope == METRIC_GLOBAL) {
		/* A wrong token is told so everywhere: from elsewhere it would open nothing. */
		allowed = token ? token_equal(token, s->service->conf->admin_token) : opened_by_server(s);
	} else if (!route.bad_tenant && ask_tenant(s, &route, token, &allowed, &err) == -1) {
		endpoint_fail(x, &err);
		return false;
	}
	if (!allowed)
		response_send(
			x->rq, 401, "text/plain; charset=utf-8", headers, "a valid token is needed\n", 24);
	return allowed;
}

static void describe(const struct exchange *x, struct log_line *l)
{
	log_str(l, "path", x->rq->path);
}

static const struct endpoint rows[] = {
	{"/b3lb/stats", ON_GET_HEAD, .handle = send_stats},
	{"/b3lb/metrics", ON_GET_HEAD, .handle = send_metrics},
	{"/b3lb/ping", ON_GET_HEAD, .flags = FOR_ALL, .handle = send_ping},
	{"/b3lb/t/{tenant}/stats", ON_GET_HEAD, .handle = send_stats},
	{"/b3lb/t/{tenant}/metrics", ON_GET_HEAD, .handle = send_metrics},
};
static const struct endpoint_table table = {
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.authorize = authorize,
	.describe = describe,
};

static void handle(const struct service *service, struct request *rq, int refused, const struct err *why)
{
	struct stats s = {.x.rq = rq, .service = service};

	endpoint_run(&s.x, &table, rq->path, refused, why);
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-stats",
		.purpose = "answers statistics, metrics and ping",
		.handle = handle,
		.database_timeout_max = PING_TIMEOUT_MS,
	};

	return server_main(&app, argc, argv);
}
