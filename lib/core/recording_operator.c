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

int recording_operator_show(
	struct db *db, const char *record_id, struct recording_shown *shown, struct err *err)
{
	if (db_run_found(db, &stmt_recording_operator_show, DB_ARGS(record_id), &shown->recording,
		    "such recording", err) == 0 &&
		db_run(db, &stmt_recording_operator_way, DB_ARGS(record_id), &shown->way, err) == 0 &&
		db_run(db, &stmt_recording_operator_videos, DB_ARGS(record_id), &shown->videos, err) == 0)
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

int recording_operator_change(struct db *db, const char *const *record_ids, int count,
	enum recording_action action, const char *tenants, const struct actor *actor, struct err *err)
{
	struct buf ids = BUF_INIT;
	int rc;

	db_array_begin(&ids);
	for (int i = 0; i < count; i++)
		db_array_add(&ids, record_ids[i]);
	db_array_end(&ids);
	rc = db_run_found(db, actions[action],
		DB_ARGS(buf_str(&ids), tenants, actor->name, actor->via, actor->remote_addr,
			actor->request_id),
		NULL, "such recording", err);
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

int recording_operator_steps(struct db *db, const char *record_id, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_recording_operator_steps, DB_ARGS(record_id), out, err);
}
