/* SPDX-License-Identifier: ISC */
/* b3lb-recordings: sends the videos and text tracks of published recordings, whole or by ranges. */
#include "config.h"
#include "http_date.h"
#include "log.h"
#include "query.h"
#include "range.h"
#include "recording.h"
#include "response.h"
#include "route.h"
#include "server.h"
#include "store.h"

#include <stdio.h>
#include <string.h>

#define CHUNK		(64 * 1024)
#define PRESIGN_SECONDS 300

static struct store *the_store; /* of the process; set before threads start */

struct delivery {
	const struct service *service;
	struct request *rq;
	struct store *store;
	struct recording_file file;
	char etag[STORE_KEY_LEN + 3], modified[HTTP_DATE_SIZE];
	const char *disposition;
};

static void fail(struct request *rq, const struct err *err)
{
	static const struct response_header retry[] = {{"Retry-After", "5"}, {NULL, NULL}};

	if (err->kind == ERR_NOT_FOUND) {
		response_send_text(rq, 404, "no such recording");
		return;
	}
	log_msg(LOG_LEVEL_ERROR, "failure", "request %s: %s", rq->id, err->text);
	response_send(rq, err->kind == ERR_AWAY ? 503 : 500, "text/plain; charset=utf-8",
		err->kind == ERR_AWAY ? retry : NULL, "not available\n", 14);
}

static void copy(struct delivery *d, struct store_reader *reader)
{
	char chunk[CHUNK];
	struct err err = {0};
	ssize_t n;

	while ((n = store_reader_read(reader, chunk, sizeof(chunk), &err)) > 0)
		if (!response_write(d->rq, chunk, (size_t)n))
			return; /* the viewer went away */
	/* The head has gone out: a short body is all that can still say it. */
	if (n < 0)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: %s", d->rq->id, err.text);
}

static void send_bytes(struct delivery *d, const struct range_answer *answer)
{
	char content_range[80] = "";
	const struct response_header headers[] = {
		{"Content-Range", answer->status == 206 || answer->status == 416 ? content_range : NULL},
		{"Accept-Ranges", "bytes"},
		{"ETag", d->etag},
		{"Last-Modified", d->modified},
		{"Cache-Control", "private, no-cache"},
		{"Content-Disposition", d->disposition},
		{"X-Content-Type-Options", "nosniff"},
		{NULL, NULL},
	};
	struct store_reader *reader = NULL;
	struct err err = {0};

	if (answer->status == 206)
		snprintf(content_range, sizeof(content_range), "bytes %lld-%lld/%lld", answer->offset,
			answer->offset + answer->length - 1, d->file.size);
	else if (answer->status == 416)
		snprintf(content_range, sizeof(content_range), "bytes */%lld", d->file.size);
	if (answer->status != 200 && answer->status != 206) {
		response_send(d->rq, answer->status, NULL, headers, NULL, 0);
		return;
	}
	if (d->rq->method != METHOD_HEAD && answer->length > 0) {
		reader = store_reader_open(d->store, d->file.key, answer->offset, answer->length, &err);
		if (!reader) {
			fail(d->rq, &err);
			return;
		}
	}
	if (response_begin(d->rq, answer->status, d->file.mime, headers, answer->length) && reader)
		copy(d, reader);
	store_reader_close(reader);
}

/* The web server sends the file, and does ranges and conditions with our tag and date (fastcgi-practice:
 * X-Sendfile). */
static void send_by_server(struct delivery *d, const char *path)
{
	const struct response_header headers[] = {
		{"X-Sendfile", path},
		{"ETag", d->etag},
		{"Last-Modified", d->modified},
		{"Cache-Control", "private, no-cache"},
		{"Content-Disposition", d->disposition},
		{"X-Content-Type-Options", "nosniff"},
		{NULL, NULL},
	};
	struct store_object object;
	struct err err = {0};

	if (store_stat(d->store, d->file.key, &object, &err) == -1)
		fail(d->rq, &err);
	else if (!response_begin(d->rq, 200, d->file.mime, headers, -1))
		log_msg(LOG_LEVEL_DEBUG, "gone", "request %s: nobody waits for it any more", d->rq->id);
}

