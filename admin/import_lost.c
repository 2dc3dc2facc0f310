/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording import --lost: archives that b3lb-cleanup has put aside become recordings again. */
#include "config.h"
#include "import.h"

#include <stdio.h>
#include <string.h>

/* Keys of what lies there, one behind the other. */
static int remember(void *ctx, const struct store_entry *entry, struct err *err)
{
	(void)err;
	buf_add((struct buf *)ctx, entry->key, STORE_KEY_LEN + 1);
	return 0;
}

static ssize_t read_object(void *ctx, void *data, size_t size, struct err *err)
{
	return store_reader_read(ctx, data, size, err);
}

static bool is_wanted(const char *id, const char *const *ids, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0)
			return true;
	return count == 0;
}

/* The metadata of an object that is an archive: 1, 0 when it is none, -1. */
static int read_meta(struct import *im, const char *key, long long size, struct arena *a,
	struct recording_meta *meta, struct err *err)
{
	struct store_reader *reader = store_reader_open(im->store, key, 0, size, err);
	int rc = reader ? import_read_meta(read_object, reader, a, meta, err) : -1;

	store_reader_close(reader);
	return rc == 0 ? 1 : err->kind == ERR_INVALID ? 0 : -1;
}

/* One that is back under its key: 1 it is a recording's now, 0 it is none that is wanted, -1. */
static int take(struct import *im, const char *key, const char *const *ids, int count, struct arena *a,
	struct err *err)
{
	struct admin *admin = im->admin;
	struct recording_archive archive = {0};
	struct recording_target target;
	struct recording_meta meta;
	struct store_object object;
	struct err why = {0};
	bool present = false;
	int rc;

	if (store_stat(im->store, key, &object, err) == -1)
		return -1;
	rc = read_meta(im, key, object.size, a, &meta, &why);
	if (rc == -1)
		*err = why;
	if (rc != 1 || !is_wanted(meta.id, ids, count))
		return rc == -1 ? -1 : 0;
	if (recording_target_import(admin->db, a, im->slug, im->sub_id, &meta, &target, &present, err) == -1)
		return -1;
	im->present += present;
	if (present)
		return 0;
	memcpy(archive.key, key, sizeof(archive.key));
	archive.size = object.size;
	if (recording_archive_take(admin->db, im->store, &admin->conf, &target, &meta, &archive, err) == -1)
		return -1;
	im->imported++;
	if (!admin->json)
		printf("%s\n", meta.id);
	return 1;
}

int import_lost(struct import *im, const char *const *ids, int count, struct err *err)
{
	struct buf keys = BUF_INIT;
	int rc = store_list_lost(im->store, remember, &keys, err);

	for (size_t at = 0; rc != -1 && at < keys.len; at += STORE_KEY_LEN + 1) {
		const char *key = keys.ptr + at;
		struct err ignored = {0};
		struct arena a = {0};

		rc = store_regain(im->store, key, err);
		/* Gone or taken back since it was listed. */
		if (rc == -1 && err->kind == ERR_NOT_FOUND) {
			*err = (struct err){0};
			rc = 0;
			continue;
		}
		if (rc == 0)
			rc = take(im, key, ids, count, &a, err);
		/* What is no recording's stays put aside; what cannot be now is found by cleanup. */
		if (rc != 1)
			(void)!store_lose(im->store, key, &ignored);
		arena_free(&a);
	}
	buf_free(&keys);
	return rc == -1 ? -1 : 0;
}
