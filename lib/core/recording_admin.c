/* SPDX-License-Identifier: ISC */
/* Administration of recordings, and of the profiles that videos are made by. */
#include "config.h"
#include "core/recording_admin.h"

static const struct db_stmt stmt_list = {"recording_admin_list",
	"select upper(t.slug) as tenant, s.sub_id, r.record_id, r.meeting_id, r.name, r.status, r.published, "
	"to_timestamp(r.start_time / 1000)::timestamp(0) as started, "
	"(select count(*) from b3lb.record v where v.record_set_id = r.id) as videos, "
	"(select coalesce(sum(v.size), 0) from b3lb.record v where v.record_set_id = r.id) as bytes, "
	"r.render_error as error "
	"from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id join b3lb.secret s on s.id = "
	"r.secret_id "
	"where $1::text is null or t.slug = lower($1) order by r.start_time desc, r.id desc",
	true};
static const struct db_stmt stmt_show = {"recording_admin_show",
	"select upper(t.slug) as tenant, s.sub_id, r.record_id, r.meeting_id, r.name, r.status, r.state, "
	"r.published, r.marks, "
	"to_timestamp(r.start_time / 1000)::timestamp(0) as started, to_timestamp(r.end_time / "
	"1000)::timestamp(0) as ended, "
	"r.participants, r.raw_size, r.archive_size, r.uploaded_at::timestamp(0), "
	"r.rendered_at::timestamp(0), "
	"r.render_tries, r.render_error, r.meta::text "
	"from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id join b3lb.secret s on s.id = "
	"r.secret_id "
	"where r.record_id = $1 order by r.id limit 1",
	true};
static const struct db_stmt stmt_videos = {"recording_admin_videos",
	"select v.profile, v.type, v.listed, v.download, v.duration_ms / 1000 as seconds, v.size, v.mime, "
	"v.nonce "
	"from b3lb.record v join b3lb.record_set r on r.id = v.record_set_id where r.record_id = $1 order by "
	"v.id",
	true};

/* Each is one statement: all of the recordings, or none. */
#define CHOSEN                                                                                               \
	"with wanted as (select distinct unnest($1::text[]) as id), "                                        \
	"chosen as (select id, record_id from b3lb.record_set "                                              \
	"  where record_id in (select id from wanted) and "
#define ALL_OF_THEM                                                                                          \
	"where id in (select id from chosen) and "                                                           \
	"(select count(distinct record_id) from chosen) = (select count(*) from wanted) returning 1"

static const struct db_stmt stmt_change[] = {
	[RECORDING_PUBLISH] = {"recording_admin_publish",
		CHOSEN "status <> 'DELETING') update b3lb.record_set set published = true " ALL_OF_THEM,
		true},
	[RECORDING_UNPUBLISH] = {"recording_admin_unpublish",
		CHOSEN "status <> 'DELETING') update b3lb.record_set set published = false " ALL_OF_THEM,
		true},
	[RECORDING_DELETE] = {"recording_admin_delete",
		CHOSEN "true) update b3lb.record_set set status = 'DELETING', "
		       "deleted_at = coalesce(deleted_at, now()) " ALL_OF_THEM,
		true},
	[RECORDING_RERENDER] = {"recording_admin_rerender",
		CHOSEN "archive_key is not null and status in ('UPLOADED', 'RENDERED', 'FAILED')) "
		       "update b3lb.record_set set status = 'UPLOADED', render_tries = 0, "
		       "render_error = null, render_until = null " ALL_OF_THEM,
		true},
};

static const struct db_stmt stmt_profile_add = {"profile_add",
	"insert into b3lb.profile (name, description, source, type, listed, download, preset) values ($1, "
	"coalesce($2, ''), "
	"coalesce($3, 'any'), coalesce($4, 'video'), coalesce($5 = 'on', true), coalesce($6 = 'on', false), "
	"coalesce($7 = 'on', false))",
	false};
static const struct db_stmt stmt_profile_set = {"profile_set",
	"with p as (update b3lb.profile set description = coalesce($2, description), source = coalesce($3, "
	"source), "
	"type = coalesce($4, type), listed = coalesce($5 = 'on', listed), download = coalesce($6 = 'on', "
	"download), "
	"preset = coalesce($7 = 'on', preset) where name = $1 returning name, listed, download), "
	"r as (update b3lb.record r set listed = p.listed, download = p.download from p "
	"where r.profile = p.name and (r.listed, r.download) <> (p.listed, p.download)) "
	"select 1 from p",
	true};
