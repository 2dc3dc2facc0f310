/* SPDX-License-Identifier: ISC */
/* b3lb-cleanup: stored files that nothing refers to. A database that was restored, or is another one, knows too
 * little: nothing is deleted in haste. */
#include "config.h"
#include "cleanup.h"

#include "core/recording_cleanup.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_AT_ONCE 500
#define DAY_SECONDS  86400LL

struct found {
	char key[STORE_KEY_LEN + 1];
	bool unknown; /* nothing refers to it */
	struct store_object object;
};

/* A list that grows. */
struct found_list {
	struct found *list;
	size_t count, room;
};

struct files {
	struct cleanup *c;
	long long old;	    /* files that were written later are left alone */
	long long long_ago; /* what was put aside later stays */
	int total;	    /* finished objects of any age */
	struct found_list lost, orphans;
};

static void found_add(struct found_list *l, const struct store_entry *entry)
{
	struct found *f;

	if (l->count == l->room) {
		struct found *more = mem_alloc(sizeof(*more) * (l->room * 2 + 64));

		if (l->count)
			memcpy(more, l->list, sizeof(*more) * l->count);
		free(l->list);
		l->list = more;
		l->room = l->room * 2 + 64;
	}
	f = &l->list[l->count++];
	*f = (struct found){.object = entry->object};
	memcpy(f->key, entry->key, sizeof(f->key));
}

static int found_compare(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->key, ((const struct found *)b)->key);
}

static struct found *found_find(const struct found_list *l, const char *key)
{
	struct found wanted = {0};

	memcpy(wanted.key, key, sizeof(wanted.key));
	return l->count ? bsearch(&wanted, l->list, l->count, sizeof(*l->list), found_compare) : NULL;
}

/* Asks the database which of them nothing refers to; sorts them. */
static int mark_unknown(struct files *f, struct found_list *l, struct err *err)
{
	struct arena a = {0};
	int rc = 0;

	if (l->count)
		qsort(l->list, l->count, sizeof(*l->list), found_compare);
	for (size_t from = 0; from < l->count && rc != -1; from += KEYS_AT_ONCE) {
		const char *keys[KEYS_AT_ONCE], **unknown = NULL;
		int n = 0;

		while (n < KEYS_AT_ONCE && from + (size_t)n < l->count) {
			keys[n] = l->list[from + (size_t)n].key;
			n++;
		}
		rc = cleanup_orphans(f->c->job->db, &a, keys, n, &unknown, err);
		for (int i = 0; i < rc; i++)
			found_find(l, unknown[i])->unknown = true;
		arena_reset(&a);
	}
	arena_free(&a);
	return rc == -1 ? -1 : 0;
}

static int remember_lost(void *ctx, const struct store_entry *entry, struct err *err)
{
	struct files *f = ctx;

	(void)err;
	found_add(&f->lost, entry);
	return 0;
}

static int drop(struct cleanup *c, const struct store_entry *entry, const char *why, struct err *err)
{
	struct err reason = {0};

	if (!c->job->dry_run && store_drop(c->job->store, entry, &reason) == -1)
		return cleanup_miss(c, &reason, err);
	c->missed = 0;
	c->files++;
	cleanup_tell(c, CLEANUP_DELETE, "file", entry->key, why, entry->object.size);
	return 0;
}

static int look_at(void *ctx, const struct store_entry *entry, struct err *err)
{
	struct files *f = ctx;

	f->total += !entry->pending;
	/* A file that is young may be about to get its row. */
	if (entry->object.modified >= f->old)
		return 0;
	if (entry->pending)
		return drop(f->c, entry, "never finished", err);
	if (!found_find(&f->lost, entry->key))
		found_add(&f->orphans, entry);
	return 0;
}

/* True for what was put aside long ago. */
static bool is_due(const struct files *f, const struct found *lost)
{
	return lost->unknown && lost->object.modified < f->long_ago;
}

