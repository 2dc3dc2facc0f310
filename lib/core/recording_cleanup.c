/* SPDX-License-Identifier: ISC */
/* Recordings that are to be deleted, and stored files that nothing refers to. */
#include "config.h"
#include "core/recording_cleanup.h"

#include <string.h>

static const struct db_stmt stmt_expire = {"cleanup_expire",
	"update b3lb.record_set r set status = 'DELETING', deleted_at = now() from b3lb.expired_sets() e "
	"where r.id = e.set_id and r.status <> 'DELETING'",
	true};
static const struct db_stmt stmt_sets = {"cleanup_sets",
	"select r.id, coalesce(r.record_id, '-'), upper(t.slug) || '-' || s.sub_id, "
	"coalesce(e.reason, 'deleted'), "
	"coalesce(r.archive_size, 0) + coalesce(f.bytes, 0), concat_ws(',', r.archive_key, f.keys) "
	"from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id join b3lb.secret s on s.id = "
	"r.secret_id "
	"left join b3lb.expired_sets() e on e.set_id = r.id and $3::boolean "
	"cross join lateral (select sum(x.size)::bigint as bytes, string_agg(x.storage_key, ',') as keys "
	"  from (select size, storage_key from b3lb.record where record_set_id = r.id "
	"    union all select size, storage_key from b3lb.text_track where record_set_id = r.id) x) f "
	"where r.id > $1::bigint and (r.status = 'DELETING' or e.set_id is not null) "
	"order by r.id limit $2::int",
	true};
static const struct db_stmt stmt_forget = {"cleanup_forget", "select b3lb.forget_set($1::bigint)", true};
static const struct db_stmt stmt_orphans = {
	"cleanup_orphans", "select b3lb.unreferenced_keys($1::text[])", true};

int cleanup_expire(struct db *db, struct err *err)
{
	return db_run(db, &stmt_expire, NULL, NULL, err);
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
	struct db_args args = {0};
	struct db_result *r = NULL;
	int count;

	db_arg_int(&args, after);
	db_arg_int(&args, max);
	db_arg_bool(&args, expired);
	if (db_run(db, &stmt_sets, &args, &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		(*list)[i] = (struct doomed_set){
			.id = db_int(r, i, 0),
			.record_id = arena_strdup(a, db_text(r, i, 1)),
			.secret = arena_strdup(a, db_text(r, i, 2)),
			.reason = arena_strdup(a, db_text(r, i, 3)),
			.bytes = db_int(r, i, 4),
			.keys = split_keys(a, db_text(r, i, 5)),
		};
	}
	db_free(r);
	return count;
}

int cleanup_forget(struct db *db, long long id, struct err *err)
{
	struct db_args args = {0};

	db_arg_int(&args, id);
	return db_run(db, &stmt_forget, &args, NULL, err);
}

int cleanup_orphans(struct db *db, struct arena *a, const char *const *keys, int count, const char ***orphans,
	struct err *err)
{
	struct buf text = BUF_INIT;
	struct db_args args = {0};
	struct db_result *r = NULL;
	int found = -1;

	db_array_begin(&text);
	for (int i = 0; i < count; i++)
		db_array_add(&text, keys[i]);
	db_array_end(&text);
	db_arg_text(&args, buf_str(&text));
	if (db_run(db, &stmt_orphans, &args, &r, err) == 0) {
		found = db_rows(r);
		*orphans = arena_alloc(a, sizeof(**orphans) * (size_t)(found + 1));
		for (int i = 0; i < found; i++)
			(*orphans)[i] = arena_strdup(a, db_text(r, i, 0));
	}
	db_free(r);
	buf_free(&text);
	return found;
}
