/* SPDX-License-Identifier: ISC */
/* Presentations for the player: where their files stand in the archive, and their timeline, which b3lb-compose
 * makes of them. */
#include "config.h"
#include "render.h"

#include "base/clock.h"
#include "core/recording_player.h"
#include "presentation/index.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES 65536
#define KIND	    "player"
/* Of a file that is read into the timeline, and of the timeline itself. */
#define DATA_MAX      (256LL << 20)
#define TIMELINE_MAX  (64u << 20)
#define PREVIEWS      3
#define PREVIEW_WORDS 5
/* What follows the part of a timeline that tells how long it is and which slides there are. */
#define REST ",\"slides\":["

static int read_index(struct render *r, struct pres_index *index, struct err *err)
{
	struct archive_source source = {.r = r};
	int rc = -1;

	source.reader = store_reader_open(r->job->store, r->claim.archive_key, 0, r->claim.archive_size, err);
	if (source.reader)
		rc = pres_index_read(r->arena, read_archive, &source, r->claim.record_id, index, err);
	store_reader_close(source.reader);
	return rc;
}

/* The bytes of a member to fd. */
static int copy_member(struct render *r, const struct pres_member *m, int fd, struct err *err)
{
	struct store_reader *reader =
		store_reader_open(r->job->store, r->claim.archive_key, m->at, m->size, err);
	char *block = mem_alloc(BLOCK_BYTES);
	ssize_t n = reader ? 0 : -1;

	while (reader && (n = store_reader_read(reader, block, BLOCK_BYTES, err)) > 0) {
		if (!r->limits.go_on(r->limits.ctx))
			n = err_set(err, ERR_BUSY, "stopped");
		else if (render_write(fd, block, (size_t)n, err) == -1)
			n = -1;
		if (n == -1)
			break;
	}
	free(block);
	store_reader_close(reader);
	return (int)n;
}

/* A file of a presentation where b3lb-compose reads it: whole when it is read into the timeline, else empty, which
 * says that it is there. No other file of the set has such a name. */
static int place_member(struct render *r, const struct pres_member *m, struct err *err)
{
	const char *path = arena_printf(r->arena, "%s/%s", r->dir, pres_flat_name(r->arena, m->name));
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc = 0;

	if (fd == -1)
		return err_set(err, ERR_AWAY, "could not make a file below render_path: %s", strerror(errno));
	if (m->file->kind == PRES_FILE_DATA && m->size > 0 && m->size <= DATA_MAX)
		rc = copy_member(r, m, fd, err);
	close(fd);
	return rc;
}

static int compose(struct render *r, struct buf *json, struct err *err)
{
	static const char program[] = LIBEXECDIR "/b3lb-compose";
	const char *const argv[] = {program, "--timeline", r->dir, NULL};

	/* It cannot be retried away: the videos are made all the same. */
	if (access(program, X_OK) == -1)
		return err_set(err, ERR_INVALID, "%s is not installed", program);
	if (child_run(argv, &r->limits, json, err) == -1)
		return -1;
	return json->failed ? err_set(err, ERR_INVALID, "the timeline is too long") : 0;
}

/* Compressed, into the store. */
static int store_timeline(struct render *r, const struct buf *json, struct player_made *made, struct err *err)
{
	const char *path = arena_printf(r->arena, "%s/timeline", r->dir);
	const char *packed = arena_printf(r->arena, "%s.gz", path);
	const char *const argv[] = {"gzip", "-n", "-9", "-f", path, NULL};
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc;

	if (fd == -1)
		return err_set(err, ERR_AWAY, "could not make a file below render_path: %s", strerror(errno));
	rc = render_write(fd, json->ptr, json->len, err);
	close(fd);
	if (rc == 0)
		rc = child_run(argv, &r->limits, NULL, err);
	if (rc == 0)
		rc = render_store(r, packed, "application/gzip", made->key, &made->size, err);
	unlink(path);
	unlink(packed);
	return rc;
}

/* The first words of a slide, for who does not see it. */
static char *words_of(struct arena *a, const char *text)
{
	size_t len = 0;

	for (int words = 0; words < PREVIEW_WORDS && text[len]; words++) {
		len += strspn(text + len, " \t\n");
		len += strcspn(text + len, " \t\n");
	}
	return arena_strndup(a, text, len < 100 ? len : utf8_prefix(text, 100));
}

