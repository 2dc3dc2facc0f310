/* SPDX-License-Identifier: ISC */
/* Profiles of the kind copy: a video that the node has made is taken out of the archive and made fit for
 * playing. */
#include "config.h"
#include "render.h"

#include "store/tar.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES 65536

/* Where a node leaves them (doc/bbb-api, 5.5), below FORMAT/RECORD_ID; ID stands for the recording's own. Of
 * one source the first row wins, of the source "any" the first of all: what shows people and slides together
 * before a part of that, and what has sound before what has none. */
static const struct {
	const char *source, *pattern;
} places[] = {
	{"video", "video/ID/video-0.mp4"},
	{"video", "video/ID/video-0.m4v"},
	{"video", "video/ID/video-*.mp4"},
	{"video", "video/ID/video-*.m4v"},
	{"video", "video/ID/video-*.webm"},
	{"deskshare", "screenshare/ID/screenshare.mp4"},
	{"deskshare", "screenshare/ID/screenshare-*.mp4"},
	{"deskshare", "screenshare/ID/screenshare.webm"},
	{"deskshare", "screenshare/ID/screenshare-*.webm"},
	{"webcams", "*/ID/video/webcams.mp4"},
	{"webcams", "*/ID/video/webcams.webm"},
	{"podcast", "podcast/ID/audio.m4a"},
	{"podcast", "podcast/ID/audio.mp3"},
	{"podcast", "podcast/ID/audio.ogg"},
	{"podcast", "*/ID/audio/audio.ogg"},
	{"podcast", "*/ID/audio/audio.webm"},
	{"deskshare", "*/ID/deskshare/deskshare.mp4"},
	{"deskshare", "*/ID/deskshare/deskshare.webm"},
};

/* Names may begin with "./" or with the directory that was packed. */
static bool name_matches(const char *name, const char *pattern)
{
	for (const char *at = name; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (fnmatch(pattern, at, FNM_PATHNAME) == 0)
			return true;
	}
	return false;
}

/* The patterns with the recording's own id, which has letters that mean themselves only. */
static const char **own_patterns(struct render *r)
{
	const char **patterns = arena_alloc(r->arena, sizeof(*patterns) * ARRAY_SIZE(places));

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *id = strstr(places[i].pattern, "/ID/");

		patterns[i] = arena_printf(r->arena, "%.*s/%s/%s", (int)(id - places[i].pattern),
			places[i].pattern, r->claim.record_id, id + strlen("/ID/"));
	}
	return patterns;
}

static int place_of(const char *const *patterns, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (name_matches(name, patterns[i]))
			return (int)i;
	return -1;
}

/* The file that the n-th place's content is in: a name of ours, whatever the archive says. */
static const char *file_of(struct render *r, size_t place)
{
	return arena_printf(r->arena, "%s/in-%zu", r->dir, place);
}

ssize_t read_archive(void *ctx, void *data, size_t size, struct err *err)
{
	struct archive_source *s = ctx;

	if (!s->r->limits.go_on(s->r->limits.ctx))
		return err_set(err, ERR_BUSY, "stopped");
	return store_reader_read(s->reader, data, size, err);
}

int render_write(int fd, const char *data, size_t len, struct err *err)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return err_set(
				err, ERR_AWAY, "could not write below render_path: %s", strerror(errno));
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int extract(
	struct render *r, struct tar *tar, const struct tar_entry *entry, const char *path, struct err *err)
{
	int fd, rc = 0;
	char *block;
	ssize_t n;

	if (entry->size > r->claim.archive_size - r->extracted)
		return err_set(err, ERR_INVALID, "the files in it are larger than the archive");
	r->extracted += entry->size;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1)
		return err_set(err, ERR_AWAY, "could not make a file below render_path: %s", strerror(errno));
	block = mem_alloc(BLOCK_BYTES);
	while (rc == 0 && (n = tar_read(tar, block, BLOCK_BYTES, err)) != 0)
		rc = n == -1 ? -1 : render_write(fd, block, (size_t)n, err);
	free(block);
	close(fd);
	return rc;
}

/* Takes everything out that a profile could want, in one pass: the archive may come over a network. */
static int prepare(struct render *r, struct err *err)
{
	struct archive_source source = {.r = r};
	const char **patterns = own_patterns(r);
	struct tar_entry entry;
	struct tar *tar = NULL;
	int more = -1, place;

	r->extracted = 0;
	source.reader = store_reader_open(r->job->store, r->claim.archive_key, 0, r->claim.archive_size, err);
	if (source.reader)
		tar = tar_open(read_archive, &source, err);
	while (tar && (more = tar_next(tar, &entry, err)) == 1) {
		place = entry.file && entry.size > 0 ? place_of(patterns, entry.name) : -1;
		if (place >= 0 && extract(r, tar, &entry, file_of(r, (size_t)place), err) == -1) {
			more = -1;
			break;
		}
	}
	tar_close(tar);
	store_reader_close(source.reader);
	return more;
}

/* The file for a source in *path, NULL when the archive held none: the first with sound, else the first. */
static int find_source(struct render *r, const char *source, const char **path, struct err *err)
{
	bool any = strcmp(source, "any") == 0;
	struct video_facts facts = {0};

	*path = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(places) && !facts.sound; i++) {
		const char *file = file_of(r, i);
		struct err why = {0};

		if ((!any && strcmp(places[i].source, source) != 0) || access(file, R_OK) == -1)
			continue;
		/* What is no video at all is complained of when it is the only one. */
		if (video_look(file, &r->limits, &facts, &why) == -1 && why.kind != ERR_INVALID) {
			*err = why;
			return -1;
		}
		if (facts.sound || !*path)
			*path = file;
	}
	return 0;
}

static int make(struct render *r, const struct record_profile *profile, const char *to,
	struct render_result *result, struct err *err)
{
	const char *from;

	if (find_source(r, profile->source, &from, err) == -1)
		return -1;
	if (!from)
		return 0;
	return video_copy(from, to, &r->limits, &result->facts, err) == -1 ? -1 : 1;
}

const struct render_kind render_kind_copy = {"copy", prepare, make};
