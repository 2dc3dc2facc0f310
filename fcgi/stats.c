/* SPDX-License-Identifier: ISC */
/* b3lb-stats: statistics, metrics and ping. */
#include "config.h"
#include "base/log.h"
#include "core/metric.h"
#include "core/status.h"
#include "http/query.h"
#include "http/response.h"
#include "bbb/route.h"
#include "run/server.h"
#include "bbb/token.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#define PING_TIMEOUT_MS 2000

struct stats {
	const struct service *service;
	struct request *rq;
	enum metric_scope scope;
	long long tenant_id;
	int sub_id;
};

/* What may be asked for, globally or of a tenant. */
struct stats_page {
	const char *name;
	bool global, tenant, open;
	void (*send)(struct stats *s);
};

static void fail(struct stats *s, const struct err *err)
{
	static const struct response_header retry[] = {{"Retry-After", "5"}, {NULL, NULL}};
	struct log_line l;

	log_begin(&l, LOG_LEVEL_ERROR, "failure");
	log_str(&l, "id", s->rq->id);
	log_str(&l, "msg", err->text);
	log_end(&l);
	response_send(s->rq, err->kind == ERR_AWAY ? 503 : 500, "text/plain; charset=utf-8",
		err->kind == ERR_AWAY ? retry : NULL, "not available\n", 14);
}

static void send_stats(struct stats *s)
{
	const char *json = NULL;
	struct err err = {0};

	if (metric_stats(s->service->db, &s->rq->arena, s->scope, s->tenant_id, s->sub_id, &json, &err) == -1)
		fail(s, &err);
	else
		response_send(s->rq, 200, "application/json; charset=utf-8", NULL, json, strlen(json));
}

static void send_metrics(struct stats *s)
{
	const char *accept = request_env(s->rq, "HTTP_ACCEPT");
	bool openmetrics = accept && strstr(accept, "application/openmetrics-text");
	struct buf text = BUF_INIT;
	struct err err = {0};

	if (metric_write(s->service->db, s->scope, s->tenant_id, s->sub_id, openmetrics, &text, &err) == -1)
		fail(s, &err);
	else
		response_send(s->rq, 200,
			openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
				    : "text/plain; version=0.0.4; charset=utf-8",
			NULL, buf_str(&text), text.len);
	buf_free(&text);
}

static void send_ping(struct stats *s)
{
	struct err err = {0};
	bool ok = status_ping(s->service->db, &err) == 0;
	time_t now = time(NULL);
	struct buf json = BUF_INIT;
	char stamp[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_printf(&json, "{\"status\": \"%s\", \"version\": \"%s\", \"timestamp\": \"%s\"}\n",
		ok ? "ok" : "error", PACKAGE_VERSION, stamp);
	response_send(s->rq, ok ? 200 : 503, "application/json; charset=utf-8", NULL, json.ptr, json.len);
	buf_free(&json);
}

static const struct stats_page pages[] = {
	{"stats", true, true, false, send_stats},
	{"metrics", true, true, false, send_metrics},
	{"ping", true, false, true, send_ping},
};

static const struct stats_page *find_page(const struct route *route)
{
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		if (strcmp(pages[i].name, route->rest) != 0)
			continue;
		if (route->kind == ROUTE_GLOBAL ? pages[i].global
						: route->kind == ROUTE_TENANT && pages[i].tenant)
			return &pages[i];
	}
	return NULL;
}

/* ?token= or "Authorization: Bearer"; NULL without. */
static const char *given_token(struct stats *s)
{
	const char *header = request_env(s->rq, "HTTP_AUTHORIZATION");
	struct query query;
	struct err err = {0};

	if (header && strncasecmp(header, "Bearer ", 7) == 0)
		return header + 7;
	if (query_parse(&s->rq->arena, s->rq->query, strlen(s->rq->query), &query, &err) == -1)
		return NULL;
	return query_get(&query, "token");
}

/*
 * The web server's rule: a variable that it sets itself, which no client can (its headers are HTTP_*). What
 * came through a proxy looks local and is not.
 */
static bool opened_by_server(const struct stats *s)
{
	const char *rule = request_env(s->rq, "B3LB_GLOBAL");

	return rule && strcmp(rule, "allowed") == 0 && !request_env(s->rq, "HTTP_X_FORWARDED_FOR") &&
	       !request_env(s->rq, "HTTP_FORWARDED");
}

/* True when the request may read; fills tenant_id. 0, or -1 with err. */
static int authorize(struct stats *s, const struct route *route, bool *allowed, struct err *err)
{
	const char *token = given_token(s);
	struct metric_reader reader = {0};

	if (s->scope == METRIC_GLOBAL) {
		*allowed = token_equal(token, s->service->conf->admin_token) || opened_by_server(s);
		return 0;
	}
	if (!route->bad_tenant && metric_find_reader(s->service->db, &s->rq->arena, route->slug, s->rq->host,
					  s->scope, s->sub_id, &reader, err) == -1)
		return -1;
	s->tenant_id = reader.tenant_id;
	/* Both are compared always; an unknown tenant has none. */
	for (size_t i = 0; i < ARRAY_SIZE(reader.tokens); i++)
		*allowed |= token_equal(token, reader.tokens[i]);
	return 0;
}

static void refuse(struct stats *s)
{
	static const struct response_header headers[] = {{"WWW-Authenticate", "Bearer"}, {NULL, NULL}};

	response_send(s->rq, 401, "text/plain; charset=utf-8", headers, "a valid token is needed\n", 24);
}

static void dispatch(struct stats *s)
{
	static const struct response_header allow[] = {{"Allow", "GET, HEAD"}, {NULL, NULL}};
	const struct stats_page *page;
	struct err err = {0};
	struct route route;
	bool allowed = false;

	route_parse(s->service->conf->api_base_domain, s->rq->host, s->rq->path, &route);
	page = find_page(&route);
	s->scope = route.kind == ROUTE_GLOBAL ? METRIC_GLOBAL
		   : route.sub_given	      ? METRIC_SECRET
					      : METRIC_TENANT;
	s->sub_id = route.sub_id;
	if (!page)
		response_send_text(s->rq, 404, "no such page");
	else if (s->rq->method != METHOD_GET && s->rq->method != METHOD_HEAD)
		response_send(s->rq, 405, "text/plain; charset=utf-8", allow, "wrong method\n", 13);
	else if (!page->open && authorize(s, &route, &allowed, &err) == -1)
		fail(s, &err);
	else if (!page->open && !allowed)
		refuse(s);
	else
		page->send(s);
}

static void handle(const struct service *service, struct request *rq)
{
	struct stats s = {.service = service, .rq = rq};
	struct log_line l;

	dispatch(&s);
	log_begin(&l, LOG_LEVEL_INFO, "request");
	log_str(&l, "id", rq->id);
	log_str(&l, "path", rq->path);
	log_int(&l, "status", rq->status);
	log_end(&l);
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
