/* SPDX-License-Identifier: ISC */
/* b3lb-assets: a tenant's logo, default slide and style sheet, as browsers and nodes fetch them. */
#include "config.h"
#include "core/asset.h"
#include "http/date.h"
#include "base/log.h"
#include "http/response.h"
#include "bbb/route.h"
#include "run/server.h"

#include <stdio.h>
#include <string.h>

/* True when If-None-Match lists the tag (weakly, RFC 9110 13.1.2), or without one If-Modified-Since is not
 * over (13.1.3). */
static bool not_modified(const struct request *rq, const char *etag, long long modified)
{
	const char *match = request_env(rq, "HTTP_IF_NONE_MATCH"),
		   *since = request_env(rq, "HTTP_IF_MODIFIED_SINCE");
	long long at;

	if (match)
		return strcmp(match, "*") == 0 || strstr(match, etag);
	return since && http_date_parse(since, &at) && modified <= at;
}

static void send_asset(struct request *rq, const struct asset *asset)
{
	char etag[80], modified[HTTP_DATE_SIZE];
	const struct response_header headers[] = {
		{"ETag", etag},
		{"Last-Modified", modified},
		{"Cache-Control", "public, max-age=300"},
		/* What is uploaded is shown, never run: not as another type, and no script of an SVG or a
		   style sheet. */
		{"X-Content-Type-Options", "nosniff"},
		{"Content-Security-Policy",
			"default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"},
		{"Cross-Origin-Resource-Policy", "cross-origin"},
		{NULL, NULL},
	};

	snprintf(etag, sizeof(etag), "\"%.64s\"", asset->etag);
	http_date_write(asset->updated_at, modified);
	if (not_modified(rq, etag, asset->updated_at))
		response_send(rq, 304, NULL, headers, NULL, 0);
	else
		response_send(rq, 200, asset->type, headers, asset->data, asset->len);
}

static int find_kind(const struct route *route)
{
	for (int i = 0; route->kind == ROUTE_TENANT && !route->bad_tenant && i < ASSET__MAX; i++)
		if (strcmp(asset_names[i], route->rest) == 0)
			return i;
	return -1;
}

static void dispatch(const struct service *service, struct request *rq)
{
	static const struct response_header allow[] = {{"Allow", "GET, HEAD"}, {NULL, NULL}};
	static const struct response_header retry[] = {{"Retry-After", "5"}, {NULL, NULL}};
	struct asset asset = {0};
	struct err err = {0};
	struct route route;
	int kind;

	route_parse(service->conf->api_base_domain, rq->host, rq->path, &route);
	kind = find_kind(&route);
	if (rq->method != METHOD_GET && rq->method != METHOD_HEAD) {
		response_send(rq, 405, "text/plain; charset=utf-8", allow, "wrong method\n", 13);
	} else if (kind < 0) {
		response_send_text(rq, 404, "no such file");
	} else if (asset_read_of(service->db, &rq->arena, route.slug, rq->host, (enum asset_kind)kind, &asset,
			   &err) == 0) {
		send_asset(rq, &asset);
	} else if (err.kind == ERR_NOT_FOUND) {
		response_send_text(rq, 404, "no such file");
	} else {
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: %s", rq->id, err.text);
		response_send(rq, err.kind == ERR_AWAY ? 503 : 500, "text/plain; charset=utf-8",
			err.kind == ERR_AWAY ? retry : NULL, "not available\n", 14);
	}
}

static void handle(const struct service *service, struct request *rq)
{
	struct log_line l;

	dispatch(service, rq);
	log_begin(&l, LOG_LEVEL_INFO, "request");
	log_str(&l, "id", rq->id);
	log_str(&l, "path", rq->path);
	log_int(&l, "status", rq->status);
	log_end(&l);
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-assets",
		.purpose = "serves the logo, default slide and style sheet of tenants",
		.handle = handle,
	};

	return server_main(&app, argc, argv);
}
