/* SPDX-License-Identifier: ISC */
/* b3lb-cleanup: takes away recordings that are deleted or expired, and what killed processes left behind. */
#include "config.h"
#include "cleanup.h"

#include "base/dir.h"
#include "base/log.h"
#include "core/analytics.h"
#include "core/dialin.h"
#include "core/hook_send.h"
#include "core/recording_cleanup.h"
#include "core/usage.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SETS_AT_ONCE 100
/* So many in a row that cannot be deleted, and the store is taken for away. */
#define MISSED_MAX 10
/* What b3lb-render makes below render_path. */
#define RENDER_PREFIX "render-"
/* A clock that is so far from the database's is worth a line. */
#define CLOCK_APART_S 300

void cleanup_tell(struct cleanup *c, enum cleanup_deed deed, const char *what, const char *name,
	const char *why, long long bytes)
{
	static const struct {
		const char *would, *event;
	} words[] = {
		[CLEANUP_DELETE] = {"delete", "deleted"},
		[CLEANUP_PUT_ASIDE] = {"put aside", "put_aside"},
		[CLEANUP_TAKE_BACK] = {"take back", "taken_back"},
	};
	struct log_line l;

	if (deed == CLEANUP_DELETE)
		c->bytes += bytes;
	if (c->job->dry_run) {
		printf("would %s %s %s (%s), %lld bytes\n", words[deed].would, what, name, why, bytes);
		return;
	}
	log_begin(&l, LOG_LEVEL_INFO, words[deed].event);
	log_str(&l, what, name);
	log_str(&l, "why", why);
	log_int(&l, "bytes", bytes);
	log_end(&l);
}

int cleanup_miss(struct cleanup *c, const struct err *why, struct err *err)
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
			return cleanup_miss(c, &why, err);
	c->missed = 0;
	if (!c->job->dry_run && cleanup_forget(c->job->db, set->id, err) == -1)
		return -1;
	c->sets++;
	snprintf(name, sizeof(name), "%.150s of %.40s", set->record_id, set->secret);
	cleanup_tell(c, CLEANUP_DELETE, "recording", name, set->reason, set->bytes);
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

/* The files of renderers that were killed. */
static void drop_work_dirs(struct cleanup *c)
{
	DIR *dir = opendir(c->job->conf->render_path);
	long long before = c->now - c->job->conf->record_orphan_hours * 3600LL;
	struct dirent *d;

	/* A host that renders nothing has none. A file that grows leaves its directory as it is. */
	while (dir && (d = readdir(dir))) {
		if (strncmp(d->d_name, RENDER_PREFIX, strlen(RENDER_PREFIX)) != 0 ||
			!dir_is_older(dirfd(dir), d->d_name, before))
			continue;
		c->files++;
		cleanup_tell(c, CLEANUP_DELETE, "directory", d->d_name, "left by a renderer",
			dir_remove(dirfd(dir), d->d_name, c->job->dry_run));
	}
	if (dir)
		closedir(dir);
}

/* A clock that is fast would make young files old: the earlier one counts. */
static int read_clock(struct cleanup *c, struct err *err)
{
	long long here = (long long)time(NULL), there;

	if (cleanup_clock(c->job->db, &there, err) == -1)
		return -1;
	if (here - there > CLOCK_APART_S || there - here > CLOCK_APART_S)
		log_msg(LOG_LEVEL_WARNING, "clock", "this host's clock is %lld seconds from the database's",
			here - there);
	c->now = here < there ? here : there;
	return 0;
}

/* For the accounts: what is left is stored. */
static int count_stored(struct cleanup *c, struct err *err)
{
	const char *zone;

	if (usage_zone_of_job(c->job->db, c->job->conf, &zone, err) == -1)
		return -1;
	return usage_count_stored(c->job->db, zone, err);
}

/* What is kept of people for a time goes then, whatever is the matter with files. */
static void prune(struct cleanup *c)
{
	static int (*const prunes[])(struct db *, struct err *) = {hook_prune, analytics_prune, dialin_prune};

	for (size_t i = 0; !c->job->dry_run && i < ARRAY_SIZE(prunes); i++) {
		struct err why = {0};

		if (prunes[i](c->job->db, &why) == -1 && !c->first.kind)
			c->first = why;
	}
}

static int round_cleanup(const struct job *job, struct buf *message, struct err *err)
{
	struct cleanup c = {.job = job};
	int rc;

	if (read_clock(&c, err) == -1)
		return -1;
	if (!job->dry_run && cleanup_attendance(job->db, err) == -1)
		return -1;
	prune(&c);
	rc = delete_sets(&c, err);
	if (rc == 0)
		rc = cleanup_files(&c, err);
	if (rc == 0 && !job->dry_run)
		rc = count_stored(&c, err);
	if (rc == 0 && c.first.kind) {
		*err = c.first;
		rc = -1;
	}
	drop_work_dirs(&c);
	buf_printf(message, "%d recordings and %d files %sdeleted, %lld bytes %sfreed", c.sets, c.files,
		job->dry_run ? "would be " : "", c.bytes, job->dry_run ? "would be " : "");
	if (c.put_aside || c.taken_back)
		buf_printf(message, ", %d put aside, %d taken back", c.put_aside, c.taken_back);
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
		.force = "also when much would go",
		.exclusive = true,
		.round = round_cleanup,
	};

	return job_main(&spec, argc, argv);
}
