/* SPDX-License-Identifier: ISC */
/* b3lb-recordings: what its parts share. */
#ifndef B3LB_RECORDINGS_H
#define B3LB_RECORDINGS_H

#include "http/date.h"
#include "http/endpoint.h"
#include "http/range.h"
#include "core/recording.h"
#include "core/recording_player.h"
#include "run/server.h"
#include "store/store.h"

/* A request and what it is about; set_id of the file is 0 until that is known. */
struct delivery {
	struct exchange x;
	const struct service *service;
	struct recording_file file;
	const char *name; /* of a file of a presentation: what stands behind /f/ */
	char etag[STORE_KEY_LEN + 24], modified[HTTP_DATE_SIZE];
	const char *disposition;
};

/* main.c */
/* False when the request is answered: what stands for the nonce is none as the database makes it. */
bool delivery_nonce(struct delivery *d, const char *nonce) b3lb_nonnull b3lb_mustcheck;
/* What is asked for of a file with d->etag. */
struct range_answer delivery_evaluate(
	const struct delivery *d, long long modified, long long size) b3lb_nonnull;
/* Content-Range of the answer, the arena's; NULL: it has none. */
const char *delivery_content_range(
	struct delivery *d, const struct range_answer *answer, long long size) b3lb_nonnull;
/* Answers for an error of a lower layer: 404, 503 or 500. */
void delivery_fail(struct delivery *d, const struct err *err) b3lb_nonnull;
/* Sends the bytes behind a head that was sent, at the pace of the viewer, and closes the reader: also when the handler
 * has returned. */
void delivery_stream(struct delivery *d, struct store_reader *reader, long long length) b3lb_nonnull;

/* Handlers; each sends the one answer. */
/* video.c */
void recordings_send_video(struct exchange *x) b3lb_nonnull;
/* file.c: a file of a presentation, out of the archive */
void recordings_send_file(struct exchange *x) b3lb_nonnull;
/* player.c */
void recordings_send_page(struct exchange *x) b3lb_nonnull;
void recordings_send_slash(
	struct exchange *x) b3lb_nonnull; /* the page's address without the slash at its end */
void recordings_send_timeline(struct exchange *x) b3lb_nonnull;
void recordings_send_old(struct exchange *x) b3lb_nonnull; /* links to a BigBlueButton server's own player */
void recordings_send_asset(struct exchange *x) b3lb_nonnull;
/* ticket.c */
void recordings_open(struct exchange *x) b3lb_nonnull;

/* page.c: what browsers load, read once from where it is installed */
struct page_asset {
	const char *name, *mime;
	char *data; /* NULL: it could not be read */
	size_t len;
};
/* NULL: there is none of that name. Any thread. */
const struct page_asset *page_asset(const char *name) b3lb_nonnull;
/* Changes with the bytes of any of them. Any thread. */
const char *page_version(void);
/* The page of a recording; false when it is not installed. Any thread. */
bool page_write(const struct player *player, struct buf *out) b3lb_nonnull;

#endif
