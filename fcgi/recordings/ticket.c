/* SPDX-License-Identifier: ISC */
/* The address of a protected recording: opens it once, and leads to where it is watched. */
#include "config.h"
#include "recordings.h"

#include "core/recording_ticket.h"

static const char CLOSED[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\"><title>Recording</title>\n"
	"<p>This address has run out, or was used already. Please open the recording anew from your "
	"course.</p></html>\n";

/* Without what a ticket opens, people are told what to do. */
static void send_closed(struct exchange *x)
{
	const struct response_header headers[] = {
		{"Content-Security-Policy",
			arena_printf(&x->rq->arena, "default-src 'none'; frame-ancestors %s",
				((struct delivery *)x)->service->conf->player_frames)},
		{"Referrer-Policy", "no-referrer"},
		{NULL, NULL},
	};

	response_send(x->rq, 404, "text/html; charset=utf-8", headers, CLOSED, sizeof(CLOSED) - 1);
}

void recordings_open(struct exchange *x)
{
	struct delivery *d = (struct delivery *)x;
	struct arena *a = &x->rq->arena;
	bool use = x->rq->method == METHOD_GET;
	struct response_header headers[] = {
		{"Location", NULL},
		{"Cache-Control", "no-store"},
		{"Referrer-Policy", "no-referrer"},
		{NULL, NULL},
	};
	struct ticket_opened opened;
	struct err err = {0};
	int rc;

	if (!delivery_nonce(d, x->values[0]))
		return;
	rc = ticket_open(d->service->db, a, x->values[0], x->values[1], use, &opened, &err);
	d->file.set_id = rc == 0 || err.kind == ERR_CONFLICT ? opened.set_id : 0;
	d->file.tenant = opened.tenant;
	if (rc == -1 && err.kind == ERR_CONFLICT) {
		send_closed(x);
		return;
	}
	if (rc == -1) {
		delivery_fail(d, &err);
		return;
	}
	/* Scanners of links look at them by HEAD: that uses up nothing, and leads nowhere. */
	if (use)
		headers[0].value = arena_printf(a, "/b3lb/%s/%s%s", opened.player ? "p" : "r",
			opened.path_part, opened.player ? "/" : "");
	response_send(x->rq, use ? 302 : 200, NULL, headers, NULL, 0);
}
