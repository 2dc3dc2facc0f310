/* SPDX-License-Identifier: ISC */
/* The archive of a recording on its way into the store and to its record set. */
#include "config.h"
#include "core/recording_archive.h"

#include "base/sha.h"
#include "base/log.h"
#include "bbb/lrs.h"
#include "sql/statements.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MIB	    (1LL << 20)
#define BLOCK_BYTES 65536

int recording_target_find(
	struct db *db, struct arena *a, const char *nonce, struct recording_target *target, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_recording_target_find, DB_ARGS(nonce), &r, "such nonce", err) == -1)
		return -1;
	*target = (struct recording_target){
		.nonce = nonce,
		.meeting_id = arena_strdup(a, db_text(r, 0, RECORDING_TARGET_FIND_MEETING_ID)),
		.status = arena_strdup(a, db_text(r, 0, RECORDING_TARGET_FIND_STATUS)),
	};
	db_free(r);
	return 0;
}

int recording_target_import(struct db *db, struct arena *a, const char *slug, int sub_id,
	const struct recording_meta *meta, struct recording_target *target, bool *present, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_recording_target_import,
		    DB_ARGS(slug, sub_id, meta->id, *meta->external_id ? meta->external_id : meta->id,
			    *meta->name ? meta->name : meta->id),
		    &r, "such secret", err) == -1)
		return -1;
	*target = (struct recording_target){
		.nonce = arena_strdup(a, db_text(r, 0, RECORDING_TARGET_IMPORT_NONCE)),
		.meeting_id = arena_strdup(a, db_text(r, 0, RECORDING_TARGET_IMPORT_MEETING_ID)),
		.status = arena_strdup(a, db_text(r, 0, RECORDING_TARGET_IMPORT_STATUS)),
	};
	*present = db_bool(r, 0, RECORDING_TARGET_IMPORT_PRESENT);
	db_free(r);
	return 0;
}

int recording_target_present(
	struct db *db, const char *slug, int sub_id, const char *record_id, bool *present, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_recording_target_present, DB_ARGS(slug, sub_id, record_id), &r,
		    "such secret", err) == -1)
		return -1;
	*present = db_bool(r, 0, RECORDING_TARGET_PRESENT_PRESENT);
	db_free(r);
	return 0;
}

/* 0 when nothing was ever stored; -1, and err stays, when something was. */
static int find_new(struct db *db, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_recording_store_used, NULL, &r, err);

	if (rc == 0 && db_bool(r, 0, RECORDING_STORE_USED_USED))
		rc = -1;
	db_free(r);
	return rc;
}

static int check_room(const struct conf *conf, long long room, long long bytes, struct err *err)
{
	if (room < 0 || room - bytes >= conf->record_free_min * MIB)
		return 0;
	return err_set(err, ERR_LIMIT,
		"the disk of the recordings has %lld MiB left, too few for %lld MiB more and record_free_min",
		room / MIB, (bytes + MIB - 1) / MIB);
}

int recording_archive_room(
	const struct conf *conf, struct db *db, struct store *store, long long bytes, struct err *err)
{
	long long room;

	if (store_free_bytes(store, &room, err) == -1) {
		if (find_new(db, err) == -1 || store_make(store, err) == -1)
			return -1;
		*err = (struct err){0};
		if (store_free_bytes(store, &room, err) == -1)
			return -1;
	}
	return check_room(conf, room, bytes, err);
}

int recording_archive_foretell_room(
	const struct conf *conf, struct db *db, struct store *store, long long bytes, struct err *err)
{
	long long room;

	if (store_free_bytes(store, &room, err) == 0)
		return check_room(conf, room, bytes, err);
	if (find_new(db, err) == -1)
		return -1;
	*err = (struct err){0};
	return 0;
}

/* A source whose bytes also go into the store, where they are put. */
struct tee {
	struct recording_archive *archive;
	long long max;
	tar_read_fn *read;
	void *ctx;
};

static ssize_t read_tee(void *ctx, void *data, size_t size, struct err *err)
{
	struct tee *t = ctx;
	ssize_t n = t->read(t->ctx, data, size, err);

	if (n <= 0)
		return n;
	t->archive->size += n;
	if (t->archive->size > t->max)
		return err_set(err, ERR_LIMIT, "the archive is longer than %lld MiB", t->max / MIB);
	return t->archive->put && store_put_write(t->archive->put, data, (size_t)n, err) == -1 ? -1 : n;
}

/* "ID" of ".../ID/metadata.xml"; false for another name. */
static bool metadata_dir(const char *name, struct buf *id)
{
	const char *base = strrchr(name, '/'), *from;

	if (!base || strcmp(base + 1, "metadata.xml") != 0)
		return false;
	for (from = base; from > name && from[-1] != '/'; from--)
		continue;
	buf_clear(id);
	buf_add(id, from, (size_t)(base - from));
	return id->len > 0 && strcmp(buf_str(id), ".") != 0;
}

/* Of two recordings in one archive the second would be lost. */
static int check_entry(const char *name, struct buf *first, struct buf *id, struct err *err)
{
	if (!metadata_dir(name, id))
		return 0;
	if (first->len && strcmp(buf_str(first), buf_str(id)) != 0)
		return err_set(err, ERR_INVALID,
			"the archive holds two recordings, %.140s and %.140s: each needs one of its own",
			buf_str(first), buf_str(id));
	if (!first->len)
		buf_add(first, buf_str(id), id->len);
	return 0;
}

