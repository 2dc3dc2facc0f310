/* SPDX-License-Identifier: ISC */
/* Files of a presentation: read by ranges out of the one archive that the recording arrived as. */
#include "config.h"
#include "recordings.h"

#include "presentation/file.h"

#include <stdio.h>
#include <string.h>

/* Of a part at most: a browser that plays asks for the rest of a file, and again for what it did not get
 * (RFC 9110, 15.3.7); who watches slowly keeps no worker for a whole film. */
#define PART_MAX (8 << 20)

/* Written by people in a meeting, or by who can send archives: nothing of it runs or loads anything. */
#define FILE_POLICY "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"

static const char *mime_of(struct arena *a, const struct pres_file *file)
{
	return strncmp(file->mime, "text/", 5) == 0 ? arena_printf(a, "%s; charset=utf-8", file->mime)
						    : file->mime;
}

/* Headers of every answer; the first is the range's. */
static bool begin(
	struct delivery *d, const struct pres_file *kind, const struct range_answer *answer, long long size)
{
	bool whole = answer->status == 200 || answer->status == 206;
	struct arena *a = &d->x.rq->arena;
	const struct response_header headers[] = {
		{"Content-Range", delivery_content_range(d, answer, size)},
		{"Accept-Ranges", "bytes"},
		{"ETag", d->etag},
		{"Last-Modified", d->modified},
		/* What is unpublished must be gone from browsers too: they ask each time. */
		{"Cache-Control", "private, no-cache"},
		{"Content-Security-Policy", FILE_POLICY},
		{"X-Content-Type-Options", "nosniff"},
		/* Platforms show these in their lists. */
		{"Cross-Origin-Resource-Policy",
			kind->kind == PRES_FILE_THUMB ? "cross-origin" : "same-origin"},
		{NULL, NULL},
	};

	return response_begin(
		d->x.rq, answer->status, whole ? mime_of(a, kind) : NULL, headers, answer->length);
}

static void deliver(struct delivery *d, const struct pres_file *kind, const struct player_file *file)
{
	struct range_answer answer = delivery_evaluate(d, file->modified, file->size);
	struct store_reader *reader;
	struct err err = {0};

	if (answer.status == 206 && answer.length > PART_MAX)
		answer.length = PART_MAX;
	if (d->x.rq->method != METHOD_GET || (answer.status != 200 && answer.status != 206)) {
		(void)!begin(d, kind, &answer, file->size);
		return;
	}
	reader = store_reader_open(
		d->service->store, file->key, file->at + answer.offset, answer.length, &err);
	if (!reader) {
		delivery_fail(d, &err);
		return;
	}
	if (begin(d, kind, &answer, file->size))
		delivery_stream(d, reader, answer.length);
	else
		store_reader_close(reader);
}

void recordings_send_file(struct exchange *x)
{
	struct delivery *d = (struct delivery *)x;
	const struct pres_file *kind = d->name ? pres_file_of(d->name) : NULL;
	struct player_file file;
	struct err err = {0};

	if (!kind || kind->kind == PRES_FILE_DATA) {
		endpoint_refuse(x, 404, "no such file");
		return;
	}
	if (!delivery_nonce(d, x->values[0]))
		return;
	if (player_find_file(d->service->db, &x->rq->arena, x->values[0], d->name, &file, &err) == -1) {
		delivery_fail(d, &err);
		return;
	}
	d->file.set_id = file.set_id;
	d->file.tenant = file.tenant;
	snprintf(d->etag, sizeof(d->etag), "\"%.16s-%llx\"", file.key, (unsigned long long)file.at);
	http_date_write(file.modified, d->modified);
	deliver(d, kind, &file);
}
