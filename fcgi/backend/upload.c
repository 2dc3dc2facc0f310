/* SPDX-License-Identifier: ISC */
/* recording/upload: a node sends the archive of a recording and its metadata, in any order. */
#include "config.h"
#include "backend.h"

#include "base/log.h"
#include "http/multipart.h"
#include "core/recording_archive.h"
#include "http/response.h"

#include <stddef.h>
#include <string.h>

#define MIB (1LL << 20)
/* Boundaries and heads around the two fields. */
#define FORM_MAX 65536
/* So often the disk is looked at while an archive arrives. */
#define ROOM_EVERY (4 * MIB)

struct upload {
	struct backend *b;
	struct multipart *form;
	struct recording_target target;
	struct recording_meta meta;
	struct recording_archive archive;
	long long room_at; /* bytes of the archive at which the disk is looked at again */
	bool has_meta, has_file;
	int status; /* to answer with when something failed; 0: by the error's kind */
};

static size_t read_body(void *ctx, void *data, size_t len, bool *ok)
{
	return request_read(ctx, data, len, ok);
}

/* The form as a tar's source. What is wrong with the form itself is the sender's fault. */
static ssize_t read_field(void *ctx, void *data, size_t size, struct err *err)
{
	struct upload *u = ctx;
	ssize_t n = multipart_read(u->form, data, size, err);

	if (n == -1)
		u->status = 400;
	return n;
}

/* The archive's field. Others arrive beside it, and its length may not be known: room is used up. */
static ssize_t read_file(void *ctx, void *data, size_t size, struct err *err)
{
	struct upload *u = ctx;
	const struct service *service = u->b->service;

	if (u->archive.size >= u->room_at) {
		u->room_at = u->archive.size + ROOM_EVERY;
		if (recording_archive_room(service->conf, service->db, service->store, 0, err) == -1)
			return -1;
	}
	return read_field(u, data, size, err);
}

static int take_meta(struct upload *u, struct err *err)
{
	struct buf text;
	char chunk[4096];
	ssize_t n;
	int rc = -1;

	buf_init_max(&text, RECORDING_META_BYTES_MAX + 1);
	while ((n = read_field(u, chunk, sizeof(chunk), err)) > 0)
		buf_add(&text, chunk, (size_t)n);
	if (n == 0 && text.failed)
		err_set(err, ERR_INVALID, "the metadata is longer than %u bytes", RECORDING_META_BYTES_MAX);
	else if (n == 0)
		rc = recording_meta_parse(&u->b->x.rq->arena, buf_str(&text), text.len, &u->meta, err);
	buf_free(&text);
	if (rc == 0 && u->meta.breakout) {
		u->status = 403;
		rc = err_set(err, ERR_INVALID, "recordings of breakout rooms are not taken");
	}
	return rc;
}

static int take_file(struct upload *u, struct err *err)
{
	const struct service *service = u->b->service;
	long long max = service->conf->record_upload_max * MIB;
	int rc = recording_archive_write(service->store, &u->archive, max, read_file, u, err);

	if (u->archive.size > max)
		u->status = 413;
	return rc;
}

static int take_fields(struct upload *u, struct err *err)
{
	static const struct {
		const char *name;
		size_t given; /* offset of its flag */
		int (*take)(struct upload *u, struct err *err);
	} fields[] = {
		{"meta", offsetof(struct upload, has_meta), take_meta},
		{"file", offsetof(struct upload, has_file), take_file},
	};
	struct multipart_field field;
	int more;

	while ((more = multipart_next(u->form, &field, err)) == 1) {
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
			bool *given = (bool *)((char *)u + fields[i].given);

			if (strcmp(field.name, fields[i].name) != 0)
				continue;
			u->status = *given ? 400 : 0;
			if (*given)
				return err_set(err, ERR_INVALID, "field %s is there twice", field.name);
			*given = true;
			if (fields[i].take(u, err) == -1)
				return -1;
		}
	}
	u->status = 400;
	if (more == 0 && !(u->has_meta && u->has_file))
		return err_set(err, ERR_INVALID, "field %s is missing", u->has_meta ? "file" : "meta");
	u->status = more == -1 ? 400 : 0;
	return more;
}

/* What can be said before the body is read. */
static int check_before(struct upload *u, struct err *err)
{
	const struct service *service = u->b->service;
	long long length = u->b->x.rq->content_length;

	if (recording_target_find(service->db, &u->b->x.rq->arena, u->b->nonce, &u->target, err) == -1)
		return -1;
	if (strcmp(u->target.status, "DELETING") == 0)
		return err_set(err, ERR_CONFLICT, "the recording is being deleted");
	if (length >
		service->conf->record_upload_max * MIB + FORM_MAX + (long long)RECORDING_META_BYTES_MAX) {
		u->status = 413;
		return err_set(err, ERR_LIMIT, "the body is longer than record_upload_max, %d MiB",
			service->conf->record_upload_max);
	}
	return recording_archive_room(
		service->conf, service->db, service->store, length > 0 ? length : 0, err);
}

static int take(struct upload *u, struct err *err)
{
	const struct service *service = u->b->service;
	struct request *rq = u->b->x.rq;

	if (check_before(u, err) == -1)
		return -1;
	u->form = multipart_open(request_env(rq, "CONTENT_TYPE"), read_body, rq, err);
	if (!u->form) {
		u->status = 415;
		return -1;
	}
	if (take_fields(u, err) == -1)
		return -1;
	return recording_archive_take(
		service->db, service->store, service->conf, &u->target, &u->meta, &u->archive, err);
}

/* What a sender must be able to tell apart: gone for good, or no room today. */
static int status_of(const struct upload *u, const struct err *err)
{
	if (u->status)
		return u->status;
	return err->kind == ERR_CONFLICT ? 410 : err->kind == ERR_LIMIT ? 507 : endpoint_status(err->kind);
}

static void refuse(struct upload *u, const struct err *err)
{
	int status = status_of(u, err);
	struct log_line l;

	log_begin(&l, status >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "upload_refused");
	log_str(&l, "id", u->b->x.rq->id);
	log_int(&l, "status", status);
	log_str(&l, "msg", err->text);
	log_end(&l);
	/* The sender reads the answer when it has sent all. */
	u->b->x.rq->patient = true;
	endpoint_refuse(&u->b->x, status,
		status == 503	? "away for a moment"
		: status == 500 ? "internal error"
				: err->text);
}

void backend_recording_upload(struct exchange *x)
{
	struct backend *b = (struct backend *)x;
	struct upload u = {.b = b};
	struct err err = {0};
	struct log_line l;

	if (take(&u, &err) == 0) {
		log_begin(&l, LOG_LEVEL_INFO, "uploaded");
		log_str(&l, "id", b->x.rq->id);
		log_str(&l, "recording", u.meta.id);
		log_int(&l, "bytes", u.archive.size);
		log_end(&l);
		response_send_text(b->x.rq, 200, "ok");
	} else {
		recording_archive_drop(b->service->store, &u.archive);
		refuse(&u, &err);
	}
	multipart_close(u.form);
}
