/* SPDX-License-Identifier: ISC */
/* Videos and text tracks of published recordings, whole or by ranges. */
#include "config.h"
#include "recordings.h"

#include "http/disposition.h"
#include "http/query.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PRESIGN_SECONDS 3600
#define PRESIGN_MAX	604800
/* Of what is protected: a player comes back for a new one. */
#define PRESIGN_PROTECTED 600

/* The head of every answer about a file, with one more header. length -1: not said. */
static bool begin_answer(
	struct delivery *d, int status, const char *name, const char *value, long long length)
{
	bool whole = status == 200 || status == 206;
	const struct response_header headers[] = {
		{name, value},
		{"Accept-Ranges", "bytes"},
		{"ETag", d->etag},
		{"Last-Modified", d->modified},
		/* What is unpublished must be gone from browsers too: they ask each time. */
		{"Cache-Control", "private, no-cache"},
		{"Content-Disposition", whole ? d->disposition : NULL},
		{"X-Content-Type-Options", "nosniff"},
		/* The URL is all that opens it: players of other sites may have it too, and need to for text
		 * tracks. */
		{"Access-Control-Allow-Origin", "*"},
		{"Cross-Origin-Resource-Policy", "cross-origin"},
		{NULL, NULL},
	};

	return response_begin(d->x.rq, status, whole ? d->file.mime : NULL, headers, length);
}

static void send_bytes(struct delivery *d, const struct range_answer *answer)
{
	struct err err = {0};
	struct store_reader *reader =
		store_reader_open(d->service->store, d->file.key, answer->offset, answer->length, &err);

	if (!reader) {
		delivery_fail(d, &err);
		return;
	}
	if (begin_answer(d, answer->status, "Content-Range", delivery_content_range(d, answer, d->file.size),
		    answer->length))
		delivery_stream(d, reader, answer->length);
	else
		store_reader_close(reader);
}

/* A head alone: for HEAD, or with the path that the web server sends, ranges included. Neither finds out
 * later that the file is gone. */
static void send_head(struct delivery *d, const char *path)
{
	struct store_object object;
	struct err err = {0};

	if (store_stat(d->service->store, d->file.key, &object, &err) == -1)
		delivery_fail(d, &err);
	else if (!begin_answer(d, 200, "X-Sendfile", path, path ? -1 : d->file.size))
		log_msg(LOG_LEVEL_DEBUG, "gone", "request %s: nobody waits for it any more", d->x.rq->id);
}

/* Players come back to such a URL for every part that they read: it lasts as long as watching may take. */
static void send_to_store(struct delivery *d)
{
	long long seconds = PRESIGN_SECONDS + 2 * d->file.duration_ms / 1000;
	struct buf url = BUF_INIT;
	struct store_object object;
	struct err err = {0};

	if (seconds > PRESIGN_MAX)
		seconds = PRESIGN_MAX;
	if (d->file.protected)
		seconds = PRESIGN_PROTECTED;
	if (store_stat(d->service->store, d->file.key, &object, &err) == -1 ||
		store_presign(d->service->store, d->file.key, (int)seconds, d->file.mime, d->disposition,
			&url, &err) == -1) {
		delivery_fail(d, &err);
	} else {
		const struct response_header headers[] = {{"Location", buf_str(&url)}, {NULL, NULL}};

		response_send(d->x.rq, 302, NULL, headers, NULL, 0);
	}
	buf_free(&url);
}

/* True when the web server is to send the file of that path. */
static bool web_server_sends(const struct delivery *d, const char *path)
{
	/* Its own variable, which no client can set: the directory that it sends from. */
	const char *from = request_env(d->x.rq, "B3LB_SENDFILE");
	enum conf_sendfile how = d->service->conf->sendfile;
	struct stat st;
	size_t len;

	/* Apache takes the path as it stands, lighttpd decodes it: only what both read alike. */
	if (how == CONF_SENDFILE_NONE || strchr(path, '%'))
		return false;
	if (how == CONF_SENDFILE_X)
		return true;
	len = from ? strlen(from) : 0;
	while (len && from[len - 1] == '/')
		len--;
	/* What was stored while nobody else was to read it is sent from here. */
	return len && strncmp(path, from, len) == 0 && path[len] == '/' && stat(path, &st) == 0 &&
	       st.st_mode & S_IROTH;
}

/* Conditions and ranges that come to nothing are answered here, whoever sends the bytes: web servers leave
 * headers out. */
static void deliver(struct delivery *d)
{
	const struct conf *conf = d->service->conf;
	bool get = d->x.rq->method == METHOD_GET;
	const char *path = store_path(d->service->store, &d->x.rq->arena, d->file.key);
	/* Pages of other origins may not read what the store sends: text tracks come from here. */
	bool redirect =
		!path && conf->s3_delivery == CONF_DELIVERY_REDIRECT && strcmp(d->file.extension, "vtt") != 0;
	struct range_answer answer = delivery_evaluate(d, d->file.modified, d->file.size);

	/* Below the player's page web servers send nothing themselves. */
	if (path && (d->x.values[1] || !web_server_sends(d, path)))
		path = NULL;
	if (answer.status != 200 && answer.status != 206)
		(void)!begin_answer(d, answer.status, "Content-Range",
			delivery_content_range(d, &answer, d->file.size), 0);
	else if (!get)
		send_head(d, NULL);
	else if (redirect)
		send_to_store(d);
	else if (path)
		send_head(d, path);
	else
		send_bytes(d, &answer);
}

void recordings_send_video(struct exchange *x)
{
	struct delivery *d = (struct delivery *)x;
	struct request *rq = x->rq;
	struct buf disposition = BUF_INIT;
	struct query query = {0};
	const char *download;
	struct err err = {0};

	if (!delivery_nonce(d, x->values[0]) || (x->values[1] && !delivery_nonce(d, x->values[1])))
		return;
	if (recording_find_file(d->service->db, &rq->arena, x->values[0], x->values[1], &d->file, &err) ==
		-1) {
		delivery_fail(d, &err);
		return;
	}
	if (query_parse(&rq->arena, rq->query, strlen(rq->query), &query, &err) == -1)
		query = (struct query){0};
	download = query_get(&query, "download");
	snprintf(d->etag, sizeof(d->etag), "\"%.16s\"", d->file.key);
	http_date_write(d->file.modified, d->modified);
	disposition_write(&disposition, download ? strcmp(download, "1") == 0 : d->file.download,
		d->file.name, d->file.extension);
	d->disposition = arena_strdup(&rq->arena, buf_str(&disposition));
	buf_free(&disposition);
	deliver(d);
}
