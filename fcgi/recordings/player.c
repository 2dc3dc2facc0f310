/* SPDX-License-Identifier: ISC */
/* The player: its page for a recording, the data that it shows, the files that it is made of, and old links to it. */
#include "config.h"
#include "recordings.h"

#include "http/query.h"

#include <stdio.h>
#include <string.h>

static const char HTML[] = "text/html; charset=utf-8";

/* What the page may do: nothing but what is its own. Platforms show it in frames: player_frames. */
#define PAGE_POLICY                                                                                          \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "  \
	"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors %s"

/* False when the request is answered. */
static bool find(struct delivery *d, struct player *player)
{
	struct err err = {0};

	if (!delivery_nonce(d, d->x.values[0]))
		return false;
	if (player_find(d->service->db, &d->x.rq->arena, d->x.values[0], player, &err) == -1) {
		delivery_fail(d, &err);
		return false;
	}
	d->file.set_id = player->set_id;
	d->file.tenant = player->tenant;
	return true;
}

void recordings_send_page(struct exchange *x)
{
	struct delivery *d = (struct delivery *)x;
	const struct response_header headers[] = {
		{"Content-Security-Policy",
			arena_printf(&x->rq->arena, PAGE_POLICY, d->service->conf->player_frames)},
		{"Referrer-Policy", "no-referrer"},
		{"X-Content-Type-Options", "nosniff"},
		/* What is unpublished must be gone from browsers too: they ask each time. */
		{"Cache-Control", "private, no-cache"},
		{NULL, NULL},
	};
	struct buf page = BUF_INIT;
	struct player player;

	if (!find(d, &player))
		return;
	if (page_write(&player, &page))
		response_send(x->rq, 200, HTML, headers, page.ptr, page.len);
	else
		endpoint_refuse(x, 500, "the player is not installed");
	buf_free(&page);
}

void recordings_send_slash(struct exchange *x)
{
	struct delivery *d = (struct delivery *)x;
	const char *query = x->rq->query;
	struct response_header headers[] = {{"Location", NULL}, {NULL, NULL}};

	if (!delivery_nonce(d, x->values[0]))
		return;
	headers[0].value =
		arena_printf(&x->rq->arena, "/b3lb/p/%s/%s%s", x->values[0], *query ? "?" : "", query);
	response_send(x->rq, 302, NULL, headers, NULL, 0);
}

void recordings_send_timeline(struct exchange *x)
{
	struct delivery *d = (struct delivery *)x;
	struct store_reader *reader;
	struct player player;
	struct err err = {0};

	if (!find(d, &player))
		return;
	snprintf(d->etag, sizeof(d->etag), "\"%.16s\"", player.key);
	const struct response_header headers[] = {
		{"ETag", d->etag},
		{"Cache-Control", "private, no-cache"},
		{"Content-Encoding", "gzip"},
		{"X-Content-Type-Options", "nosniff"},
		{NULL, NULL},
	};

	if (delivery_evaluate(d, player.modified, player.size).status == 304) {
		response_send(x->rq, 304, NULL, headers, NULL, 0);
		return;
	}
	reader = store_reader_open(d->service->store, player.key, 0, player.size, &err);
	if (!reader) {
		delivery_fail(d, &err);
		return;
	}
	if (response_begin(x->rq, 200, "application/json", headers, player.size) &&
		x->rq->method == METHOD_GET)
		delivery_stream(d, reader, player.size);
	else
		store_reader_close(reader);
}

/* .../2.3/RECORDID, and .../2.0/playback.html?meetingId=RECORDID: the query stays, it may say from when on. */
void recordings_send_old(struct exchange *x)
{
	struct delivery *d = (struct delivery *)x;
	struct arena *a = &x->rq->arena;
	const char *record_id = x->values[1], *rest = x->rq->query, *nonce = NULL;
	struct response_header headers[] = {{"Location", NULL}, {NULL, NULL}};
	struct query query = {0};
	struct err err = {0};

	if (strcmp(record_id, "playback.html") == 0) {
		if (query_parse(a, x->rq->query, strlen(x->rq->query), &query, &err) == -1)
			query = (struct query){0};
		record_id = query_get_filled(&query, "meetingId");
		rest = query_get_filled(&query, "t");
		rest = rest && !rest[strspn(rest, "0123456789hms:.")] ? arena_printf(a, "t=%s", rest) : "";
	}
	err = (struct err){0};
	if (!record_id) {
		endpoint_refuse(x, 404, "no such recording");
		return;
	}
	if (player_find_recording(d->service->db, a, record_id, &nonce, &err) == -1) {
		delivery_fail(d, &err);
		return;
	}
	headers[0].value = arena_printf(a, "/b3lb/p/%s/%s%s", nonce, *rest ? "?" : "", rest);
	response_send(x->rq, 302, NULL, headers, NULL, 0);
}

void recordings_send_asset(struct exchange *x)
{
	bool current = strcmp(x->values[0], page_version()) == 0;
	const struct page_asset *asset = page_asset(x->values[1]);
	const struct response_header headers[] = {
		/* An older page's, while hosts are upgraded: what it gets is not to be kept for it. */
		{"Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache"},
		{"X-Content-Type-Options", "nosniff"},
		{NULL, NULL},
	};

	if (asset)
		response_send(x->rq, 200, asset->mime, headers, asset->data, asset->len);
	else
		endpoint_refuse(x, 404, "no such file");
}
