/* SPDX-License-Identifier: ISC */
/* b3lb-assets: a tenant's logo, default slide and style sheet, as browsers and nodes fetch them. */
#include "config.h"
#include "core/asset.h"
#include "http/date.h"
#include "http/endpoint.h"
#include "http/etag.h"
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
		return etag_listed(match, etag, true);
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

struct fetch {
	struct exchange x;
	const struct service *service;
};

static void send_asset_of(struct exchange *x)
{
	const struct fetch *f = (struct fetch *)x;
	const enum asset_kind *kind = x->endpoint->more;
	const struct asset *asset;
	struct kept *kept = NULL;
	struct err err = {0};
	struct route route;

	route_parse(f->service->conf->api_base_domain, x->rq->host, x->rq->path, &route);
	if (route.bad_tenant) {
		endpoint_refuse(x, 404, "no such file");
		return;
	}
	asset = asset_read_of(f->service->db, route.slug, x->rq->host, *kind, &kept, &err);
	if (asset)
		send_asset(x->rq, asset);
	else
		endpoint_fail(x, &err);
	asset_leave(kept);
}

static void describe(const struct exchange *x, struct log_line *l)
{
	log_str(l, "path", x->rq->path);
}

static const enum asset_kind logo = ASSET_LOGO, slide = ASSET_SLIDE, css = ASSET_CSS;
static const struct endpoint rows[] = {
	{"/b3lb/t/{tenant}/logo", ON_GET_HEAD, .more = &logo, .handle = send_asset_of},
	{"/b3lb/t/{tenant}/slide", ON_GET_HEAD, .more = &slide, .handle = send_asset_of},
	{"/b3lb/t/{tenant}/css", ON_GET_HEAD, .more = &css, .handle = send_asset_of},
};
static const struct endpoint_table table = {
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.describe = describe,
};

static void handle(const struct service *service, struct request *rq, int refused, const struct err *why)
{
	struct fetch f = {.x.rq = rq, .service = service};

	endpoint_run(&f.x, &table, rq->path, refused, why);
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