/* Whether the database can be believed: it knows an archive, and most of what is stored. */
static int check_database(struct files *f, int orphans, bool knows_archives, struct err *err)
{
	int tenth = f->total / 10;

	if (!knows_archives)
		return err_set(err, ERR_CONFLICT,
			"the database knows no archive at all: none of %d stored files was put aside or deleted",
			f->total + (int)f->lost.count);
	if (orphans > (tenth > 1 ? tenth : 1) && !f->c->job->force)
		return err_set(err, ERR_CONFLICT,
			"the database does not know %d of %d stored files, more than a tenth: none was put aside or deleted (--force does it)",
			orphans, f->total);
	return 0;
}

static int put_aside(struct files *f, struct err *err)
{
	struct cleanup *c = f->c;
	int rc = 0;

	for (size_t i = 0; i < f->orphans.count && rc == 0 && !*c->job->stop; i++) {
		const struct found *o = &f->orphans.list[i];
		struct err why = {0};

		if (!o->unknown)
			continue;
		if (!c->job->dry_run && store_lose(c->job->store, o->key, &why) == -1) {
			rc = cleanup_miss(c, &why, err);
			continue;
		}
		c->missed = 0;
		c->put_aside++;
		cleanup_tell(c, CLEANUP_PUT_ASIDE, "file", o->key, "nothing refers to it", o->object.size);
	}
	return rc;
}

/* Deletes what was put aside long ago. */
static int drop_lost(struct files *f, struct err *err)
{
	struct cleanup *c = f->c;
	int rc = 0;

	for (size_t i = 0; i < f->lost.count && rc == 0 && !*c->job->stop; i++) {
		const struct found *l = &f->lost.list[i];
		const struct store_entry entry = {.key = l->key, .lost = true, .object = l->object};

		if (is_due(f, l))
			rc = drop(c, &entry, "put aside long ago", err);
	}
	return rc;
}

/* Takes back what something refers to, again or by now. */
static int take_back(struct files *f, struct err *err)
{
	struct cleanup *c = f->c;
	int rc = 0;

	for (size_t i = 0; i < f->lost.count && rc == 0; i++) {
		struct found *l = &f->lost.list[i];
		struct err why = {0};

		if (l->unknown)
			continue;
		if (!c->job->dry_run && store_regain(c->job->store, l->key, &why) == -1 &&
			why.kind != ERR_NOT_FOUND) {
			rc = cleanup_miss(c, &why, err);
			continue;
		}
		c->taken_back++;
		cleanup_tell(
			c, CLEANUP_TAKE_BACK, "file", l->key, "a recording refers to it", l->object.size);
	}
	return rc;
}

int cleanup_files(struct cleanup *c, struct err *err)
{
	struct files f = {
		.c = c,
		.old = c->now - c->job->conf->record_orphan_hours * 3600LL,
		.long_ago = c->now - c->job->conf->record_lost_days * DAY_SECONDS,
	};
	bool knows_archives = false;
	int rc = -1, orphans = 0, due = 0;

	if (store_list_lost(c->job->store, remember_lost, &f, err) == -1 ||
		mark_unknown(&f, &f.lost, err) == -1 || take_back(&f, err) == -1 ||
		store_list(c->job->store, look_at, &f, err) == -1 ||
		mark_unknown(&f, &f.orphans, err) == -1 ||
		cleanup_knows_archives(c->job->db, &knows_archives, err) == -1)
		goto out;
	for (size_t i = 0; i < f.orphans.count; i++)
		orphans += f.orphans.list[i].unknown;
	for (size_t i = 0; i < f.lost.count; i++)
		due += is_due(&f, &f.lost.list[i]);
	rc = 0;
	if (orphans || due)
		rc = check_database(&f, orphans, knows_archives, err);
	if (rc == 0)
		rc = put_aside(&f, err);
	if (rc == 0)
		rc = drop_lost(&f, err);
out:
	free(f.lost.list);
	free(f.orphans.list);
	return rc;
}
