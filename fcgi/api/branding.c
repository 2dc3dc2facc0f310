/* SPDX-License-Identifier: ISC */
/* A tenant's logo, style sheet and default slide, put into create and join. */
#include "config.h"
#include "calls.h"

#include "bbb/modules.h"
#include "core/asset.h"
#include "http/response.h"

#include <openssl/evp.h>
#include <string.h>

/* A larger slide goes by URL: base64 makes a third more of it, and a node's front end takes a megabyte or
 * two. */
#define INLINE_MAX (768u * 1024)
/* Of the 8 KiB that a node takes: the rest is its address and what we add (client_params_send). */
#define URL_ROOM 6000

static const char *asset_url(struct api *api, enum asset_kind kind)
{
	struct arena *a = &api->x.rq->arena;

	return arena_printf(a, "%s/b3lb/t/%s/%s", conf_public_url(api->service->conf, a), api->tenant.slug,
		asset_names[kind]);
}

void api_brand_join(struct api *api)
{
	static const char param[] = "userdata-bbb_custom_style_url";

	if (asset_listed(api->tenant.assets, ASSET_CSS) && !query_get_filled(&api->query, param))
		query_set(&api->x.rq->arena, &api->query, param, asset_url(api, ASSET_CSS));
}

/* The client's own slides: preUploadedPresentation, or a presentation module in the body. What is no XML to us, as with a
 * DOCTYPE, goes by its text: the node will tell. */
static bool has_slides(const struct api *api)
{
	struct err err = {0};
	int found;

	if (query_get_filled(&api->query, "preUploadedPresentation"))
		return true;
	found = api->body ? modules_have_slides(api->body, api->body_len, &err) : 0;
	return found == -1 ? strstr(api->body, "<document") != NULL : found == 1;
}

static void write_base64(struct buf *out, const unsigned char *data, size_t len)
{
	unsigned char text[4 * 1024 + 1];

	for (size_t at = 0; at < len; at += 3 * 1024) {
		size_t part = len - at < 3 * 1024 ? len - at : 3 * 1024;
		int n = EVP_EncodeBlock(text, data + at, (int)part);

		buf_add(out, text, (size_t)n);
	}
}

static void write_module(struct api *api, const struct asset *slide, struct buf *out)
{
	buf_puts(out, "<module name=\"presentation\"><document ");
	if (slide->len <= INLINE_MAX) {
		buf_puts(out, "name=\"");
		buf_xml(out, slide->name);
		buf_puts(out, "\">");
		write_base64(out, slide->data, slide->len);
		buf_puts(out, "</document></module>");
	} else {
		buf_puts(out, "url=\"");
		buf_xml(out, asset_url(api, ASSET_SLIDE));
		buf_puts(out, "\" filename=\"");
		buf_xml(out, slide->name);
		buf_puts(out, "\"/></module>");
	}
}

/* In front of the modules that the client's body holds (settings, say), or as a body of its own. */
static void add_slide(struct api *api, const struct asset *slide)
{
	const char *modules = api->body ? strstr(api->body, "<modules>") : NULL;
	struct buf xml = BUF_INIT;

	if (api->body && !modules)
		return; /* no body that bbb-web would take slides from: it stays what it is */
	if (modules)
		buf_add(&xml, api->body, (size_t)(modules - api->body));
	else
		buf_puts(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	buf_puts(&xml, "<modules>");
	write_module(api, slide, &xml);
	buf_puts(&xml, modules ? modules + strlen("<modules>") : "</modules>");
	api->body_len = xml.len;
	if (api->form_body || (api->body && api->body != api->x.rq->body.ptr)) {
		/* Form or body are read once more when the tenant is another than the one we know. */
		api->body = arena_strndup(&api->x.rq->arena, xml.ptr, xml.len);
		buf_free(&xml);
		return;
	}
	/* The request's body is the one that is freed with it: no second copy stays. */
	buf_free(&api->x.rq->body);
	api->x.rq->body = xml;
	api->body = xml.ptr;
}

/* True when the node could not take the parameters beside a body: with one they stay in the URL. */
static bool fills_url(const struct api *api)
{
	struct buf text = BUF_INIT;
	bool fills;

	query_write(&api->query, &text);
	fills = text.len + (api->lrs ? strlen(api->lrs) * 2 : 0) > URL_ROOM;
	buf_free(&text);
	return fills;
}

int api_brand_create(struct api *api, struct err *err)
{
	struct asset slide;

	if (asset_listed(api->tenant.assets, ASSET_LOGO) && !query_get_filled(&api->query, "logo"))
		query_set(&api->x.rq->arena, &api->query, "logo", asset_url(api, ASSET_LOGO));
	if (!asset_listed(api->tenant.assets, ASSET_SLIDE) || has_slides(api))
		return 0;
	if (asset_read(api->service->db, &api->x.rq->arena, api->tenant.id, ASSET_SLIDE, &slide, err) == -1)
		/* Taken away a moment ago: then there is none. */
		return err->kind == ERR_NOT_FOUND ? 0 : -1;
	if (!api->body && fills_url(api)) {
		query_set(&api->x.rq->arena, &api->query, "preUploadedPresentation",
			asset_url(api, ASSET_SLIDE));
		query_set(&api->x.rq->arena, &api->query, "preUploadedPresentationName", slide.name);
		return 0;
	}
	add_slide(api, &slide);
	return 0;
}
