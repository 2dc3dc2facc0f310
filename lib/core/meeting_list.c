/* SPDX-License-Identifier: ISC */
/* The getMeetings lists of all secrets, as the job keeps them. */
#include "config.h"
#include "core/meeting_list.h"

/* Sub id 0 of a tenant lists what any of its secrets holds. */
static const struct db_stmt stmt_due = {"meeting_list_due",
	"select s.id from b3lb.secret s where exists (select 1 from b3lb.meeting_list l where l.secret_id = "
	"s.id) "
	"or exists (select 1 from b3lb.meeting m where m.tenant_id = s.tenant_id and (m.secret_id = s.id or "
	"s.sub_id = 0)) "
	"order by s.id",
	true};

static const struct db_stmt stmt_build = {
	"meeting_list_rebuild", "select written from b3lb.write_meeting_list($1::int)", true};

/* A minute's grace: a list that was being built from an older snapshot may still be written. */
static const struct db_stmt stmt_prune = {"meeting_list_prune",
	"delete from b3lb.meeting_change c where c.changed_at < now() - interval '1 minute' and not exists ("
	"  select 1 from b3lb.meeting_list l where l.secret_id = c.secret_id and not "
	"pg_visible_in_snapshot(c.xid, l.snapshot))",
	true};

int meeting_list_refresh(struct db *db, int *count, struct err *err)
{
	struct db_result *due = NULL;
	int rc = db_run(db, &stmt_due, NULL, &due, err);

	*count = 0;
	for (int i = 0; rc == 0 && i < db_rows(due); i++) {
		struct db_args args = {0};
		struct db_result *built = NULL;

		db_arg_text(&args, db_text(due, i, 0));
		rc = db_run(db, &stmt_build, &args, &built, err);
		*count += rc == 0 && db_bool(built, 0, 0);
		db_free(built);
	}
	db_free(due);
	return rc == 0 ? db_run(db, &stmt_prune, NULL, NULL, err) : -1;
}
