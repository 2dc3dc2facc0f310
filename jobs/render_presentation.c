/* SPDX-License-Identifier: ISC */
/* Profiles of the kind presentation: what BigBlueButton has published of a meeting is drawn as a video. */
#include "config.h"
#include "render.h"

#include "base/log.h"
#include "core/video_draw.h"
#include "presentation/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* More directories of an archive than any has formats are not looked at; nor are more files than any presentation has. */
#define PLACES_MAX 16
#define FILES_MAX  20000
/* What b3lb-compose says of what it could not draw. */
#define SAID_MAX 1024

/* A directory of the archive that holds files that a presentation may have. */
struct place {
	const char *prefix;
	int rank; /* how well it looks like the presentation's own */
};

struct places {
	struct render *r;
	struct place list[PLACES_MAX];
	int count;
	struct {
		const char *name;
		int place;
	} * files;
	int file_count;
};

static int place_of(struct places *p, const char *prefix)
{
	for (int i = 0; i < p->count; i++)
		if (strcmp(p->list[i].prefix, prefix) == 0)
			return i;
	if (p->count == PLACES_MAX)
		return -1;
	p->list[p->count] = (struct place){.prefix = prefix};
	return p->count++;
}

/* The file of a place, a name of ours, until it is known which place it is: "N,FLAT". */
static const char *path_of(struct places *p, int place, const char *name)
{
	return arena_printf(p->r->arena, "%s/%d,%s", p->r->dir, place, pres_flat_name(p->r->arena, name));
}

/*
 * Cuts a member's name into directory and name of a presentation's file: the presentation's place, or -1. A slide's
 * directory is called like the presentation's own, so the longest name that fits is the one.
 */
static int split(struct places *p, const char *member, const char **name)
{
	for (const char *s = member; s; s = strchr(s, '/')) {
		s += *s == '/';
		if (*s && pres_file_of(s)) {
			*name = s;
			return place_of(p, arena_strndup(p->r->arena, member, (size_t)(s - member)));
		}
	}
	return -1;
}

static void rank_place(struct places *p, int place, const char *member)
{
	size_t len;
	int rank = pres_prefix_rank(member, &len);

	/* The meeting's own, should another's be in it too. */
	if (rank && strstr(p->list[place].prefix, p->r->claim.record_id))
		rank += 3;
	if (rank > p->list[place].rank)
		p->list[place].rank = rank;
}

static int take_member(struct places *p, struct tar *tar, const struct tar_entry *entry, struct err *err)
{
	const char *name;
	int place = entry->file ? split(p, entry->name, &name) : -1;

	if (place == -1 || entry->size == 0)
		return 0;
	if (p->file_count == FILES_MAX)
		return err_set(err, ERR_INVALID, "the archive holds more than %d files of a presentation",
			FILES_MAX);
	rank_place(p, place, entry->name);
	p->files[p->file_count].name = arena_strdup(p->r->arena, name);
	p->files[p->file_count++].place = place;
	return extract(p->r, tar, entry, path_of(p, place, name), err);
}

/* Gives the files of the best place their own names, and takes the others away. */
static int choose(struct places *p, struct err *err)
{
	int best = -1;

	for (int i = 0; i < p->count; i++)
		if (p->list[i].rank &&
			(best == -1 || p->list[i].rank > p->list[best].rank ||
				(p->list[i].rank == p->list[best].rank &&
					strlen(p->list[i].prefix) < strlen(p->list[best].prefix))))
			best = i;
	for (int i = 0; i < p->file_count; i++) {
		const char *from = path_of(p, p->files[i].place, p->files[i].name);
		const char *to = arena_printf(
			p->r->arena, "%s/%s", p->r->dir, pres_flat_name(p->r->arena, p->files[i].name));

		if (p->files[i].place != best)
			unlink(from);
		/* A name that stands in the archive twice was written twice, and is renamed once. */
		else if (rename(from, to) == -1 && errno != ENOENT)
			return err_set(err, ERR_AWAY, "could not rename a file below render_path: %s",
				strerror(errno));
	}
	return 0;
}

/* One pass: the archive may come over a network. */
static int prepare(struct render *r, struct err *err)
{
	struct archive_source source = {.r = r};
	struct places p = {.r = r};
	struct tar_entry entry;
	struct tar *tar = NULL;
	int more = -1;

	r->extracted = 0;
	p.files = arena_alloc(r->arena, sizeof(*p.files) * FILES_MAX);
	source.reader = store_reader_open(r->job->store, r->claim.archive_key, 0, r->claim.archive_size, err);
	if (source.reader)
		tar = tar_open(read_archive, &source, err);
	while (tar && (more = tar_next(tar, &entry, err)) == 1) {
		if (take_member(&p, tar, &entry, err) == -1) {
			more = -1;
			break;
		}
	}
	tar_close(tar);
	store_reader_close(source.reader);
	return more == 0 ? choose(&p, err) : -1;
}

static int make(struct render *r, const struct record_profile *profile, const char *to,
	struct render_result *result, struct err *err)
{
	struct buf said;
	struct log_line l;
	int rc;

	/* Neither shapes.svg nor the presentation's metadata: another format's archive. */
	if (access(arena_printf(r->arena, "%s/shapes.svg", r->dir), R_OK) == -1 &&
		access(arena_printf(r->arena, "%s/metadata.xml", r->dir), R_OK) == -1)
		return 0;
	buf_init_max(&said, SAID_MAX);
	rc = video_draw(r->arena, r->dir, profile, r->job->conf->render_threads, &r->limits, to,
		&result->facts, &said, err);
	if (rc == 1 && said.len) {
		log_begin(&l, LOG_LEVEL_WARNING, "render_partly");
		log_str(&l, "recording", r->claim.record_id);
		log_str(&l, "msg", buf_str(&said));
		log_end(&l);
	}
	buf_free(&said);
	return rc;
}

const struct render_kind render_kind_presentation = {"presentation", prepare, make};
