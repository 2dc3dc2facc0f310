/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording import: archives of recordings that exist already; may be broken off and begun again.
 */
#include "config.h"
#include "change.h"
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
	int fd;
	struct import_bar bar;
};

void import_draw(struct import_bar *bar, bool last)
{
	/* What is packed is somewhat longer than the files in it. */
	long long done = bar->done < bar->size ? bar->done : bar->size;
	int filled = bar->size > 0 ? (int)(done * BAR_WIDTH / bar->size) : BAR_WIDTH;

	if (!bar->on || (!last && clock_ms() - bar->drawn_at < BAR_EVERY_MS))
		return;
	bar->drawn_at = clock_ms();
	fprintf(stderr, "\r[%.*s%*s] %3d%%  %d of %d", filled, "##############################",
		BAR_WIDTH - filled, "", bar->size > 0 ? (int)(done * 100 / bar->size) : 100, bar->number,
		bar->count);
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
	in->bar.done += n;
	import_draw(&in->bar, false);
	return n;
}

static bool is_metadata(const struct tar_entry *entry)
{
	const char *base = strrchr(entry->name, '/');

	return entry->file && strcmp(base ? base + 1 : entry->name, METADATA_NAME) == 0;
}

int import_parse_meta(
	const char *text, size_t len, struct arena *a, struct recording_meta *meta, struct err *err)
{
	if (recording_meta_parse(a, text, len, meta, err) == -1)
		return -1;
	return meta->breakout ? err_set(err, ERR_INVALID, "it is the recording of a breakout room") : 0;
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
		rc = import_parse_meta(buf_str(&text), text.len, a, meta, err);
	tar_close(tar);
	buf_free(&text);
	return rc;
}

int import_archive(struct import *im, const struct recording_meta *meta, long long size, tar_read_fn *read,
	void *ctx, struct arena *a, struct err *err)
{
	struct admin *admin = im->admin;
	struct recording_archive archive = {0};
	struct recording_target target;
	bool present = false;
	int rc;

	if (recording_target_import(admin->db, a, im->slug, im->sub_id, meta, &target, &present, err) == -1)
		return -1;
	if (present)
		return 0;
	if (recording_archive_room(&admin->conf, admin->db, im->store, size, err) == -1)
		return -1;
	rc = recording_archive_write(im->store, &archive, LLONG_MAX, read, ctx, err);
	if (rc == 0)
		rc = recording_archive_take(admin->db, im->store, &admin->conf, &target, meta, &archive, err);
	if (rc == -1)
		recording_archive_drop(im->store, &archive);
	return rc == 0 ? 1 : -1;
}

int import_foretell(struct import *im, const struct recording_meta *meta, long long size, const char *from,
	struct err *err)
{
	struct admin *admin = im->admin;
	bool present = false;

	if (recording_target_present(admin->db, im->slug, im->sub_id, meta->id, &present, err) == -1 ||
		(!present &&
			recording_archive_foretell_room(&admin->conf, admin->db, im->store, size, err) == -1))
		return -1;
	if (!admin->json) {
		term_print(stdout,
			arena_printf(&admin->arena, "%s  %s  %lld bytes  %s  %s", meta->id,
				present ? "there already" : "would be imported", size, from, meta->name));
		putchar('\n');
	}
	return present ? 0 : 1;
}

/* What is read and then taken, or only looked at. Returns as import_archive. */
static int take_file(struct import *im, struct input *in, const struct recording_meta *meta, struct arena *a,
	struct err *err)
{
	if (!im->dry)
		return import_archive(im, meta, in->bar.size, read_input, in, a, err);
	return recording_archive_check(read_input, in, err) == -1
		       ? -1
		       : import_foretell(im, meta, in->bar.size, in->path, err);
}