/* The slides that platforms show: the first ones with a small picture. */
static char *previews_of(struct arena *a, const json_t *images)
{
	json_t *list = json_array(), *image;
	char *text, *copy;
	size_t i;

	json_array_foreach(images, i, image)
	{
		const char *thumb = json_string_value(json_array_get(image, 3));
		const char *words = json_string_value(json_array_get(image, 4));

		if (thumb && json_array_size(list) < PREVIEWS)
			json_array_append_new(
				list, json_pack("[s, s]", thumb, words_of(a, words ? words : "")));
	}
	text = json_dumps(list, JSON_COMPACT);
	copy = arena_strdup(a, text ? text : "[]");
	free(text);
	json_decref(list);
	return copy;
}

/* What the list of recordings tells of a timeline. Only its begin is looked at: the rest may be large. */
static int read_timeline(struct arena *a, const struct buf *json, struct player_made *made, struct err *err)
{
	const json_t *media, *images;
	const char *end = memmem(json->ptr, json->len, REST, strlen(REST));
	char *head = end ? arena_printf(a, "%.*s}", (int)(end - json->ptr), json->ptr) : NULL;
	json_t *root = head ? json_loads(head, 0, NULL) : NULL;
	const json_t *duration = json_object_get(root, "duration");
	int rc = 0;

	if (!json_is_number(duration))
		rc = err_set(err, ERR_INTERNAL, "b3lb-compose has made no timeline");
	made->duration_ms = (long long)(json_number_value(duration) * 1000 + 0.5);
	media = json_object_get(json_object_get(root, "media"), "main");
	images = json_object_get(root, "images");
	if (rc == 0 && json_array_size(media) == 0 && json_array_size(images) == 0)
		rc = err_set(err, ERR_INVALID, "the presentation holds neither slides nor sound");
	made->previews = previews_of(a, images);
	json_decref(root);
	return rc;
}

static void list_files(struct render *r, const struct pres_index *index, struct player_made *made)
{
	size_t size = (size_t)index->count + 1;
	const char **names = arena_alloc(r->arena, sizeof(*names) * size);
	long long *ats = arena_alloc(r->arena, sizeof(*ats) * size);
	long long *sizes = arena_alloc(r->arena, sizeof(*sizes) * size);

	for (int i = 0; i < index->count; i++) {
		const struct pres_member *m = &index->members[i];

		/* What stands in the timeline is not served. */
		if (m->file->kind == PRES_FILE_DATA)
			continue;
		names[made->count] = m->name;
		ats[made->count] = m->at;
		sizes[made->count++] = m->size;
	}
	made->names = names;
	made->ats = ats;
	made->sizes = sizes;
}

static int make_timeline(
	struct render *r, const struct pres_index *index, struct player_made *made, struct err *err)
{
	struct buf json;
	int rc = 0;

	buf_init_max(&json, TIMELINE_MAX);
	for (int i = 0; rc == 0 && i < index->count; i++)
		rc = place_member(r, &index->members[i], err);
	if (rc == 0)
		rc = compose(r, &json, err);
	if (rc == 0)
		rc = read_timeline(r->arena, &json, made, err);
	if (rc == 0)
		rc = store_timeline(r, &json, made, err);
	buf_free(&json);
	return rc;
}

static const char *profile_of(const struct render_claim *claim)
{
	for (int i = 0; i < claim->profile_count; i++)
		if (strcmp(claim->profiles[i].kind, KIND) == 0)
			return claim->profiles[i].name;
	return NULL;
}

/* Makes it known; what it takes the place of goes. */
static int finish(struct render *r, const struct player_made *made, struct err *err)
{
	const char **garbage = NULL;

	if (player_finish(&r->claim, r->arena, made, &garbage, err) == -1) {
		/* After a database that broke off nobody knows whether the set has it: cleanup will. */
		if (made->profile && err->kind == ERR_CONFLICT)
			render_drop_keys(r->job, (const char *[]){made->key, NULL});
		return -1;
	}
	render_drop_keys(r->job, garbage);
	return 0;
}

int render_player(struct render *r, struct err *err)
{
	const char *profile = profile_of(&r->claim);
	struct player_made made = {0};
	struct pres_index index = {0};
	long long begin = clock_ms();

	if (profile && read_index(r, &index, err) == -1)
		return -1;
	if (index.count == 0)
		return 0;
	if (make_timeline(r, &index, &made, err) == -1)
		return -1;
	made.profile = profile;
	made.took_ms = clock_ms() - begin;
	list_files(r, &index, &made);
	return finish(r, &made, err) == -1 ? -1 : 1;
}

int render_no_player(struct render *r, struct err *err)
{
	const struct player_made nothing = {0};

	return finish(r, &nothing, err);
}
