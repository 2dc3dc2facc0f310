/* SPDX-License-Identifier: ISC */
/* getRecordingTextTracks and putRecordingTextTrack, answered in JSON as bbb-web does (doc/bbb-api, 1.10). */
#include "config.h"
#include "calls.h"

#include "base/log.h"
#include "http/multipart.h"
#include "bbb/subtitle.h"
#include "core/recording.h"
#include "core/recording_archive.h"
#include "store/store.h"

#include <ctype.h>
#include <string.h>

/* Of a body with a track: the other fields of the form, and their heads, too. */
#define TRACK_FORM_MAX (SUBTITLE_BYTES_MAX + (64u << 10))

static void send_answer(
	struct api *api, const char *code, const char *key, const char *message, const char *what)
{
	const char *id = query_get(&api->query, "recordID");
	struct buf json = BUF_INIT;

	buf_printf(&json, "{\"response\":{\"returncode\":\"%s\",\"messageKey\":\"%s\",\"message\":\"", code,
		key);
	buf_json(&json, message);
	buf_json(&json, what);
	if (strcmp(code, "SUCCESS") == 0) {
		buf_puts(&json, "\",\"recordId\":\"");
		buf_json(&json, id);
	} else {
		api->x.error = key;
	}
	buf_puts(&json, "\"}}");
	api_send_json(api, json.ptr, json.len);
	buf_free(&json);
}

static void send_no_recording(struct api *api)
{
	send_answer(api, "FAILED", "noRecordings", "No recording was found for ",
		query_get(&api->query, "recordID"));
}

void api_get_text_tracks(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct arena *a = &api->x.rq->arena;
	const char *tracks = NULL;
	struct buf json = BUF_INIT;
	struct err err = {0};

	if (recording_list_tracks(api->service->db, a, recording_owner_of(&api->tenant),
		    query_get(&api->query, "recordID"), conf_public_url(api->service->conf, a), &tracks,
		    &err) == 0) {
		buf_printf(&json, "{\"response\":{\"returncode\":\"SUCCESS\",\"tracks\":%s}}", tracks);
		api_send_json(api, json.ptr, json.len);
	} else if (err.kind == ERR_NOT_FOUND) {
		send_no_recording(api);
	} else {
		api_fail_err(api, &err);
	}
	buf_free(&json);
}

/* In short what RFC 5646 allows: parts of letters and digits of up to eight, the first of letters. */
static bool is_language(const char *s)
{
	size_t part = 0;

	if (!isalpha((unsigned char)*s) || strlen(s) < 2 || strlen(s) > 64)
		return false;
	for (; *s; s++) {
		part = *s == '-' ? 0 : part + 1;
		if ((*s != '-' && !isalnum((unsigned char)*s)) || part > 8 ||
			(*s == '-' && (!s[1] || s[1] == '-')))
			return false;
	}
	return true;
}

/* en_US is meant as en-US, as BigBlueButton reads it. NULL: there is none. */
static const char *language_of(struct api *api)
{
	const char *given = query_get_filled(&api->query, "lang");
	char *lang = given ? arena_strdup(&api->x.rq->arena, given) : NULL;

	for (char *c = lang; c && *c; c++)
		*c = *c == '_' ? '-' : *c;
	return lang;
}

/* False when the request is answered. */
static bool check_track(struct api *api)
{
	static const char *const needed[] = {"recordID", "kind", "lang"};
	const char *kind = query_get_filled(&api->query, "kind"), *lang = language_of(api);
	struct err err = {0};
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (!query_get_filled(&api->query, needed[i])) {
			send_answer(api, "FAILED", "paramError", "Missing param ",
				arena_printf(&api->x.rq->arena, "%s.", needed[i]));
			return false;
		}
	}
	if (recording_exists(api->service->db, recording_owner_of(&api->tenant),
		    query_get(&api->query, "recordID"), &found, &err) == -1)
		api_fail_err(api, &err);
	else if (!found)
		send_no_recording(api);
	else if (strcmp(kind, "subtitles") != 0 && strcmp(kind, "captions") != 0)
		send_answer(api, "FAILED", "invalidKind",
			"Invalid kind parameter, expected='subtitles|captions' actual=", kind);
	else if (!is_language(lang))
		send_answer(api, "FAILED", "invalidLang",
			"Malformed lang param, received=", query_get(&api->query, "lang"));
	else
		return true;
	return false;
}