/* 1 imported, 0 it is there already, -1. */
static int import_file(struct import *im, struct input *in, struct err *err)
{
	struct recording_meta meta;
	struct arena a = {0};
	struct stat st;
	int rc = -1;

	in->fd = admin_open(in->path, O_RDONLY);
	if (in->fd == -1 || fstat(in->fd, &st) == -1) {
		err_set(err, ERR_INVALID, "could not open it: %s", strerror(errno));
	} else {
		in->bar.size = st.st_size;
		rc = import_read_meta(read_input, in, &a, &meta, err);
	}
	if (rc == 0 && lseek(in->fd, 0, SEEK_SET) == -1)
		rc = err_set(err, ERR_INVALID, "it must be a file that can be read twice");
	in->bar.done = 0;
	if (rc == 0)
		rc = take_file(im, in, &meta, &a, err);
	import_draw(&in->bar, true);
	if (in->fd != -1)
		close(in->fd);
	arena_free(&a);
	return rc;
}

bool import_count(struct import *im, const char *name, int rc, const struct err *why)
{
	im->imported += rc == 1;
	im->present += rc == 0;
	im->refused += rc == -1;
	if (rc != -1)
		return false;
	fprintf(stderr, "b3lb-admin: ");
	term_print(stderr, name);
	fprintf(stderr, ": ");
	term_print(stderr, why->text);
	putc('\n', stderr);
	return why->kind == ERR_AWAY || why->kind == ERR_LIMIT || why->kind == ERR_NOT_FOUND;
}

/* True when it was stopped. */
static bool import_files(struct import *im, const char *const *paths, int count)
{
	bool away = false;

	for (int i = 0; i < count && !away; i++) {
		struct input in = {
			.path = paths[i],
			.bar = {.number = i + 1, .count = count, .on = isatty(STDERR_FILENO)},
		};
		struct err why = {0};
		int rc = import_file(im, &in, &why);

		away = import_count(im, in.path, rc, &why);
	}
	return away;
}

/* Where the recordings come from: whatever goes together. */
struct sources {
	const char *published;
	bool lost;
	const char *const *names;
	int count;
};

static int read_sources(struct admin *a, struct import *im, struct sources *s, struct err *err)
{
	const char *tenant = admin_option(a, "tenant");
	int first = tenant ? 0 : 1;

	*s = (struct sources){
		.published = admin_option(a, "published"),
		.lost = admin_option(a, "lost"),
		.names = a->args + first,
		.count = a->arg_count - first,
	};
	if (!tenant && a->arg_count == 0)
		return err_set(err, ERR_INVALID, "name the tenant");
	if (s->published && (s->lost || s->count))
		return err_set(err, ERR_INVALID, "--published goes with neither --lost nor names");
	if (im->dry && s->lost)
		return err_set(err, ERR_INVALID, "--dry-run does not go with --lost");
	if (!s->published && !s->lost && !s->count)
		return err_set(err, ERR_INVALID, "name the archives, or --published or --lost");
	return admin_tenant_sub(tenant ? tenant : a->args[0], im->slug, &im->sub_id, err);
}

static void print_counts(const struct import *im)
{
	if (im->admin->json)
		admin_json_print(json_pack("{s:i, s:i, s:i}", im->dry ? "importable" : "imported",
			im->imported, "present", im->present, "refused", im->refused));
	else
		printf("%d %s, %d there already, %d refused\n", im->imported,
			im->dry ? "would be imported" : "imported", im->present, im->refused);
}

int import_recordings(struct admin *a, struct err *err)
{
	struct import im = {.admin = a, .dry = admin_is_dry(a)};
	struct sources s;
	int stopped;

	if (read_sources(a, &im, &s, err) == -1)
		return -1;
	im.store = store_open(&a->conf);
	if (s.lost)
		stopped = import_lost(&im, s.names, s.count, err);
	else if (s.published)
		stopped = import_published(&im, s.published, err);
	else
		stopped = import_files(&im, s.names, s.count);
	store_close(im.store);
	print_counts(&im);
	if (stopped == 1)
		return err_set(err, ERR_AWAY, "stopped: run it again, what is there is skipped");
	if (stopped == 0 && im.refused)
		return err_set(err, ERR_INVALID, "%d of %d %s were not imported", im.refused,
			im.imported + im.present + im.refused, s.published ? "recordings" : "files");
	if (stopped == 0 && s.lost && im.imported + im.present < s.count)
		return err_set(err, ERR_INVALID, "%d of %d recordings are not among what was put aside",
			s.count - im.imported - im.present, s.count);
	return stopped;
}
