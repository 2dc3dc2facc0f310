/* SPDX-License-Identifier: ISC */
/* The getMeetings list of a secret: read, rebuilt, and kept by the job for all secrets. */
#include "config.h"
#include "core/meeting_list.h"

#include "sql/statements.h"

int meeting_list_read(struct db *db, struct arena *a, const struct route *route, const char *host,
	struct tenant *tenant, const char **xml, struct err *err)
{
	struct db_result *r = NULL;

	*tenant = (struct tenant){0};
	*xml = NULL;
	if (db_read(db, &stmt_meeting_list_read,
		    DB_ARGS(tenant_named_slug(route), host, route->sub_id, route->by_label), &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		tenant_read(a, r, 0, MEETING_LIST_READ_TENANT, tenant);
		*xml = arena_strdup(a, db_text(r, 0, MEETING_LIST_READ_XML));
	}
	db_free(r);
	return 0;
}

int meeting_list_read_known(
	struct db *db, struct arena *a, const struct tenant *tenant, const char **xml, struct err *err)
{
	struct db_result *r = NULL;
	int rows;

	*xml = NULL;
	if (db_read(db, &stmt_meeting_list_read_known, DB_ARGS(tenant->version, tenant->secret_id), &r,
		    err) == -1)
		return -1;
	rows = db_rows(r);
	if (rows == 1)
		*xml = arena_strdup(a, db_text(r, 0, MEETING_LIST_READ_KNOWN_XML));
	db_free(r);
	return rows == 1;
}

int meeting_list_build(struct db *db, struct arena *a, long long secret_id, const char **xml, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_meeting_list_build, DB_ARGS(secret_id), &r, err) == -1)
		return -1;
	*xml = arena_strdup(a, db_rows(r) == 1 ? db_text(r, 0, MEETING_LIST_BUILD_XML) : NULL);
	db_free(r);
	return *xml ? 0 : err_set(err, ERR_NOT_FOUND, "the secret is gone");
}

int meeting_list_refresh(struct db *db, int *count, struct err *err)
{
	struct db_result *due = NULL;
	int rc = db_run(db, &stmt_meeting_list_due, NULL, &due, err);

	*count = 0;
	for (int i = 0; rc == 0 && i < db_rows(due); i++) {
		struct db_result *built = NULL;

		rc = db_run(db, &stmt_meeting_list_rebuild, DB_ARGS(db_int(due, i, MEETING_LIST_DUE_ID)),
			&built, err);
		*count += rc == 0 && db_bool(built, 0, MEETING_LIST_REBUILD_WRITTEN);
		db_free(built);
	}
	db_free(due);
	return rc == 0 ? db_run(db, &stmt_meeting_list_prune, NULL, NULL, err) : -1;
}
