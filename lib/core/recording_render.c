/* SPDX-License-Identifier: ISC */
/* Record sets that wait to be rendered. */
#include "config.h"
#include "core/recording_render.h"

#include "base/clock.h"
#include "base/log.h"
#include "sql/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A renderer that was killed is waited for so long; it says that it lives four times as often. */
#define LEASE_SECONDS 120
#define KEEP_MS	      (LEASE_SECONDS * 1000 / 4)

static int read_profiles(
	struct db *db, struct arena *a, long long secret, struct render_claim *claim, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_render_profiles, DB_ARGS(secret), &r, err) == -1)
		return -1;
	claim->profile_count = db_rows(r);
	claim->profiles = arena_alloc(a, sizeof(*claim->profiles) * (size_t)(db_rows(r) + 1));
	for (int i = 0; i < db_rows(r); i++) {
		claim->profiles[i] = (struct record_profile){
			.name = arena_strdup(a, db_text(r, i, RENDER_PROFILES_NAME)),
			.kind = arena_strdup(a, db_text(r, i, RENDER_PROFILES_KIND)),
			.source = arena_strdup(a, db_text(r, i, RENDER_PROFILES_SOURCE)),
			.type = arena_strdup(a, db_text(r, i, RENDER_PROFILES_TYPE)),
			.width = (int)db_int(r, i, RENDER_PROFILES_WIDTH),
			.height = (int)db_int(r, i, RENDER_PROFILES_HEIGHT),
			.fps = (int)db_int(r, i, RENDER_PROFILES_FPS),
			.crf = (int)db_int(r, i, RENDER_PROFILES_CRF),
			.speed = arena_strdup(a, db_text(r, i, RENDER_PROFILES_SPEED)),
			.container = arena_strdup(a, db_text(r, i, RENDER_PROFILES_CONTAINER)),
			.webcams = db_bool(r, i, RENDER_PROFILES_WEBCAMS),
			.cursor = db_bool(r, i, RENDER_PROFILES_CURSOR),
			.annotations = db_bool(r, i, RENDER_PROFILES_ANNOTATIONS),
			.captions = db_bool(r, i, RENDER_PROFILES_CAPTIONS),
		};
	}
	db_free(r);
	return 0;
}

int render_claim(struct db *db, struct arena *a, struct render_claim *claim, struct err *err)
{
	struct db_result *r = NULL;
	long long secret;
	int rc = 0;

	*claim = (struct render_claim){.db = db, .kept_at = clock_ms()};
	if (db_run(db, &stmt_render_claim, DB_ARGS(LEASE_SECONDS, RENDER_TRIES), &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		claim->id = db_int(r, 0, RENDER_CLAIM_ID);
		claim->record_id = arena_strdup(a, db_text(r, 0, RENDER_CLAIM_RECORD_ID));
		snprintf(claim->archive_key, sizeof(claim->archive_key), "%s",
			db_text(r, 0, RENDER_CLAIM_ARCHIVE_KEY));
		claim->archive_size = db_int(r, 0, RENDER_CLAIM_ARCHIVE_SIZE);
		claim->tries = (int)db_int(r, 0, RENDER_CLAIM_TRIES);
		secret = db_int(r, 0, RENDER_CLAIM_SECRET_ID);
		rc = read_profiles(db, a, secret, claim, err);
	}
	db_free(r);
	return rc;
}

bool render_keep(struct render_claim *claim)
{
	struct db_result *r = NULL;
	struct err err = {0};

	if (claim->lost || clock_ms() - claim->kept_at < KEEP_MS)
		return !claim->lost;
	if (db_run(claim->db, &stmt_render_keep, DB_ARGS(claim->id, claim->archive_key, LEASE_SECONDS), &r,
		    &err) == 0) {
		claim->lost = db_rows(r) != 1 || !db_bool(r, 0, RENDER_KEEP_KEPT);
		claim->kept_at = clock_ms();
	} else if (clock_ms() - claim->kept_at > LEASE_SECONDS * 1000) {
		claim->lost = true;
	}
	db_free(r);
	return !claim->lost;
}

int render_give_back(struct render_claim *claim, const char *why, struct err *err)
{
	return db_run(
		claim->db, &stmt_render_give_back, DB_ARGS(claim->id, claim->archive_key, why), NULL, err);
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
		db_array_add_int(&c->durations, results[i].facts.duration_ms);
		db_array_add(&c->mimes, results[i].facts.type->mime);
		db_array_add(&c->extensions, results[i].facts.type->extension);
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
	struct db_result *r = NULL;
	int rc = -1, n = 0;

	columns_make(&c, results, count);
	if (db_run(claim->db, &stmt_render_finish,
		    DB_ARGS(claim->id, claim->archive_key, buf_str(&c.profiles), buf_str(&c.keys),
			    buf_str(&c.sizes), buf_str(&c.durations), buf_str(&c.mimes),
			    buf_str(&c.extensions), buf_str(&c.took)),
		    &r, err) == -1)
		goto out;
	*garbage = arena_alloc(a, sizeof(**garbage) * (size_t)(db_rows(r) + 1));
	for (int i = 0; i < db_rows(r); i++)
		if (db_text(r, i, RENDER_FINISH_GARBAGE))
			(*garbage)[n++] = arena_strdup(a, db_text(r, i, RENDER_FINISH_GARBAGE));
	rc = db_bool(r, 0, RENDER_FINISH_LOST)
		     ? err_set(err, ERR_CONFLICT, "the recording was replaced or deleted meanwhile")
		     : 0;
out:
	db_free(r);
	columns_free(&c);
	return rc;
}

int render_fail(struct render_claim *claim, const char *why, bool *failed, struct err *err)
{
	struct db_result *r = NULL;
	const char *status;

	if (db_run(claim->db, &stmt_render_fail, DB_ARGS(claim->id, claim->archive_key, why, RENDER_TRIES),
		    &r, err) == -1)
		return -1;
	status = db_text(r, 0, RENDER_FAIL_STATUS);
	*failed = status && strcmp(status, "FAILED") == 0;
	db_free(r);
	return 0;
}
