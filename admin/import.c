/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording import: archives of recordings that exist already; may be broken off and begun again.
 */
#include "config.h"
#include "import.h"
#include "json.h"

#include "base/clock.h"
#include "base/term.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BAR_WIDTH     30
#define BAR_EVERY_MS  100
#define METADATA_NAME "metadata.xml"

/* One file. */
struct input {
	const char *path;
	int fd, number, count; /* "3 of 10" */
	long long size, done;
	bool bar;
	long long drawn_at;
};

static void draw_bar(struct input *in, bool last)
{
	int filled = in->size > 0 ? (int)(in->done * BAR_WIDTH / in->size) : BAR_WIDTH;

	if (!in->bar || (!last && clock_ms() - in->drawn_at < BAR_EVERY_MS))
		return;
	in->drawn_at = clock_ms();
	fprintf(stderr, "\r[%.*s%*s] %3d%%  %d of %d", filled, "##############################",
		BAR_WIDTH - filled, "", in->size > 0 ? (int)(in->done * 100 / in->size) : 100, in->number,
		in->count);
	if (last)
		fprintf(stderr, "\r%*s\r", BAR_WIDTH + 40, "");
}

static ssize_t read_input(void *ctx, void *data, size_t size, struct err *err)
{
	struct input *in = ctx;
	ssize_t n;

	do
		n = read(in->fd, data, size);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return err_set(err, ERR_INVALID, "could not read it: %s", strerror(errno));
	in->done += n;
	draw_bar(in, false);
	return n;
}

static bool is_metadata(const struct tar_entry *entry)
{
	const char *base = strrchr(entry->name, '/');

	return entry->file && strcmp(base ? base + 1 : entry->name, METADATA_NAME) == 0;
}

int import_read_meta(
	tar_read_fn *read, void *ctx, struct arena *a, struct recording_meta *meta, struct err *err)
{
	struct tar *tar = tar_open(read, ctx, err);
	struct tar_entry entry;
	struct buf text;
	char chunk[4096];
	ssize_t n = 0;
	int more = -1, rc = -1;

	buf_init_max(&text, RECORDING_META_BYTES_MAX + 1);
	while (tar && (more = tar_next(tar, &entry, err)) == 1 && !is_metadata(&entry))
		continue;
	while (more == 1 && (n = tar_read(tar, chunk, sizeof(chunk), err)) > 0)
		buf_add(&text, chunk, (size_t)n);
	if (more == 0)
		err_set(err, ERR_INVALID, "it holds no " METADATA_NAME);
	else if (more == 1 && n == 0)
		rc = recording_meta_parse(a, buf_str(&text), text.len, meta, err);
	tar_close(tar);
	buf_free(&text);
	if (rc == 0 && meta->breakout)
		return err_set(err, ERR_INVALID, "it is the recording of a breakout room");
	return rc;
}

/* 1 imported, 0 it is there already, -1. */
static int import_open(struct import *im, struct input *in, struct arena *a, struct err *err)
{
	struct admin *admin = im->admin;
	struct recording_archive archive = {0};
	struct recording_target target;
	struct recording_meta meta;
	bool present = false;
	int rc;

	if (import_read_meta(read_input, in, a, &meta, err) == -1 ||
		recording_target_import(admin->db, a, im->slug, im->sub_id, &meta, &target, &present, err) ==
			-1)
		return -1;
	if (present)
		return 0;
	if (lseek(in->fd, 0, SEEK_SET) == -1)
		return err_set(err, ERR_INVALID, "it must be a file that can be read twice");
	in->done = 0;
	if (recording_archive_room(&admin->conf, im->store, in->size, err) == -1)
		return -1;
	rc = recording_archive_write(im->store, &archive, LLONG_MAX, read_input, in, err);
	if (rc == 0)
		rc = recording_archive_take(
			admin->db, im->store, &admin->conf, &target, &meta, &archive, err);
	if (rc == -1)
		recording_archive_drop(im->store, &archive);
	return rc == 0 ? 1 : -1;
}

static int import_file(struct import *im, struct input *in, struct err *err)
{
	struct arena a = {0};
	struct stat st;
	int rc = -1;

	in->fd = admin_open(in->path, O_RDONLY);
	if (in->fd == -1 || fstat(in->fd, &st) == -1) {
		err_set(err, ERR_INVALID, "could not open it: %s", strerror(errno));
	} else {
		in->size = st.st_size;
		rc = import_open(im, in, &a, err);
	}
	draw_bar(in, true);
	if (in->fd != -1)
		close(in->fd);
	arena_free(&a);
	return rc;
}

/* True when the files that follow would fare no better. */
static bool import_files(struct import *im, const char *const *paths, int count)
{
	bool away = false;

	for (int i = 0; i < count && !away; i++) {
		struct input in = {
			.path = paths[i], .number = i + 1, .count = count, .bar = isatty(STDERR_FILENO)};
		struct err why = {0};
		int rc = import_file(im, &in, &why);

		im->imported += rc == 1;
		im->present += rc == 0;
		im->refused += rc == -1;
		if (rc == -1) {
			fprintf(stderr, "b3lb-admin: %s: ", in.path);
			term_print(stderr, why.text);
			putc('\n', stderr);
		}
		away = rc == -1 &&
		       (why.kind == ERR_AWAY || why.kind == ERR_LIMIT || why.kind == ERR_NOT_FOUND);
	}
	return away;
}

int import_recordings(struct admin *a, struct err *err)
{
	struct import im = {.admin = a};
	bool lost = admin_option(a, "lost"), away;

	if (admin_tenant_sub(a->args[0], im.slug, &im.sub_id, err) == -1)
		return -1;
	if (!lost && a->arg_count == 1)
		return err_set(err, ERR_INVALID, "name the archives, or --lost");
	im.store = store_open(&a->conf);
	if (lost)
		away = import_lost(&im, a->args + 1, a->arg_count - 1, err) == -1;
	else
		away = import_files(&im, a->args + 1, a->arg_count - 1);
	store_close(im.store);
	if (a->json)
		admin_json_print(json_pack("{s:i, s:i, s:i}", "imported", im.imported, "present", im.present,
			"refused", im.refused));
	else
		printf("%d imported, %d there already, %d refused\n", im.imported, im.present, im.refused);
	if (away)
		return lost ? -1 : err_set(err, ERR_AWAY, "stopped: run it again, what is there is skipped");
	return im.refused ? err_set(err, ERR_INVALID, "%d of %d files were not imported", im.refused,
				    im.imported + im.present + im.refused)
			  : 0;
}
