/* SPDX-License-Identifier: ISC */
/* b3lb-render: makes the videos of uploaded recordings, one set after the other, beside as many others as
 * there are. */
#include "config.h"
#include "render.h"

#include "base/dir.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/recording_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BLOCK_BYTES 65536
#define MIB	    (1LL << 20)

/* In this order: what a node has made itself is not drawn once more. */
static const struct render_kind *const kinds[] = {&render_kind_copy, &render_kind_presentation};

static bool go_on(void *ctx)
{
	struct render *r = ctx;

	return !*r->job->stop && render_keep(&r->claim);
}

int render_store(struct render *r, const char *path, const char *mime, char key[STORE_KEY_LEN + 1],
	long long *size, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct store_put *put = NULL;
	char *block = mem_alloc(BLOCK_BYTES);
	struct stat st;
	ssize_t n = -1;

	store_key_make(key);
	if (fd == -1 || fstat(fd, &st) == -1)
		err_set(err, ERR_INTERNAL, "could not open a rendered file: %s", strerror(errno));
	else if (recording_archive_room(r->job->conf, r->job->db, r->job->store, st.st_size, err) == 0)
		put = store_put_begin(r->job->store, key, mime, err);
	while (put && (n = read(fd, block, BLOCK_BYTES)) > 0) {
		*size += n;
		if (!go_on(r))
			err_set(err, ERR_BUSY, "stopped");
		if (err->kind || store_put_write(put, block, (size_t)n, err) == -1)
			break;
	}
	if (put && n == -1)
		err_set(err, ERR_AWAY, "could not read a rendered file: %s", strerror(errno));
	if (put && n != 0) {
		store_put_abort(put);
		put = NULL;
	} else if (put && store_put_commit(put, err) == -1) {
		put = NULL;
	}
	free(block);
	if (fd != -1)
		close(fd);
	/* A store that is full is so for all. */
	if (!put && err->kind == ERR_LIMIT)
		err->kind = ERR_AWAY;
	return put ? 0 : -1;
}

/* What is extracted takes as much as the archive, for each kind that extracts, and a video as much again as a rule. Who
 * writes more has what is left. */
static int check_room(struct render *r, struct err *err)
{
	long long size = r->claim.archive_size, need = size, room;
	struct statvfs vfs;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (int k = 0; k < r->claim.profile_count; k++)
			if (strcmp(r->claim.profiles[k].kind, kinds[i]->name) == 0) {
				need += size;
				break;
			}
	if (statvfs(r->dir, &vfs) == -1)
		return err_set(err, ERR_AWAY, "could not look at render_path: %s", strerror(errno));
	room = (long long)vfs.f_bavail * (long long)vfs.f_frsize - r->job->conf->record_free_min * MIB;
	if (room < need)
		return err_set(err, ERR_LIMIT,
			"the disk of render_path has %lld MiB left besides record_free_min, the recording wants %lld MiB",
			(room > 0 ? room : 0) / MIB, (need + MIB - 1) / MIB);
	r->limits.file_bytes = room - (need - size);
	return 0;
}

/* One profile: 1 made, 0 nothing for it in the archive, -1. */
static int make_one(struct render *r, const struct render_kind *kind, const struct record_profile *profile,
	struct render_result *result, struct err *err)
{
	const char *to = arena_printf(r->arena, "%s/out", r->dir);
	long long begin = clock_ms();
	int made;

	*result = (struct render_result){.profile = profile->name};
	made = kind->make(r, profile, to, result, err);
	if (made != 1)
		return made;
	result->took_ms = clock_ms() - begin;
	made = render_store(r, to, result->facts.type->mime, result->key, &result->size, err) == -1 ? -1 : 1;
	unlink(to);
	return made;
}

/* A profile of another kind has made a video of the same type: platforms would show one of both. */
static bool made_already(const struct render *r, const struct record_profile *profile,
	const struct render_result *results, int count)
{
	for (int i = 0; i < count; i++)
		for (int k = 0; k < r->claim.profile_count; k++)
			if (strcmp(r->claim.profiles[k].name, results[i].profile) == 0 &&
				strcmp(r->claim.profiles[k].type, profile->type) == 0 &&
				strcmp(r->claim.profiles[k].kind, profile->kind) != 0)
				return true;
	return false;
}

/* All profiles of a kind; results are counted up. */
static int make_kind(struct render *r, const struct render_kind *kind, struct render_result *results,
	int *count, struct err *err)
{
	bool prepared = false;

	for (int i = 0; i < r->claim.profile_count; i++) {
		const struct record_profile *profile = &r->claim.profiles[i];
		int made;

		if (strcmp(profile->kind, kind->name) != 0 || made_already(r, profile, results, *count))
			continue;
		if (!prepared && kind->prepare(r, err) == -1)
			return -1;
		prepared = true;
		made = make_one(r, kind, profile, &results[*count], err);
		if (made == -1)
			return -1;
		*count += made;
	}
	return 0;
}

void render_drop_keys(const struct job *job, const char **keys)
{
	struct err err = {0};

	for (; *keys; keys++)
		if (store_delete(job->store, *keys, &err) == -1)
			log_msg(LOG_LEVEL_WARNING, "left_behind", "%s: cleanup takes it away", err.text);
}

/* Forgets what was made of a set that is given up: nothing refers to it. */
static void drop_results(const struct job *job, const struct render_result *results, int count)
{
	for (int i = 0; i < count; i++) {
		const char *keys[] = {results[i].key, NULL};

		render_drop_keys(job, keys);
	}
}

