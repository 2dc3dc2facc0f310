/* SPDX-License-Identifier: ISC */
/* Record sets that wait to be rendered. */
#include "config.h"
#include "core/recording_render.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A renderer that was killed is waited for so long; it says that it lives four times as often. */
#define LEASE_SECONDS 120
#define KEEP_MS	      (LEASE_SECONDS * 1000 / 4)

static const struct db_stmt stmt_claim = {"render_claim",
	"select id, record_id, archive_key, archive_size, render_tries, secret_id "
	"from b3lb.claim_render($1::int * interval '1 second', $2::int)",
	false};
static const struct db_stmt stmt_profiles = {"render_profiles",
	"select name, kind, source from b3lb.profile p "
	"where case when exists (select 1 from b3lb.secret_profile where secret_id = $1::int) "
	"  then exists (select 1 from b3lb.secret_profile where secret_id = $1::int and profile_id = p.id) "
	"  else preset end order by name",
	true};
static const struct db_stmt stmt_keep = {
	"render_keep", "select b3lb.keep_render($1::bigint, $2, $3::int * interval '1 second')", true};
static const struct db_stmt stmt_give_back = {
	"render_give_back", "select b3lb.keep_render($1::bigint, $2, null)", false};
static const struct db_stmt stmt_finish = {"render_finish",
	"select x is null, k from (select b3lb.finish_render($1::bigint, $2, $3::text[], $4::text[], "
	"$5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::bigint[]) as x) f "
	"left join lateral unnest(f.x) k on true",
	false};
static const struct db_stmt stmt_fail = {
	"render_fail", "select b3lb.fail_render($1::bigint, $2, $3, $4::int)", false};

static int read_profiles(
	struct db *db, struct arena *a, long long secret, struct render_claim *claim, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	db_arg_int(&args, secret);
	if (db_run(db, &stmt_profiles, &args, &r, err) == -1)
		return -1;
	claim->profile_count = db_rows(r);
	claim->profiles = arena_alloc(a, sizeof(*claim->profiles) * (size_t)(db_rows(r) + 1));
	for (int i = 0; i < db_rows(r); i++) {
		claim->profiles[i] = (struct record_profile){
			.name = arena_strdup(a, db_text(r, i, 0)),
			.kind = arena_strdup(a, db_text(r, i, 1)),
			.source = arena_strdup(a, db_text(r, i, 2)),
		};
	}
	db_free(r);
	return 0;
}

int render_claim(struct db *db, struct arena *a, struct render_claim *claim, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	long long secret;
	int rc = 0;

	*claim = (struct render_claim){.db = db, .kept_at = clock_ms()};
	db_arg_int(&args, LEASE_SECONDS);
	db_arg_int(&args, RENDER_TRIES);
	if (db_run(db, &stmt_claim, &args, &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		claim->id = db_int(r, 0, 0);
		claim->record_id = arena_strdup(a, db_text(r, 0, 1));
		snprintf(claim->archive_key, sizeof(claim->archive_key), "%s", db_text(r, 0, 2));
		claim->archive_size = db_int(r, 0, 3);
		claim->tries = (int)db_int(r, 0, 4);
		secret = db_int(r, 0, 5);
		rc = read_profiles(db, a, secret, claim, err);
	}
	db_free(r);
	return rc;
}

static void claim_args(const struct render_claim *claim, struct db_args *args)
{
	db_arg_int(args, claim->id);
	db_arg_text(args, claim->archive_key);
}

bool render_keep(struct render_claim *claim)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	struct err err = {0};

	if (claim->lost || clock_ms() - claim->kept_at < KEEP_MS)
		return !claim->lost;
	claim_args(claim, &args);
	db_arg_int(&args, LEASE_SECONDS);
	if (db_run(claim->db, &stmt_keep, &args, &r, &err) == 0) {
		claim->lost = db_rows(r) != 1 || !db_bool(r, 0, 0);
		claim->kept_at = clock_ms();
	} else if (clock_ms() - claim->kept_at > LEASE_SECONDS * 1000) {
		claim->lost = true;
	}
	db_free(r);
	return !claim->lost;
}

int render_give_back(struct render_claim *claim, struct err *err)
{
	struct db_args args = {0};

	claim_args(claim, &args);
	return db_run(claim->db, &stmt_give_back, &args, NULL, err);
}

/* The columns of the results as arrays. */
struct columns {
	struct buf profiles, keys, sizes, durations, mimes, extensions, took;
};

static void columns_make(struct columns *c, const struct render_result *results, int count)
{
	struct buf *all[] = {
		&c->profiles, &c->keys, &c->sizes, &c->durations, &c->mimes, &c->extensions, &c->took};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		db_array_begin(all[i]);
	for (int i = 0; i < count; i++) {
		db_array_add(&c->profiles, results[i].profile);
		db_array_add(&c->keys, results[i].key);
		db_array_add_int(&c->sizes, results[i].size);
		db_array_add_int(&c->durations, results[i].duration_ms);
		db_array_add(&c->mimes, results[i].type->mime);
		db_array_add(&c->extensions, results[i].type->extension);
		db_array_add_int(&c->took, results[i].took_ms);
	}
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		db_array_end(all[i]);
}

static void columns_free(struct columns *c)
{
	buf_free(&c->profiles);
	buf_free(&c->keys);
	buf_free(&c->sizes);
	buf_free(&c->durations);
	buf_free(&c->mimes);
	buf_free(&c->extensions);
	buf_free(&c->took);
}

int render_finish(struct render_claim *claim, struct arena *a, const struct render_result *results, int count,
	const char ***garbage, struct err *err)
{
	struct columns c = {0};
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rc = -1, n = 0;

	columns_make(&c, results, count);
	claim_args(claim, &args);
	db_arg_text(&args, buf_str(&c.profiles));
	db_arg_text(&args, buf_str(&c.keys));
	db_arg_text(&args, buf_str(&c.sizes));
	db_arg_text(&args, buf_str(&c.durations));
	db_arg_text(&args, buf_str(&c.mimes));
	db_arg_text(&args, buf_str(&c.extensions));
	db_arg_text(&args, buf_str(&c.took));
	if (db_run(claim->db, &stmt_finish, &args, &r, err) == -1)
		goto out;
	*garbage = arena_alloc(a, sizeof(**garbage) * (size_t)(db_rows(r) + 1));
	for (int i = 0; i < db_rows(r); i++)
		if (db_text(r, i, 1))
			(*garbage)[n++] = arena_strdup(a, db_text(r, i, 1));
	rc = db_bool(r, 0, 0) ? err_set(err, ERR_CONFLICT, "the recording was replaced or deleted meanwhile")
			      : 0;
out:
	db_free(r);
	columns_free(&c);
	return rc;
}

int render_fail(struct render_claim *claim, const char *why, bool *failed, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	const char *status;

	claim_args(claim, &args);
	db_arg_text(&args, why);
	db_arg_int(&args, RENDER_TRIES);
	if (db_run(claim->db, &stmt_fail, &args, &r, err) == -1)
		return -1;
	status = db_text(r, 0, 0);
	*failed = status && strcmp(status, "FAILED") == 0;
	db_free(r);
	return 0;
}
