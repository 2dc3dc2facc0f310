/* SPDX-License-Identifier: ISC */
/* A tenant's branding: slide, logo, style sheet. */
#include "config.h"
#include "configure.h"

#include "core/asset.h"
#include "db/rows.h"
#include "http/disposition.h"
#include "sql/statements.h"

#include <string.h>

#define BODY_MAX (30u << 20) /* of a slide, the largest of them */

/* False when it was answered. */
static bool find_kind(struct manage *m, enum asset_kind *kind)
{
	for (*kind = 0; *kind < ASSET__MAX; (*kind)++)
		if (strcmp(asset_names[*kind], m->x.values[1]) == 0)
			return true;
	manage_refuse(&m->x, 404, "there is nothing here");
	return false;
}

static const char *lower_slug(struct manage *m)
{
	char *slug = arena_strdup(&m->x.rq->arena, m->x.values[0]);

	for (char *p = slug; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	return slug;
}

static void get_assets(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *r = NULL;
	struct buf body = BUF_INIT;
	struct err err = {0};

	if (db_run_found(m->service->db, &stmt_manage_assets, DB_ARGS(x->values[0]), &r, "such tenant",
		    &err) == -1) {
		manage_fail(m, &err);
		return;
	}
	buf_printf(&body, "{\"items\":%s}", db_text(r, 0, MANAGE_ASSETS_ITEMS));
	manage_send(m, 200, body.ptr, body.len);
	buf_free(&body);
	db_free(r);
}

/* The bytes: a picture for <img>, never a page of this origin. */
static void get_asset(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	enum asset_kind kind;
	const struct asset *asset;
	struct kept *kept = NULL;
	struct err err = {0};

	if (!find_kind(m, &kind))
		return;
	asset = asset_read_of(m->service->db, lower_slug(m), "", kind, &kept, &err);
	if (asset) {
		m->type = asset->type;
		m->csp = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
		m->etag = arena_printf(&x->rq->arena, "\"%.64s\"", asset->etag);
		manage_send(m, 200, asset->data, asset->len);
		m->type = NULL;
	} else {
		manage_fail(m, &err);
	}
	asset_leave(kept);
}

/* What the body and its headers are as an object of the state; NULL when it was answered. */
static json_t *read_asset(struct manage *m, enum asset_kind kind)
{
	struct request *rq = m->x.rq;
	const unsigned char *data = (const unsigned char *)rq->body.ptr;
	const char *name = manage_param(m, "name"), *type = NULL;
	struct err err = {0};

	name = name ? name : asset_names[kind];
	if (!rq->body.len || rq->body.len > asset_max(kind))
		manage_refuse(&m->x, rq->body.len ? 413 : 422,
			arena_printf(&rq->arena, "a %s must have 1 to %zu bytes", asset_names[kind],
				asset_max(kind)));
	else if (strlen(name) > 200 || strpbrk(name, "/\\\""))
		manage_refuse(&m->x, 422, "name must have 200 bytes at most, and no slash or quote");
	else if (asset_type(&rq->arena, kind, data, rq->body.len, *rq->media_type ? rq->media_type : NULL,
			 &type, &err) == -1)
		manage_fail(m, &err);
	else
		return json_pack("{s:s, s:s, s:s}", "type", type, "name", name, "data",
			asset_base64(&rq->arena, data, rq->body.len));
	return NULL;
}

static void put_asset(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct change_report report = {0};
	struct change change;
	enum asset_kind kind;
	json_t *body;

	if (!find_kind(m, &kind) || !(body = read_asset(m, kind)))
		return;
	change = configure_change(m, CHANGE_PUT, body);
	if (configure_run(m, &change, 1, &report))
		manage_send_json(m, 200,
			json_pack("{s:s, s:O, s:O, s:I}", "kind", asset_names[kind], "type",
				json_object_get(body, "type"), "name", json_object_get(body, "name"), "size",
				(json_int_t)x->rq->body.len));
	change_report_free(&report);
	json_decref(body);
}

#define ASSETS "v1/tenants/{tenant}/assets"
static const struct endpoint rows[] = {
	ROW(ASSETS, ON_GET_HEAD, MAY_READ, ROW_OF_TENANT, "List a tenant's branding", get_assets, ),
	ROW(ASSETS "/{kind}", ON_GET_HEAD, MAY_READ, ROW_OF_TENANT,
		"Read the bytes of a tenant's slide, logo or css", get_asset, .answer = "*/*"),
	{ASSETS "/{kind}", ON_PUT, BODY_MAX, ROW_OF_TENANT | ROW_DRY,
		&(const struct manage_route){.permission = MAY_CONFIGURE,
			.summary = "Put a tenant's slide, logo or css",
			.query = "name",
			.body = "*/*",
			.object = &state_asset},
		0, put_asset},
	ROW(ASSETS "/{kind}", ON_DELETE, MAY_CONFIGURE, ROW_OF_TENANT | ROW_DRY,
		"Remove a tenant's slide, logo or css", configure_delete, .object = &state_asset),
};
MANAGE_ROWS(assets_rows, rows);
