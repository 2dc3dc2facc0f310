/* SPDX-License-Identifier: ISC */
/* Recordings that the player shows. */
#include "config.h"
#include "core/recording_player.h"

#include "core/recording_ticket.h"
#include "sql/statements.h"

int player_find(struct db *db, struct arena *a, const char *nonce, struct player *player, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_player_find, DB_ARGS(nonce, ticket_hash(a, nonce)), &r, "such recording",
		    err) == -1)
		return -1;
	*player = (struct player){
		.set_id = db_int(r, 0, PLAYER_FIND_SET_ID),
		.tenant = arena_strdup(a, db_text(r, 0, PLAYER_FIND_TENANT)),
		.name = arena_strdup(a, db_text(r, 0, PLAYER_FIND_NAME)),
		.key = arena_strdup(a, db_text(r, 0, PLAYER_FIND_KEY)),
		.size = db_int(r, 0, PLAYER_FIND_SIZE),
		.modified = db_int(r, 0, PLAYER_FIND_MODIFIED),
		.protected = db_bool(r, 0, PLAYER_FIND_PROTECTED),
		.video = arena_strdup(a, db_text(r, 0, PLAYER_FIND_VIDEO)),
		.download = db_bool(r, 0, PLAYER_FIND_DOWNLOAD),
		.tracks = arena_strdup(a, db_text(r, 0, PLAYER_FIND_TRACKS)),
	};
	db_free(r);
	return 0;
}

int player_find_file(struct db *db, struct arena *a, const char *nonce, const char *name,
	struct player_file *file, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_player_file, DB_ARGS(nonce, ticket_hash(a, nonce), name), &r, "such file",
		    err) == -1)
		return -1;
	*file = (struct player_file){
		.set_id = db_int(r, 0, PLAYER_FILE_SET_ID),
		.tenant = arena_strdup(a, db_text(r, 0, PLAYER_FILE_TENANT)),
		.key = arena_strdup(a, db_text(r, 0, PLAYER_FILE_KEY)),
		.at = db_int(r, 0, PLAYER_FILE_AT),
		.size = db_int(r, 0, PLAYER_FILE_SIZE),
		.modified = db_int(r, 0, PLAYER_FILE_MODIFIED),
	};
	db_free(r);
	return 0;
}

int player_find_recording(
	struct db *db, struct arena *a, const char *record_id, const char **nonce, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_player_of_recording, DB_ARGS(record_id), &r, "such recording", err) == -1)
		return -1;
	*nonce = arena_strdup(a, db_text(r, 0, PLAYER_OF_RECORDING_NONCE));
	db_free(r);
	return 0;
}

int player_finish(struct render_claim *claim, struct arena *a, const struct player_made *made,
	const char ***garbage, struct err *err)
{
	struct buf names = BUF_INIT, ats = BUF_INIT, sizes = BUF_INIT;
	struct buf *const all[] = {&names, &ats, &sizes};
	const char *key = made->profile ? made->key : NULL;
	struct db_result *r = NULL;
	int rc = -1, n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		db_array_begin(all[i]);
	for (int i = 0; i < made->count; i++) {
		db_array_add(&names, made->names[i]);
		db_array_add_int(&ats, made->ats[i]);
		db_array_add_int(&sizes, made->sizes[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		db_array_end(all[i]);
	if (db_run(claim->db, &stmt_player_finish,
		    DB_ARGS(claim->id, claim->archive_key, made->profile, key, made->size, made->duration_ms,
			    made->took_ms, made->previews ? made->previews : "[]", buf_str(&names),
			    buf_str(&ats), buf_str(&sizes)),
		    &r, err) == -1)
		goto out;
	*garbage = arena_alloc(a, sizeof(**garbage) * (size_t)(db_rows(r) + 1));
	for (int i = 0; i < db_rows(r); i++)
		if (db_text(r, i, PLAYER_FINISH_GARBAGE))
			(*garbage)[n++] = arena_strdup(a, db_text(r, i, PLAYER_FINISH_GARBAGE));
	rc = db_bool(r, 0, PLAYER_FINISH_LOST)
		     ? err_set(err, ERR_CONFLICT, "the recording was replaced or deleted meanwhile")
		     : 0;
out:
	db_free(r);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		buf_free(all[i]);
	return rc;
}