/* 1: the player shows it, 0: it does not, -1. A presentation that cannot be read is said in why, and its videos
 * are made all the same. */
static int show_player(struct render *r, struct err *why)
{
	int shown = render_player(r, why);

	if (shown != -1 || why->kind != ERR_INVALID ||
		(child_was_killed(why) && r->claim.tries < RENDER_TRIES))
		return shown;
	log_msg(LOG_LEVEL_WARNING, "no_player", "recording %s: %s", r->claim.record_id, why->text);
	return 0;
}

static int make_all(struct render *r, struct err *err)
{
	struct render_result *results =
		arena_alloc(r->arena, sizeof(*results) * (size_t)(r->claim.profile_count + 1));
	const char **garbage = NULL;
	struct err player = {0};
	int count = 0, rc = 0, shown;

	if (check_room(r, err) == -1)
		return -1;
	shown = show_player(r, &player);
	if (shown == -1) {
		*err = player;
		return -1;
	}
	for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(kinds); i++)
		rc = make_kind(r, kinds[i], results, &count, err);
	if (rc == 0 && !shown)
		rc = render_no_player(r, err);
	if (rc == 0 && count == 0 && player.kind)
		rc = err_set(err, player.kind, "%s", player.text);
	else if (rc == 0 && count == 0 && !shown)
		rc = err_set(err, ERR_INVALID,
			r->claim.profile_count
				? "the archive holds neither a presentation nor a video for any of the profiles"
				: "the secret has no profile and none is preset");
	if (rc == -1) {
		drop_results(r->job, results, count);
		return -1;
	}
	rc = render_finish(&r->claim, r->arena, results, count, &garbage, err);
	if (rc == 0)
		render_drop_keys(r->job, garbage);
	else if (err->kind == ERR_CONFLICT)
		drop_results(r->job, results, count);
	/* Otherwise the database broke off, and nobody knows: cleanup will. */
	return rc;
}

static void log_set(const struct render *r, enum log_level level, const char *event, const char *why)
{
	struct log_line l;

	log_begin(&l, level, event);
	log_str(&l, "recording", r->claim.record_id);
	log_int(&l, "try", r->claim.tries);
	log_str(&l, "msg", why);
	log_end(&l);
}

/* What became of a set: 0, or -1 when the round cannot go on. */
static int settle(struct render *r, int rc, struct err *err, int *done, int *bad)
{
	struct err why = *err;
	bool failed = false;

	if (rc == 0) {
		++*done;
		log_set(r, LOG_LEVEL_INFO, "rendered", NULL);
		return 0;
	}
	*err = (struct err){0};
	if (r->claim.lost || why.kind == ERR_CONFLICT) {
		log_set(r, LOG_LEVEL_INFO, "render_dropped", why.text);
		return 0;
	}
	if (*r->job->stop)
		return render_give_back(&r->claim, NULL, err);
	/* Smaller ones may have room. */
	if (why.kind == ERR_LIMIT) {
		++*bad;
		log_set(r, LOG_LEVEL_WARNING, "render_later", why.text);
		return render_give_back(&r->claim, why.text, err);
	}
	if (why.kind == ERR_INVALID || why.kind == ERR_NOT_FOUND) {
		++*bad;
		if (render_fail(&r->claim, why.text, &failed, err) == -1)
			return -1;
		log_set(r, failed ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING,
			failed ? "render_failed" : "render_again", why.text);
		return 0;
	}
	/* Store, disk or database: not this recording's fault, and the next one would fare no better. */
	if (render_give_back(&r->claim, NULL, err) == 0)
		*err = why;
	return -1;
}

/* One set: 1 there was one, 0 none waits, -1. */
static int render_one(const struct job *job, int *done, int *bad, struct err *err)
{
	struct arena a = {0};
	struct render r = {.job = job, .arena = &a};
	char *dir;
	int rc;

	r.limits = (struct child_limits){
		.seconds = job->conf->render_timeout,
		.memory_bytes = SANITIZED ? 0 : job->conf->render_memory * MIB,
		.go_on = go_on,
		.ctx = &r,
	};
	dir = arena_printf(&a, "%s/render-XXXXXX", job->conf->render_path);
	/* First, so that no set is taken where none can be worked on. */
	if (dir_make(job->conf->render_path, 0700) == -1 || !mkdtemp(dir)) {
		err_set(err, ERR_AWAY, "could not make a directory below render_path %.200s: %s",
			job->conf->render_path, strerror(errno));
		arena_free(&a);
		return -1;
	}
	r.dir = dir;
	rc = render_claim(job->db, &a, &r.claim, err);
	if (rc == 0 && r.claim.id) {
		rc = settle(&r, make_all(&r, err), err, done, bad);
		rc = rc == 0 ? 1 : -1;
	}
	dir_remove(AT_FDCWD, dir, false);
	arena_free(&a);
	return rc;
}

static int round_render(const struct job *job, struct buf *message, struct err *err)
{
	int done = 0, bad = 0, more = 1;

	while (more == 1 && !*job->stop)
		more = render_one(job, &done, &bad, err);
	buf_printf(message, "%d recordings rendered, %d failed", done, bad);
	return more == -1 ? -1 : 0;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "render",
		.purpose = "makes the videos of uploaded recordings",
		.round = round_render,
	};

	return job_main(&spec, argc, argv);
}
