/* SPDX-License-Identifier: ISC */
/* The archive of a recording on its way into the store and to its record set. */
#include "config.h"
#include "core/recording_archive.h"

#include "base/sha.h"
#include "base/log.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MIB	    (1LL << 20)
#define BLOCK_BYTES 65536

static const struct db_stmt stmt_find = {
	"record_target_find", "select meeting_id, status from b3lb.record_set where nonce = $1", true};

/* The name and the meetingID of what comes from elsewhere are what its metadata says. */
static const struct db_stmt stmt_import = {"record_target_import",
	"with secret as (select s.id, s.tenant_id from b3lb.secret s join b3lb.tenant t on t.id = "
	"s.tenant_id "
	"  where t.slug = $1 and s.sub_id = $2::int), "
	"made as (insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, ended_at) "
	"  select tenant_id, id, $4, $5, $3, now() from secret "
	"  on conflict (tenant_id, record_id) do nothing returning nonce, meeting_id, status) "
	"select nonce, meeting_id, status, false from made "
	"union all "
	"select r.nonce, r.meeting_id, r.status, r.archive_key is not null or r.status = 'DELETING' "
	"from b3lb.record_set r join secret s on s.tenant_id = r.tenant_id where r.record_id = $3 limit 1",
	true};

static const struct db_stmt stmt_take = {"record_archive_take",
	"select result, old_key from b3lb.take_archive($1, $2, $3, $4::bigint, $5, $6, $7::jsonb, "
	"$8::boolean, $9::bigint, $10::bigint, $11::int, $12::bigint)",
	true};

int recording_target_find(
	struct db *db, struct arena *a, const char *nonce, struct recording_target *target, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	db_arg_text(&args, nonce);
	if (db_run_found(db, &stmt_find, &args, &r, "such nonce", err) == -1)
		return -1;
	*target = (struct recording_target){
		.nonce = nonce,
		.meeting_id = arena_strdup(a, db_text(r, 0, 0)),
		.status = arena_strdup(a, db_text(r, 0, 1)),
	};
	db_free(r);
	return 0;
}

int recording_target_import(struct db *db, struct arena *a, const char *slug, int sub_id,
	const struct recording_meta *meta, struct recording_target *target, bool *present, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	db_arg_text(&args, slug);
	db_arg_int(&args, sub_id);
	db_arg_text(&args, meta->id);
	db_arg_text(&args, *meta->external_id ? meta->external_id : meta->id);
	db_arg_text(&args, *meta->name ? meta->name : meta->id);
	if (db_run_found(db, &stmt_import, &args, &r, "such secret", err) == -1)
		return -1;
	*target = (struct recording_target){
		.nonce = arena_strdup(a, db_text(r, 0, 0)),
		.meeting_id = arena_strdup(a, db_text(r, 0, 1)),
		.status = arena_strdup(a, db_text(r, 0, 2)),
	};
	*present = db_bool(r, 0, 3);
	db_free(r);
	return 0;
}

int recording_archive_room(const struct conf *conf, struct store *store, long long bytes, struct err *err)
{
	long long room;

	if (store_free_bytes(store, &room, err) == -1)
		return -1;
	if (room < 0 || room - bytes >= conf->record_free_min * MIB)
		return 0;
	return err_set(err, ERR_LIMIT,
		"the disk of the recordings has %lld MiB left, too few for %lld MiB more and record_free_min",
		room / MIB, (bytes + MIB - 1) / MIB);
}

/* A source whose bytes also go into the store. */
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
	return store_put_write(t->archive->put, data, (size_t)n, err) == -1 ? -1 : n;
}

static int check_tar(struct tee *tee, struct err *err)
{
	struct tar *tar = tar_open(read_tee, tee, err);
	struct tar_entry entry;
	int more = -1, files = 0;

	while (tar && (more = tar_next(tar, &entry, err)) == 1)
		files += entry.file;
	tar_close(tar);
	if (more == 0 && files == 0)
		return err_set(err, ERR_INVALID, "the archive holds no file");
	return more;
}

int recording_archive_write(struct store *store, struct recording_archive *archive, long long max,
	tar_read_fn *read, void *ctx, struct err *err)
{
	struct tee tee = {archive, max, read, ctx};
	char *rest;
	ssize_t n;

	store_key_make(archive->key);
	archive->put = store_put_begin(store, archive->key, "application/x-tar", err);
	if (!archive->put || check_tar(&tee, err) == -1)
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

/* The metadata's pairs as JSON: without our nonce, and without the node's name for the meeting. */
static char *meta_json(
	const struct conf *conf, const struct recording_target *target, const struct recording_meta *meta)
{
	json_t *object = json_object();
	char *text;

	for (int i = 0; i < meta->meta_count; i++) {
		const struct recording_meta_pair *p = &meta->meta[i];
		bool is_id = *meta->external_id && strcmp(p->value, meta->external_id) == 0;

		if (strcasecmp(p->name, conf->record_meta_data_tag) != 0)
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
	struct db_args args = {0};
	struct db_result *r = NULL;
	const char *result;
	int rc = -1;

	sha_hex(SHA_ALG_1, &(struct sha_part){target->meeting_id, strlen(target->meeting_id)}, 1, sha1);
	db_arg_text(&args, target->nonce);
	db_arg_text(&args, meta->id);
	db_arg_text(&args, archive->key);
	db_arg_int(&args, archive->size);
	db_arg_text(&args, sha1);
	db_arg_text(&args, meta->name);
	db_arg_text(&args, pairs ? pairs : "{}");
	db_arg_bool(&args, meta->published);
	db_arg_int(&args, meta->start_time);
	db_arg_int(&args, meta->end_time);
	db_arg_int(&args, meta->participants);
	db_arg_int(&args, meta->raw_size);
	if (db_run(db, &stmt_take, &args, &r, err) == 0) {
		result = db_text(r, 0, 0);
		snprintf(old_key, STORE_KEY_LEN + 1, "%s", db_text(r, 0, 1) ? db_text(r, 0, 1) : "");
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
	if (store_put_commit(put, err) == -1)
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
