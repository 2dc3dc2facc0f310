/* SPDX-License-Identifier: ISC */
/* Recordings of all tenants, as the operator sees and changes them. */
#include "config.h"
#include "core/recording_operator.h"

#include "sql/statements.h"

static const struct db_stmt *const actions[RECORDING__ACTIONS] = {
	[RECORDING_PUBLISH] = &stmt_recording_operator_publish,
	[RECORDING_UNPUBLISH] = &stmt_recording_operator_unpublish,
	[RECORDING_PROTECT] = &stmt_recording_operator_protect,
	[RECORDING_UNPROTECT] = &stmt_recording_operator_unprotect,
	[RECORDING_DELETE] = &stmt_recording_operator_delete,
	[RECORDING_RERENDER] = &stmt_recording_operator_rerender,
};

int recording_operator_list(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_recording_operator_list, DB_ARGS(tenant), out, err);
}

/* The parameters that name the recordings; the caller's to free. */
static void write_names(const struct recording_names *names, struct buf *ids, struct buf *slugs)
{
	db_array_begin(ids);
	db_array_begin(slugs);
	for (int i = 0; i < names->count; i++) {
		db_array_add(ids, names->ids[i]);
		db_array_add(slugs, names->slugs ? names->slugs[i] : NULL);
	}
	db_array_end(ids);
	db_array_end(slugs);
}

/* 0 when none of them is several tenants'; -1 with err. */
static int check_names(struct db *db, const struct recording_names *names, struct err *err)
{
	struct buf ids = BUF_INIT, slugs = BUF_INIT;
	struct db_result *r = NULL;
	int rc;

	write_names(names, &ids, &slugs);
	rc = db_run(db, &stmt_recording_operator_shared,
		DB_ARGS(buf_str(&ids), names->tenants, buf_str(&slugs)), &r, err);
	if (rc == 0 && db_rows(r))
		rc = err_set(err, ERR_CONFLICT,
			"recording %.100s: several tenants have one, %.200s: name the tenant",
			db_text(r, 0, RECORDING_OPERATOR_SHARED_ID),
			db_text(r, 0, RECORDING_OPERATOR_SHARED_TENANTS));
	db_free(r);
	buf_free(&ids);
	buf_free(&slugs);
	return rc;
}

int recording_operator_show(struct db *db, const char *record_id, const char *tenants,
	struct recording_shown *shown, struct err *err)
{
	const struct recording_names names = {.ids = &record_id, .count = 1, .tenants = tenants};

	if (check_names(db, &names, err) == 0 &&
		db_run_found(db, &stmt_recording_operator_show, DB_ARGS(record_id, tenants),
			&shown->recording, "such recording", err) == 0 &&
		db_run(db, &stmt_recording_operator_way, DB_ARGS(record_id, tenants), &shown->way, err) ==
			0 &&
		db_run(db, &stmt_recording_operator_videos, DB_ARGS(record_id, tenants), &shown->videos,
			err) == 0)
		return 0;
	recording_shown_free(shown);
	return -1;
}

void recording_shown_free(struct recording_shown *shown)
{
	db_free(shown->recording);
	db_free(shown->way);
	db_free(shown->videos);
	*shown = (struct recording_shown){0};
}

int recording_operator_change(struct db *db, const struct recording_names *names,
	enum recording_action action, const struct actor *actor, struct err *err)
{
	struct buf ids = BUF_INIT, slugs = BUF_INIT;
	int rc;

	write_names(names, &ids, &slugs);
	rc = db_run_found(db, actions[action],
		DB_ARGS(buf_str(&ids), names->tenants, buf_str(&slugs), actor->name, actor->via,
			actor->remote_addr, actor->request_id),
		NULL, "such recording", err);
	buf_free(&ids);
	buf_free(&slugs);
	if (rc == 0 || err->kind != ERR_NOT_FOUND || check_names(db, names, err) == -1)
		return rc;
	if (names->count == 1)
		return err_set(err, ERR_NOT_FOUND, "recording %.100s: there is none that this can be done to",
			names->ids[0]);
	return err_set(err, ERR_NOT_FOUND,
		"one of these %d recordings is not there, or this cannot be done to it: none was changed",
		names->count);
}

int recording_operator_steps(
	struct db *db, const char *record_id, const char *tenants, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_recording_operator_steps, DB_ARGS(record_id, tenants), out, err);
}
