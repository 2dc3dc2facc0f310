/* SPDX-License-Identifier: ISC */
/* Who did what: rows of the audit, written and listed. */
#include "config.h"
#include "core/audit.h"

#include "sql/statements.h"

int audit_note(struct db *db, const struct actor *actor, const struct audit_entry *entry, struct err *err)
{
	return db_run(db, &stmt_audit_note,
		DB_ARGS(actor->name, actor->via, actor->remote_addr, actor->request_id, entry->object,
			entry->name, entry->tenant, !entry->refused, entry->changes),
		NULL, err);
}

int audit_lines(struct db_conn *conn, const struct actor *actor, const char *lines, struct err *err)
{
	return db_exec(conn, &stmt_audit_lines,
		DB_ARGS(actor->name, actor->via, actor->remote_addr, actor->request_id, lines), NULL, err);
}

int audit_list(struct db *db, const struct audit_filter *f, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_audit_list,
		DB_ARGS(f->actor, f->object, f->name, f->tenant, f->from, f->to, f->limit), out, err);
}

int audit_prune(struct db *db, int days, struct err *err)
{
	return db_run(db, &stmt_audit_prune, DB_ARGS(days), NULL, err);
}
