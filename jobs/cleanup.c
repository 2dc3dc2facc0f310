/* SPDX-License-Identifier: ISC */
/* b3lb-cleanup: takes away recordings that are deleted or expired, and what killed processes left behind. */
#include "config.h"
#include "run/job.h"

#include "base/log.h"
#include "core/recording_cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SETS_AT_ONCE 100
#define KEYS_AT_ONCE 500
/* So many in a row that cannot be deleted, and the store is taken for away. */
#define MISSED_MAX 10
/* What b3lb-render makes below render_path. */
#define RENDER_PREFIX "render-"

struct cleanup {
	const struct job *job;
	long long before; /* files that were written later are left alone, seconds */
	int sets, files;
	long long bytes;
	int missed;	  /* in a row */
	struct err first; /* why the first could not be deleted */
	/* stored files whose owner is asked for together */
	struct arena arena;
	const char *keys[KEYS_AT_ONCE];
	long long sizes[KEYS_AT_ONCE];
	int key_count;
};

/* Says what goes, or would go. */
static void tell(struct cleanup *c, const char *what, const char *name, const char *why, long long bytes)
{
	struct log_line l;

	c->bytes += bytes;
	if (c->job->dry_run) {
		printf("would delete %s %s (%s), %lld bytes\n", what, name, why, bytes);
		return;
	}
	log_begin(&l, LOG_LEVEL_INFO, "deleted");
	log_str(&l, what, name);
	log_str(&l, "why", why);
	log_int(&l, "bytes", bytes);
	log_end(&l);
}

/* One that cannot be deleted holds up no other: 0, or -1 with err when none can. */
static int miss(struct cleanup *c, const struct err *why, struct err *err)
{
	if (!c->first.kind)
		c->first = *why;
	if (++c->missed < MISSED_MAX)
		return 0;
	*err = c->first;
	return -1;
}

/* Files first, rows second: whenever this is killed, the rows still say what is to be done. */
static int delete_set(struct cleanup *c, const struct doomed_set *set, struct err *err)
{
	struct err why = {0};
	char name[256];

	for (const char **key = set->keys; *key && !c->job->dry_run; key++)
		if (store_delete(c->job->store, *key, &why) == -1)
			return miss(c, &why, err);
	c->missed = 0;
	if (!c->job->dry_run && cleanup_forget(c->job->db, set->id, err) == -1)
		return -1;
	c->sets++;
	snprintf(name, sizeof(name), "%.150s of %.40s", set->record_id, set->secret);
	tell(c, "recording", name, set->reason, set->bytes);
	return 0;
}

static int delete_sets(struct cleanup *c, struct err *err)
{
	struct doomed_set *list = NULL;
	struct arena a = {0};
	long long after = 0;
	int count = SETS_AT_ONCE, rc = 0;

	if (!c->job->dry_run && cleanup_expire(c->job->db, err) == -1)
		return -1;
	while (rc == 0 && count == SETS_AT_ONCE && !*c->job->stop) {
		count = cleanup_sets(c->job->db, &a, after, SETS_AT_ONCE, c->job->dry_run, &list, err);
		rc = count == -1 ? -1 : 0;
		for (int i = 0; i < count && rc == 0 && !*c->job->stop; i++) {
			after = list[i].id;
			rc = delete_set(c, &list[i], err);
		}
		arena_reset(&a);
	}
	arena_free(&a);
	return rc;
}

static int drop(struct cleanup *c, const struct store_entry *entry, const char *why, struct err *err)
{
	struct err reason = {0};

	if (!c->job->dry_run && store_drop(c->job->store, entry, &reason) == -1)
		return miss(c, &reason, err);
	c->missed = 0;
	c->files++;
	tell(c, "file", entry->key, why, entry->object.size);
	return 0;
}