static int store_tar(struct tee *tee, struct err *err)
{
	struct tar *tar = tar_open(read_tee, tee, err);
	struct buf first = BUF_INIT, id = BUF_INIT;
	struct tar_entry entry;
	int more = -1, files = 0;

	while (tar && (more = tar_next(tar, &entry, err)) == 1) {
		files += entry.file;
		if (entry.file && check_entry(entry.name, &first, &id, err) == -1) {
			more = -1;
			break;
		}
	}
	tar_close(tar);
	buf_free(&first);
	buf_free(&id);
	if (more == 0 && files == 0)
		return err_set(err, ERR_INVALID, "the archive holds no file");
	return more;
}

int recording_archive_check(tar_read_fn *read, void *ctx, struct err *err)
{
	struct recording_archive archive = {0};
	struct tee tee = {&archive, LLONG_MAX, read, ctx};

	return store_tar(&tee, err);
}

int recording_archive_write(struct store *store, struct recording_archive *archive, long long max,
	tar_read_fn *read, void *ctx, struct err *err)
{
	struct tee tee = {archive, max, read, ctx};
	char *rest;
	ssize_t n;

	store_key_make(archive->key);
	archive->put = store_put_begin(store, archive->key, "application/x-tar", err);
	if (!archive->put || store_tar(&tee, err) == -1)
		return -1;
	/* Blocks that fill up the last record. */
	rest = mem_alloc(BLOCK_BYTES);
	while ((n = read_tee(&tee, rest, BLOCK_BYTES, err)) > 0)
		continue;
	free(rest);
	return (int)n;
}

void recording_archive_drop(struct store *store, struct recording_archive *archive)
{
	struct err err = {0};

	store_put_abort(archive->put);
	archive->put = NULL;
	if (archive->stored && store_delete(store, archive->key, &err) == -1)
		log_msg(LOG_LEVEL_WARNING, "left_behind", "%s: cleanup takes it away", err.text);
	archive->stored = false;
}

/* The metadata's pairs as JSON: without our nonce and the LRS's payload, and without the node's name for the meeting. */
static char *meta_json(
	const struct conf *conf, const struct recording_target *target, const struct recording_meta *meta)
{
	json_t *object = json_object();
	char *text;

	for (int i = 0; i < meta->meta_count; i++) {
		const struct recording_meta_pair *p = &meta->meta[i];
		bool is_id = *meta->external_id && strcmp(p->value, meta->external_id) == 0;

		if (strcasecmp(p->name, conf->record_meta_data_tag) != 0 &&
			strcasecmp(p->name, LRS_META) != 0)
			json_object_set_new(
				object, p->name, json_string(is_id ? target->meeting_id : p->value));
	}
	text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

static int bind(struct db *db, const struct conf *conf, const struct recording_target *target,
	const struct recording_meta *meta, const struct recording_archive *archive,
	char old_key[STORE_KEY_LEN + 1], struct err *err)
{
	char sha1[SHA_HEX_MAX + 1];
	char *pairs = meta_json(conf, target, meta);
	struct db_result *r = NULL;
	const char *result;
	int rc = -1;

	sha_hex(SHA_ALG_1, &(struct sha_part){target->meeting_id, strlen(target->meeting_id)}, 1, sha1);
	if (db_run(db, &stmt_recording_archive_take,
		    DB_ARGS(target->nonce, meta->id, archive->key, archive->size, sha1, meta->name,
			    pairs ? pairs : "{}", meta->published, meta->start_time, meta->end_time,
			    meta->participants, meta->raw_size),
		    &r, err) == 0) {
		const char *old = db_text(r, 0, RECORDING_ARCHIVE_TAKE_OLD_KEY);

		result = db_text(r, 0, RECORDING_ARCHIVE_TAKE_RESULT);
		snprintf(old_key, STORE_KEY_LEN + 1, "%s", old ? old : "");
		if (strcmp(result, "taken") == 0)
			rc = 0;
		else if (strcmp(result, "unknown") == 0)
			err_set(err, ERR_NOT_FOUND, "there is no such nonce");
		else if (strcmp(result, "foreign") == 0)
			err_set(err, ERR_INVALID, "the metadata's <id> is another meeting's recording");
		else
			err_set(err, ERR_CONFLICT, "the recording is being deleted");
	}
	db_free(r);
	free(pairs);
	return rc;
}

int recording_archive_take(struct db *db, struct store *store, const struct conf *conf,
	const struct recording_target *target, const struct recording_meta *meta,
	struct recording_archive *archive, struct err *err)
{
	struct recording_archive old = {.stored = true};
	struct store_put *put = archive->put;

	archive->put = NULL;
	if (put && store_put_commit(put, err) == -1)
		return -1;
	if (bind(db, conf, target, meta, archive, old.key, err) == -1) {
		/* After a database that broke off nobody knows whether the set has it: cleanup will. */
		archive->stored =
			err->kind == ERR_NOT_FOUND || err->kind == ERR_CONFLICT || err->kind == ERR_INVALID;
		return -1;
	}
	if (*old.key)
		recording_archive_drop(store, &old);
	return 0;
}