static void send_to_store(struct delivery *d)
{
	struct buf url = BUF_INIT;
	struct err err = {0};

	if (store_presign(d->store, d->file.key, PRESIGN_SECONDS, d->file.mime, d->disposition, &url, &err) ==
		-1) {
		fail(d->rq, &err);
	} else {
		const struct response_header headers[] = {{"Location", buf_str(&url)}, {NULL, NULL}};

		response_send(d->rq, 302, NULL, headers, NULL, 0);
	}
	buf_free(&url);
}

static void deliver(struct delivery *d)
{
	const struct conf *conf = d->service->conf;
	const struct range_file file = {d->etag, d->file.modified, d->file.size};
	const struct range_request asked = {
		.if_match = request_env(d->rq, "HTTP_IF_MATCH"),
		.if_unmodified_since = request_env(d->rq, "HTTP_IF_UNMODIFIED_SINCE"),
		.if_none_match = request_env(d->rq, "HTTP_IF_NONE_MATCH"),
		.if_modified_since = request_env(d->rq, "HTTP_IF_MODIFIED_SINCE"),
		.range = request_env(d->rq, "HTTP_RANGE"),
		.if_range = request_env(d->rq, "HTTP_IF_RANGE"),
		.get = d->rq->method == METHOD_GET,
	};
	const char *path = store_path(d->store, &d->rq->arena, d->file.key);
	struct range_answer answer;

	if (path && conf->sendfile == CONF_SENDFILE_X) {
		send_by_server(d, path);
	} else if (!path && conf->s3_delivery == CONF_DELIVERY_REDIRECT) {
		send_to_store(d);
	} else {
		range_evaluate(&asked, &file, &answer);
		send_bytes(d, &answer);
	}
}

/* A nonce as the database makes it; what is none is not looked up. */
static bool nonce_is_sound(const char *nonce)
{
	size_t len = strlen(nonce);

	return len >= 32 && len <= 36 && !nonce[strspn(nonce, "0123456789abcdef-")];
}

static void dispatch(const struct service *service, struct request *rq)
{
	static const struct response_header allow[] = {{"Allow", "GET, HEAD"}, {NULL, NULL}};
	struct delivery d = {.service = service, .rq = rq, .store = the_store};
	const char *download;
	struct query query = {0};
	struct err err = {0};
	struct route route;

	route_parse(service->conf->api_base_domain, rq->host, rq->path, &route);
	if (rq->method != METHOD_GET && rq->method != METHOD_HEAD) {
		response_send(rq, 405, "text/plain; charset=utf-8", allow, "wrong method\n", 13);
		return;
	}
	if (route.kind != ROUTE_RECORDING || !nonce_is_sound(route.rest)) {
		response_send_text(rq, 404, "no such recording");
		return;
	}
	if (recording_find_file(service->db, &rq->arena, route.rest, &d.file, &err) == -1) {
		fail(rq, &err);
		return;
	}
	if (query_parse(&rq->arena, rq->query, strlen(rq->query), &query, &err) == -1)
		query = (struct query){0};
	download = query_get(&query, "download");
	snprintf(d.etag, sizeof(d.etag), "\"%.*s\"", STORE_KEY_LEN, d.file.key);
	http_date_write(d.file.modified, d.modified);
	d.disposition = range_disposition(
		&rq->arena, download ? strcmp(download, "1") == 0 : d.file.download, d.file.name);
	deliver(&d);
}

static void handle(const struct service *service, struct request *rq)
{
	struct log_line l;

	dispatch(service, rq);
	log_begin(&l, LOG_LEVEL_INFO, "request");
	log_str(&l, "id", rq->id);
	log_int(&l, "status", rq->status);
	log_int(&l, "bytes", rq->sent);
	log_end(&l);
}

/* Before threads: opening it initialises libcurl. */
static void begin(const struct service *service)
{
	the_store = store_open(service->conf);
}

static void after(const struct service *service, bool last)
{
	(void)service;
	if (last)
		store_close(the_store);
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-recordings",
		.purpose = "sends the files of published recordings",
		.begin = begin,
		.handle = handle,
		.after = after,
	};

	return server_main(&app, argc, argv);
}
