/* SPDX-License-Identifier: ISC */
/* The files of recordings: what is behind a nonce, and text tracks. */
#include "config.h"
#include "core/recording.h"

#include "core/recording_ticket.h"
#include "sql/statements.h"

#include <string.h>

int recording_find_file(struct db *db, struct arena *a, const char *nonce, const char *beside,
	struct recording_file *file, struct err *err)
{
	const char *hash = ticket_hash(a, nonce);
	struct db_result *r = NULL;
	int rc = beside ? db_run_found(db, &stmt_recording_file_beside, DB_ARGS(nonce, hash, beside), &r,
				  "such file", err)
			: db_run_found(db, &stmt_recording_file, DB_ARGS(nonce, hash), &r, "such file", err);

	if (rc == -1)
		return -1;
	*file = (struct recording_file){
		.key = arena_strdup(a, db_text(r, 0, SENT_KEY)),
		.mime = arena_strdup(a, db_text(r, 0, SENT_MIME)),
		.name = arena_strdup(a, db_text(r, 0, SENT_NAME)),
		.download = db_bool(r, 0, SENT_DOWNLOAD),
		.size = db_int(r, 0, SENT_SIZE),
		.modified = db_int(r, 0, SENT_MODIFIED),
		.duration_ms = db_int(r, 0, SENT_DURATION_MS),
		.set_id = db_int(r, 0, SENT_SET_ID),
		.tenant = arena_strdup(a, db_text(r, 0, SENT_TENANT)),
		.extension = arena_strdup(a, db_text(r, 0, SENT_EXTENSION)),
		.protected = db_bool(r, 0, SENT_PROTECTED),
	};
	db_free(r);
	return 0;
}

int recording_list_tracks(struct db *db, struct arena *a, struct recording_owner owner, const char *record_id,
	const char *url, const char **json, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_recording_tracks,
		    DB_ARGS(owner.tenant_id, owner.secret_id, record_id, url), &r, "such recording",
		    err) == -1)
		return -1;
	*json = arena_strdup(a, db_text(r, 0, RECORDING_TRACKS_TRACKS));
	db_free(r);
	return 0;
}

int recording_exists(
	struct db *db, struct recording_owner owner, const char *record_id, bool *found, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_recording_exists, DB_ARGS(owner.tenant_id, owner.secret_id, record_id), &r,
		    err) == -1)
		return -1;
	*found = db_rows(r) > 0;
	db_free(r);
	return 0;
}

int recording_put_track(struct db *db, struct arena *a, struct recording_owner owner, const char *record_id,
	const struct recording_track *track, const char **old, struct err *err)
{
	struct db_result *r = NULL;
	const char *result;
	int rc = db_run(db, &stmt_recording_put_track,
		DB_ARGS(owner.tenant_id, owner.secret_id, record_id, track->kind, track->lang, track->label,
			track->size, track->key, RECORDING_TRACKS_MAX),
		&r, err);

	if (rc == -1)
		return -1;
	result = db_text(r, 0, RECORDING_PUT_TRACK_RESULT);
	*old = arena_strdup(a, db_text(r, 0, RECORDING_PUT_TRACK_OLD_KEY));
	if (strcmp(result, "unknown") == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such recording");
	else if (strcmp(result, "full") == 0)
		rc = err_set(err, ERR_LIMIT, "a recording has %d text tracks at most", RECORDING_TRACKS_MAX);
	db_free(r);
	return rc;
}