static size_t read_body(void *ctx, void *data, size_t len, bool *ok)
{
	return request_read(ctx, data, len, ok);
}

/* Reads the field `file` whole: 1 there is one, 0 there is none, -1 with err. */
static int read_file(struct api *api, struct buf *file, struct err *err)
{
	struct multipart *m =
		multipart_open(request_env(api->x.rq, "CONTENT_TYPE"), read_body, api->x.rq, err);
	struct multipart_field field;
	char chunk[16384];
	ssize_t n = -1;
	int rc = m ? 0 : -1;

	buf_init_max(file, SUBTITLE_BYTES_MAX);
	if (api->x.rq->collect_status == 413)
		file->failed = true;
	while (m && (rc = multipart_next(m, &field, err)) == 1) {
		if (strcmp(field.name, "file") != 0)
			continue;
		while ((n = multipart_read(m, chunk, sizeof(chunk), err)) > 0 && !file->failed)
			buf_add(file, chunk, (size_t)n);
		rc = n < 0 ? -1 : 1;
		break;
	}
	if (file->failed)
		rc = err_set(err, ERR_LIMIT, "the file is longer than %u bytes", SUBTITLE_BYTES_MAX);
	multipart_close(m);
	return rc;
}

/* The bytes first, then the row: a row never points to what is not there. */
static int keep(struct api *api, const struct buf *file, struct err *err)
{
	struct store *store = api->service->store;
	char key[STORE_KEY_LEN + 1];
	struct recording_track track = {
		.kind = query_get(&api->query, "kind"),
		.lang = language_of(api),
		.label = query_get(&api->query, "label") ? query_get(&api->query, "label") : "",
		.key = key,
		.size = (long long)file->len,
	};
	const char *old = NULL;
	struct store_put *put;
	struct err ignored = {0};
	int rc = -1;

	if (recording_archive_room(api->service->conf, api->service->db, store, track.size, err) == -1) {
		/* How much is left is not the client's business. */
		log_msg(LOG_LEVEL_ERROR, "full", "request %s: %s", api->x.rq->id, err->text);
		return err->kind == ERR_LIMIT ? err_set(err, ERR_LIMIT, "there is no room for it") : -1;
	}
	store_key_make(key);
	put = store_put_begin(store, key, "text/vtt", err);
	if (put && store_put_write(put, file->ptr, file->len, err) == -1) {
		store_put_abort(put);
	} else if (put && store_put_commit(put, err) == 0) {
		rc = recording_put_track(api->service->db, &api->x.rq->arena,
			recording_owner_of(&api->tenant), query_get(&api->query, "recordID"), &track, &old,
			err);
		/* Refused: the new one goes, not the old one. */
		if (rc == -1 && (err->kind == ERR_LIMIT || err->kind == ERR_NOT_FOUND))
			old = key;
	}
	/* What is not deleted now is an orphan that the cleanup finds. */
	if (old && store_delete(store, old, &ignored) == -1)
		log_msg(LOG_LEVEL_WARNING, "orphan", "request %s: %s", api->x.rq->id, ignored.text);
	return rc;
}

void api_put_text_track(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct buf file = BUF_INIT, track = BUF_INIT;
	struct err err = {0};
	int rc;

	/* Who may send it is known, and no reason to wait for it: a tenant's slow tracks would hold every
	 * thread. */
	if (!check_track(api) || request_collect(api->x.rq, TRACK_FORM_MAX))
		return;
	rc = read_file(api, &file, &err);
	if (rc == 1 && file.len)
		rc = subtitle_convert(file.ptr, file.len, &track, &err) == -1 ? -1 : 1;
	if (rc == -1)
		send_answer(
			api, "FAILED", "upload_text_track_failed", "Text track upload failed: ", err.text);
	else if (rc == 0 || file.len == 0)
		send_answer(api, "FAILED", "empty_uploaded_text_track", "Empty uploaded text track.", "");
	else if (keep(api, &track, &err) == -1 && err.kind == ERR_LIMIT)
		send_answer(
			api, "FAILED", "upload_text_track_failed", "Text track upload failed: ", err.text);
	else if (err.kind)
		api_fail_err(api, &err);
	else
		send_answer(
			api, "SUCCESS", "upload_text_track_success", "Text track uploaded successfully", "");
	buf_free(&file);
	buf_free(&track);
}