static const struct db_stmt stmt_profile_remove = {
	"profile_remove", "delete from b3lb.profile where name = $1 returning 1", false};
static const struct db_stmt stmt_profile_list = {"profile_list",
	"select p.name, p.description, p.kind, p.source, p.type, p.listed, p.download, p.preset, "
	"(select string_agg(upper(t.slug) || '-' || s.sub_id, ', ' order by t.slug, s.sub_id) from "
	"b3lb.secret_profile x "
	"join b3lb.secret s on s.id = x.secret_id join b3lb.tenant t on t.id = s.tenant_id where "
	"x.profile_id = p.id) as secrets "
	"from b3lb.profile p order by p.name",
	true};
#define OF_SECRET                                                                                            \
	"from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id, b3lb.profile p "                       \
	"where t.slug = lower($1) and s.sub_id = $2::int and p.name = $3"
static const struct db_stmt stmt_attach = {"profile_attach",
	"insert into b3lb.secret_profile (secret_id, profile_id) select s.id, p.id " OF_SECRET
	" on conflict (secret_id, profile_id) do update set profile_id = excluded.profile_id returning 1",
	true};
static const struct db_stmt stmt_detach = {"profile_detach",
	"delete from b3lb.secret_profile where (secret_id, profile_id) in (select s.id, p.id " OF_SECRET
	") returning 1",
	true};

int recording_admin_list(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, tenant);
	return db_run(db, &stmt_list, &args, out, err);
}

int recording_admin_show(struct db *db, const char *record_id, struct db_result **recording,
	struct db_result **videos, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, record_id);
	if (db_run_found(db, &stmt_show, &args, recording, "such recording", err) == -1)
		return -1;
	if (db_run(db, &stmt_videos, &args, videos, err) == 0)
		return 0;
	db_free(*recording);
	*recording = NULL;
	return -1;
}

int recording_admin_change(struct db *db, const char *const *record_ids, int count,
	enum recording_action action, struct err *err)
{
	struct buf ids = BUF_INIT;
	struct db_args args = {0};
	int rc;

	db_array_begin(&ids);
	for (int i = 0; i < count; i++)
		db_array_add(&ids, record_ids[i]);
	db_array_end(&ids);
	db_arg_text(&args, buf_str(&ids));
	rc = db_run_found(db, &stmt_change[action], &args, NULL, "such recording", err);
	buf_free(&ids);
	if (rc == -1 && err->kind == ERR_NOT_FOUND && count == 1)
		err_set(err, ERR_NOT_FOUND, "recording %.100s: there is none that this can be done to",
			record_ids[0]);
	else if (rc == -1 && err->kind == ERR_NOT_FOUND)
		err_set(err, ERR_NOT_FOUND,
			"one of these %d recordings is not there, or this cannot be done to it: none was "
			"changed",
			count);
	return rc;
}

static void profile_args(struct db_args *args, const struct profile_settings *s)
{
	db_arg_text(args, s->name);
	db_arg_text(args, s->description);
	db_arg_text(args, s->source);
	db_arg_text(args, s->type);
	db_arg_text(args, s->listed);
	db_arg_text(args, s->download);
	db_arg_text(args, s->preset);
}

int profile_add(struct db *db, const struct profile_settings *s, struct err *err)
{
	struct db_args args = {0};

	profile_args(&args, s);
	return db_run(db, &stmt_profile_add, &args, NULL, err);
}

int profile_set(struct db *db, const struct profile_settings *s, struct err *err)
{
	struct db_args args = {0};

	profile_args(&args, s);
	return db_run_found(db, &stmt_profile_set, &args, NULL, "such profile", err);
}

int profile_remove(struct db *db, const char *name, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, name);
	return db_run_found(db, &stmt_profile_remove, &args, NULL, "such profile", err);
}

int profile_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_profile_list, NULL, out, err);
}

static int bind_profile(struct db *db, const struct db_stmt *stmt, const char *tenant, int sub_id,
	const char *name, const char *what, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, tenant);
	db_arg_int(&args, sub_id);
	db_arg_text(&args, name);
	return db_run_found(db, stmt, &args, NULL, what, err);
}

int profile_attach(struct db *db, const char *tenant, int sub_id, const char *name, struct err *err)
{
	return bind_profile(db, &stmt_attach, tenant, sub_id, name, "such secret or profile", err);
}

int profile_detach(struct db *db, const char *tenant, int sub_id, const char *name, struct err *err)
{
	return bind_profile(db, &stmt_detach, tenant, sub_id, name, "such profile at that secret", err);
}
