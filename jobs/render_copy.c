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

/* Where a node leaves them (bbb-api.md 5.5), below FORMAT/RECORD_ID; of one source the first row wins. */
static const struct {
	const char *source, *pattern;
} places[] = {
	{"video", "video/*/video-0.mp4"},
	{"video", "video/*/video-0.m4v"},
	{"video", "video/*/video-*.mp4"},
	{"video", "video/*/video-*.m4v"},
	{"video", "video/*/video-*.webm"},
	{"deskshare", "screenshare/*/screenshare.mp4"},
	{"deskshare", "screenshare/*/screenshare.webm"},
	{"deskshare", "*/*/deskshare/deskshare.mp4"},
	{"deskshare", "*/*/deskshare/deskshare.webm"},
	{"webcams", "*/*/video/webcams.mp4"},
	{"webcams", "*/*/video/webcams.webm"},
	{"podcast", "podcast/*/audio.m4a"},
	{"podcast", "podcast/*/audio.mp3"},
	{"podcast", "podcast/*/audio.ogg"},
	{"podcast", "*/*/audio/audio.ogg"},
	{"podcast", "*/*/audio/audio.webm"},
};

/* The source "any": the first of these that is there. */
static const char *const any[] = {"video", "deskshare", "webcams", "podcast", NULL};

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

static int place_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (name_matches(name, places[i].pattern))
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

static int write_all(int fd, const char *data, size_t len, struct err *err)
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

int extract(struct tar *tar, const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc = 0;
	char *block;
	ssize_t n;

	if (fd == -1)
		return err_set(err, ERR_AWAY, "could not make a file below render_path: %s", strerror(errno));
	block = mem_alloc(BLOCK_BYTES);
	while (rc == 0 && (n = tar_read(tar, block, BLOCK_BYTES, err)) != 0)
		rc = n == -1 ? -1 : write_all(fd, block, (size_t)n, err);
	free(block);
	close(fd);
	return rc;
}

/* Takes everything out that a profile could want, in one pass: the archive may come over a network. */
static int prepare(struct render *r, struct err *err)
{
	struct archive_source source = {.r = r};
	struct tar_entry entry;
	struct tar *tar = NULL;
	int more = -1, place;

	source.reader = store_reader_open(r->job->store, r->claim.archive_key, 0, r->claim.archive_size, err);
	if (source.reader)
		tar = tar_open(read_archive, &source, err);
	while (tar && (more = tar_next(tar, &entry, err)) == 1) {
		place = entry.file && entry.size > 0 ? place_of(entry.name) : -1;
		/* A hole takes no room in the archive, and would fill the disk here. */
		if (place >= 0 && entry.size > r->claim.archive_size) {
			more = err_set(err, ERR_INVALID, "a video in it is larger than the archive");
			break;
		}
		if (place >= 0 && extract(tar, file_of(r, (size_t)place), err) == -1) {
			more = -1;
			break;
		}
	}
	tar_close(tar);
	store_reader_close(source.reader);
	return more;
}

/* The file of a source, NULL when the archive held none. */
static const char *find_source(struct render *r, const char *source)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *path;

		if (strcmp(places[i].source, source) != 0)
			continue;
		path = file_of(r, i);
		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

static int make(struct render *r, const struct record_profile *profile, const char *to,
	struct render_result *result, struct err *err)
{
	const char *const only[] = {profile->source, NULL};
	const char *const *sources = strcmp(profile->source, "any") == 0 ? any : only;
	const char *from = NULL;

	for (; *sources && !from; sources++)
		from = find_source(r, *sources);
	if (!from)
		return 0;
	return video_copy(from, to, &r->limits, &result->type, &result->duration_ms, err) == -1 ? -1 : 1;
}

const struct render_kind render_kind_copy = {"copy", prepare, make};
