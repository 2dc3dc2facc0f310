/* SPDX-License-Identifier: ISC */
/* Recordings that are to be deleted, and stored files that nothing refers to. */
#include "config.h"
#include "core/recording_cleanup.h"

#include "sql/statements.h"

#include <string.h>

int cleanup_expire(struct db *db, struct err *err)
{
	return db_run(db, &stmt_cleanup_expire, NULL, NULL, err);
}

int cleanup_attendance(struct db *db, struct err *err)
{
	return db_run(db, &stmt_cleanup_attendance, NULL, NULL, err);
}

/* "a,b" as a list that ends with NULL. */
static const char **split_keys(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *key;
	const char **keys;
	int count = 0;

	for (const char *p = text; *p; p++)
		count += *p == ',';
	keys = arena_alloc(a, sizeof(*keys) * (size_t)(count + 2));
	count = 0;
	while ((key = strsep(&copy, ",")))
		if (*key)
			keys[count++] = key;
	return keys;
}

int cleanup_sets(struct db *db, struct arena *a, long long after, int max, bool expired,
	struct doomed_set **list, struct err *err)
{
	struct db_result *r = NULL;
	int count;

	if (db_run(db, &stmt_cleanup_sets, DB_ARGS(after, max, expired), &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		(*list)[i] = (struct doomed_set){
			.id = db_int(r, i, CLEANUP_SETS_ID),
			.record_id = arena_strdup(a, db_text(r, i, CLEANUP_SETS_RECORD_ID)),
			.secret = arena_strdup(a, db_text(r, i, CLEANUP_SETS_SECRET)),
			.reason = arena_strdup(a, db_text(r, i, CLEANUP_SETS_REASON)),
			.bytes = db_int(r, i, CLEANUP_SETS_BYTES),
			.keys = split_keys(a, db_text(r, i, CLEANUP_SETS_KEYS)),
		};
	}
	db_free(r);
	return count;
}

int cleanup_forget(struct db *db, long long id, struct err *err)
{
	return db_run(db, &stmt_cleanup_forget, DB_ARGS(id), NULL, err);
}

int cleanup_orphans(struct db *db, struct arena *a, const char *const *keys, int count, const char ***orphans,
	struct err *err)
{
	struct buf text = BUF_INIT;
	struct db_result *r = NULL;
	int found = -1;

	db_array_begin(&text);
	for (int i = 0; i < count; i++)
		db_array_add(&text, keys[i]);
	db_array_end(&text);
	if (db_run(db, &stmt_cleanup_orphans, DB_ARGS(buf_str(&text)), &r, err) == 0) {
		found = db_rows(r);
		*orphans = arena_alloc(a, sizeof(**orphans) * (size_t)(found + 1));
		for (int i = 0; i < found; i++)
			(*orphans)[i] = arena_strdup(a, db_text(r, i, CLEANUP_ORPHANS_KEY));
	}
	db_free(r);
	buf_free(&text);
	return found;
}

int cleanup_clock(struct db *db, long long *now, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_cleanup_clock, NULL, &r, err);

	if (rc == 0)
		*now = db_int(r, 0, CLEANUP_CLOCK_NOW);
	db_free(r);
	return rc;
}

int cleanup_knows_archives(struct db *db, bool *knows, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_cleanup_knows_archives, NULL, &r, err);

	if (rc == 0)
		*knows = db_bool(r, 0, CLEANUP_KNOWS_ARCHIVES_KNOWS);
	db_free(r);
	return rc;
}
