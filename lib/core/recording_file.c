/* SPDX-License-Identifier: ISC */
/* The files of recordings: what is behind a nonce, and text tracks. */
#include "config.h"
#include "core/recording.h"

#include <string.h>

/* A video has its set's name; a text track its language too. */
static const struct db_stmt stmt_file = {"recording_file",
	"select v.storage_key, v.mime, r.name, v.download, v.size, "
	"floor(extract(epoch from v.created_at))::bigint, v.duration_ms, r.id, n.slug, "
	"v.extension "
	"from b3lb.record v join b3lb.record_set r on r.id = v.record_set_id "
	"join b3lb.tenant n on n.id = r.tenant_id "
	"where v.nonce = $1 and v.kind = 'video' and v.listed and r.state = 'published' "
	"union all "
	"select t.storage_key, 'text/vtt; charset=utf-8', r.name || '_' || t.lang, false, t.size, "
	"floor(extract(epoch from t.created_at))::bigint, 0, r.id, n.slug, 'vtt' "
	"from b3lb.text_track t join b3lb.record_set r on r.id = t.record_set_id "
	"join b3lb.tenant n on n.id = r.tenant_id "
	"where t.nonce = $1 and r.state = 'published'",
	true};

#define THE_SET                                                                                              \
	"from b3lb.record_set r where r.tenant_id = $1::int and ($2::int is null or r.secret_id = $2::int) " \
	"and r.record_id = $3 and r.state in ('published', 'unpublished')"

static const struct db_stmt stmt_tracks = {"recording_tracks",
	"select (select coalesce(json_agg(json_build_object('href', $4 || '/b3lb/r/' || t.nonce, 'kind', "
	"t.kind, "
	"'label', t.label, 'lang', t.lang, 'source', t.source) order by t.id), '[]') "
	"from b3lb.text_track t where t.record_set_id = r.id) " THE_SET,
	true};

static const struct db_stmt stmt_exists = {"recording_exists", "select 1 " THE_SET, true};

static const struct db_stmt stmt_put_track = {"recording_put_track",
	"with old as (select t.storage_key from b3lb.text_track t join (select r.id " THE_SET
	") s on s.id = t.record_set_id where t.kind = $4 and t.lang = $5) "
	"insert into b3lb.text_track as x (record_set_id, kind, lang, label, size, storage_key) "
	"select r.id, $4, $5, $6, $7::bigint, $8 " THE_SET
	" on conflict (record_set_id, kind, lang) do update set label = excluded.label, size = "
	"excluded.size, "
	"storage_key = excluded.storage_key, nonce = excluded.nonce, created_at = now() "
	"returning (select storage_key from old)",
	false};

static void set_args(struct db_args *args, struct recording_owner owner, const char *record_id)
{
	db_arg_int(args, owner.tenant_id);
	if (owner.secret_id)
		db_arg_int(args, owner.secret_id);
	else
		db_arg_text(args, NULL);
	db_arg_text(args, record_id);
}

int recording_find_file(
	struct db *db, struct arena *a, const char *nonce, struct recording_file *file, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	db_arg_text(&args, nonce);
	if (db_run_found(db, &stmt_file, &args, &r, "such file", err) == -1)
		return -1;
	*file = (struct recording_file){
		.key = arena_strdup(a, db_text(r, 0, 0)),
		.mime = arena_strdup(a, db_text(r, 0, 1)),
		.name = arena_strdup(a, db_text(r, 0, 2)),
		.download = db_bool(r, 0, 3),
		.size = db_int(r, 0, 4),
		.modified = db_int(r, 0, 5),
		.duration_ms = db_int(r, 0, 6),
		.set_id = db_int(r, 0, 7),
		.tenant = arena_strdup(a, db_text(r, 0, 8)),
		.extension = arena_strdup(a, db_text(r, 0, 9)),
	};
	db_free(r);
	return 0;
}

int recording_list_tracks(struct db *db, struct arena *a, struct recording_owner owner, const char *record_id,
	const char *url, const char **json, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	set_args(&args, owner, record_id);
	db_arg_text(&args, url);
	if (db_run_found(db, &stmt_tracks, &args, &r, "such recording", err) == -1)
		return -1;
	*json = arena_strdup(a, db_text(r, 0, 0));
	db_free(r);
	return 0;
}

int recording_exists(
	struct db *db, struct recording_owner owner, const char *record_id, bool *found, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	set_args(&args, owner, record_id);
	if (db_run(db, &stmt_exists, &args, &r, err) == -1)
		return -1;
	*found = db_rows(r) > 0;
	db_free(r);
	return 0;
}

int recording_put_track(struct db *db, struct arena *a, struct recording_owner owner, const char *record_id,
	const struct recording_track *track, const char **old, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	set_args(&args, owner, record_id);
	db_arg_text(&args, track->kind);
	db_arg_text(&args, track->lang);
	db_arg_text(&args, track->label);
	db_arg_int(&args, track->size);
	db_arg_text(&args, track->key);
	if (db_run_found(db, &stmt_put_track, &args, &r, "such recording", err) == -1)
		return -1;
	*old = arena_strdup(a, db_text(r, 0, 0));
	db_free(r);
	return 0;
}
