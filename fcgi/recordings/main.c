/* SPDX-License-Identifier: ISC */
/* b3lb-recordings: sends the files of published recordings, and the player with what it shows. */
#include "config.h"
#include "recordings.h"

#include <string.h>

/* Of the path of a presentation's file; what follows is its name. */
#define FILES  "/f/"
#define PLAYER "/b3lb/p/"

bool delivery_nonce(struct delivery *d, const char *nonce)
{
	size_t len = strlen(nonce);

	/* What is none is not looked up. */
	if (len >= 32 && len <= 36 && !nonce[strspn(nonce, "0123456789abcdef-")])
		return true;
	endpoint_refuse(&d->x, 404, "no such recording");
	return false;
}

void delivery_fail(struct delivery *d, const struct err *err)
{
	if (err->kind != ERR_NOT_FOUND) {
		endpoint_fail(&d->x, err);
		return;
	}
	/* A row that points to a file that is gone is worth a line; one that never was is not. */
	if (d->file.set_id)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s, recording %lld: %s", d->x.rq->id,
			d->file.set_id, err->text);
	endpoint_refuse(&d->x, 404, "no such recording");
}

struct range_answer delivery_evaluate(const struct delivery *d, long long modified, long long size)
{
	const struct range_file file = {d->etag, modified, size};
	const struct range_request asked = {
		.if_match = request_env(d->x.rq, "HTTP_IF_MATCH"),
		.if_unmodified_since = request_env(d->x.rq, "HTTP_IF_UNMODIFIED_SINCE"),
		.if_none_match = request_env(d->x.rq, "HTTP_IF_NONE_MATCH"),
		.if_modified_since = request_env(d->x.rq, "HTTP_IF_MODIFIED_SINCE"),
		.range = request_env(d->x.rq, "HTTP_RANGE"),
		.if_range = request_env(d->x.rq, "HTTP_IF_RANGE"),
		.get = d->x.rq->method == METHOD_GET,
	};
	struct range_answer answer;

	range_evaluate(&asked, &file, &answer);
	return answer;
}

const char *delivery_content_range(struct delivery *d, const struct range_answer *answer, long long size)
{
	struct arena *a = &d->x.rq->arena;

	if (answer->status == 206)
		return arena_printf(
			a, "bytes %lld-%lld/%lld", answer->offset, answer->offset + answer->length - 1, size);
	return answer->status == 416 ? arena_printf(a, "bytes */%lld", size) : NULL;
}

static ssize_t read_source(void *reader, void *data, size_t size, struct err *err)
{
	return store_reader_read(reader, data, size, err);
}

static void close_source(void *reader)
{
	store_reader_close(reader);
}

void delivery_stream(struct delivery *d, struct store_reader *reader, long long length)
{
	const struct io_source source = {.read = read_source, .close = close_source, .ctx = reader};

	response_stream(d->x.rq, &source, length);
}

/* Not the path: who knows it has the recording. */
static void describe(const struct exchange *x, struct log_line *l)
{
	const struct delivery *d = (const struct delivery *)x;

	log_str(l, "tenant", d->file.tenant);
	if (d->file.set_id)
		log_int(l, "recording", d->file.set_id);
}

static const struct endpoint rows[] = {
	{"/b3lb/r/{nonce}", ON_GET_HEAD, .handle = recordings_send_video},
	{"/b3lb/p/{nonce}", ON_GET_HEAD, .handle = recordings_send_slash},
	{"/b3lb/p/{nonce}/", ON_GET_HEAD, .handle = recordings_send_page},
	{"/b3lb/p/{nonce}/timeline.json", ON_GET_HEAD, .handle = recordings_send_timeline},
	{"/b3lb/p/{nonce}/r/{file}", ON_GET_HEAD, .handle = recordings_send_video},
	{"/b3lb/p/{nonce}/f", ON_GET_HEAD, .handle = recordings_send_file},
	{"/b3lb/v/{nonce}/{ticket}", ON_GET_HEAD, .handle = recordings_open},
	{"/b3lb/player/{version}/{name}", ON_GET_HEAD, .handle = recordings_send_asset},
	{"/playback/presentation/{version}/{record}", ON_GET_HEAD, .handle = recordings_send_old},
	{"/playback/presentation/{version}/{record}/", ON_GET_HEAD, .handle = recordings_send_old},
};
static const struct endpoint_table table = {
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.describe = describe,
};

static void handle(const struct service *service, struct request *rq, int refused, const struct err *why)
{
	struct delivery d = {.x.rq = rq, .service = service};
	const char *path = rq->path, *files;

	/* A name has as many segments as it likes, a row has not. */
	files = strncmp(path, PLAYER, strlen(PLAYER)) == 0 ? strstr(path, FILES) : NULL;
	if (files) {
		d.name = files + strlen(FILES);
		path = arena_strndup(&rq->arena, path, (size_t)(d.name - path) - 1);
	}
	endpoint_run(&d.x, &table, path, refused, why);
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-recordings",
		.purpose = "sends the files of published recordings, and the player",
		.handle = handle,
	};

	return server_main(&app, argc, argv);
}