/* Asks for the owners of the keys that were gathered, and drops those without one. */
static int drop_orphans(struct cleanup *c, struct err *err)
{
	const char **orphans = NULL;
	int count, rc = 0;

	count = c->key_count ? cleanup_orphans(c->job->db, &c->arena, c->keys, c->key_count, &orphans, err)
			     : 0;
	for (int i = 0; i < count && rc == 0; i++) {
		struct store_entry entry = {.key = orphans[i]};

		for (int k = 0; k < c->key_count; k++)
			if (strcmp(c->keys[k], orphans[i]) == 0)
				entry.object.size = c->sizes[k];
		rc = drop(c, &entry, "nothing refers to it", err);
	}
	c->key_count = 0;
	arena_reset(&c->arena);
	return count == -1 ? -1 : rc;
}

static int look_at(void *ctx, const struct store_entry *entry, struct err *err)
{
	struct cleanup *c = ctx;

	/* A file that is young may be about to get its row. */
	if (entry->object.modified >= c->before)
		return 0;
	if (entry->pending)
		return drop(c, entry, "never finished", err);
	c->keys[c->key_count] = arena_strdup(&c->arena, entry->key);
	c->sizes[c->key_count++] = entry->object.size;
	return c->key_count == KEYS_AT_ONCE ? drop_orphans(c, err) : 0;
}

/* The files of a renderer that was killed; one level deep. */
static void drop_work_dir(struct cleanup *c, int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	long long bytes = 0;
	struct dirent *d;
	struct stat st;

	while (dir && (d = readdir(dir))) {
		if (fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1 || !S_ISREG(st.st_mode))
			continue;
		bytes += st.st_size;
		if (!c->job->dry_run)
			unlinkat(fd, d->d_name, 0);
	}
	if (dir)
		closedir(dir);
	if (!c->job->dry_run)
		unlinkat(parent, name, AT_REMOVEDIR);
	c->files++;
	tell(c, "directory", name, "left by a renderer", bytes);
}

/* Neither it nor a file in it was written lately: a file that grows leaves its directory as it is. */
static bool work_is_old(const struct cleanup *c, int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	bool old = dir != NULL;
	struct dirent *d;
	struct stat st;

	/* "." is the directory itself; the parent's time says nothing. */
	while (old && (d = readdir(dir)))
		if (strcmp(d->d_name, "..") != 0 && fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			old = st.st_mtime < c->before;
	if (dir)
		closedir(dir);
	else if (fd != -1)
		close(fd);
	return old;
}

static void drop_work_dirs(struct cleanup *c)
{
	DIR *dir = opendir(c->job->conf->render_path);
	struct dirent *d;

	/* A host that renders nothing has none. */
	while (dir && (d = readdir(dir)))
		if (strncmp(d->d_name, RENDER_PREFIX, strlen(RENDER_PREFIX)) == 0 &&
			work_is_old(c, dirfd(dir), d->d_name))
			drop_work_dir(c, dirfd(dir), d->d_name);
	if (dir)
		closedir(dir);
}

static int round_cleanup(const struct job *job, struct buf *message, struct err *err)
{
	struct cleanup c = {.job = job};
	int rc;

	c.before = (long long)time(NULL) - job->conf->record_orphan_hours * 3600LL;
	rc = delete_sets(&c, err);
	if (rc == 0)
		rc = store_list(job->store, look_at, &c, err);
	if (rc == 0)
		rc = drop_orphans(&c, err);
	if (rc == 0 && c.first.kind) {
		*err = c.first;
		rc = -1;
	}
	arena_free(&c.arena);
	drop_work_dirs(&c);
	buf_printf(message, "%d recordings and %d files %sdeleted, %lld bytes %sfreed", c.sets, c.files,
		job->dry_run ? "would be " : "", c.bytes, job->dry_run ? "would be " : "");
	if (job->dry_run)
		printf("%s\n", buf_str(message));
	return rc;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "cleanup",
		.purpose = "takes away recordings that are deleted or expired, and what was left behind",
		.has_dry_run = true,
		.exclusive = true,
		.round = round_cleanup,
	};

	return job_main(&spec, argc, argv);
}
