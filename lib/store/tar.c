/* SPDX-License-Identifier: ISC */
/* A tar archive read as a stream. */
#include "config.h"
#include "store/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#define BLOCK_BYTES 65536

struct tar {
	struct archive *archive;
	tar_read_fn *read;
	void *ctx;
	struct err source; /* what the source said when it broke off */
	char block[BLOCK_BYTES];
};

static la_ssize_t on_read(struct archive *archive, void *arg, const void **data)
{
	struct tar *t = arg;
	ssize_t n = t->read(t->ctx, t->block, sizeof(t->block), &t->source);

	*data = t->block;
	if (n == -1)
		archive_set_error(archive, EIO, "broken off");
	return n;
}

static int fail(struct tar *t, struct err *err)
{
	const char *why = archive_error_string(t->archive);

	if (!t->source.kind)
		return err_set(
			err, ERR_INVALID, "it is no whole tar archive: %.200s", why ? why : "unknown error");
	if (err)
		*err = t->source;
	return -1;
}

struct tar *tar_open(tar_read_fn *read, void *ctx, struct err *err)
{
	struct tar *t = mem_alloc(sizeof(*t));

	t->archive = archive_read_new();
	t->read = read;
	t->ctx = ctx;
	t->source = (struct err){0};
	if (t->archive && archive_read_support_format_tar(t->archive) == ARCHIVE_OK &&
		archive_read_open(t->archive, t, NULL, on_read, NULL) == ARCHIVE_OK)
		return t;
	fail(t, err);
	tar_close(t);
	return NULL;
}

int tar_next(struct tar *t, struct tar_entry *entry, struct err *err)
{
	struct archive_entry *e = NULL;
	const char *name;
	int rc;

	do
		rc = archive_read_next_header(t->archive, &e);
	while (rc == ARCHIVE_RETRY);
	if (rc == ARCHIVE_EOF)
		return 0;
	/* A name that is none in this locale is only a warning. */
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return fail(t, err);
	name = archive_entry_pathname(e);
	*entry = (struct tar_entry){
		.name = name ? name : "",
		.size = archive_entry_size(e),
		.file = archive_entry_filetype(e) == AE_IFREG && !archive_entry_hardlink(e),
		.at = archive_entry_sparse_count(e) ? -1 : (long long)archive_filter_bytes(t->archive, 0),
	};
	return 1;
}

ssize_t tar_read(struct tar *t, void *data, size_t size, struct err *err)
{
	la_ssize_t n = archive_read_data(t->archive, data, size);

	return n < 0 ? fail(t, err) : n;
}

void tar_close(struct tar *t)
{
	if (!t)
		return;
	archive_read_free(t->archive);
	free(t);
}
