/* SPDX-License-Identifier: ISC */
/* Who did what: a row for each change and each thing done by hand, kept for audit_days. */
#ifndef B3LB_CORE_AUDIT_H
#define B3LB_CORE_AUDIT_H

#include "db/db.h"

/* Who acts. Text is the caller's and outlives the call; NULL where there is none, but for name and via. */
struct actor {
	const char *name;	 /* "anna", "token:terraform", "cli:root(anna)", "poll" */
	const char *via;	 /* "console", "api", "cli" or "job" */
	const char *remote_addr; /* of a request */
	const char *request_id;	 /* of a request */
};

/* What was done. Never a secret, password or token in any of it: these rows are read by many. */
struct audit_entry {
	const char *object; /* "node", "tenant", "secret", "meeting", "session", ... */
	const char *name;   /* "bbb007", "ACME", "ACME-5", ... */
	const char
		*tenant; /* whose it is, for who may see that one's only, in any case; NULL: the operator's */
	const char *changes; /* lines, as state_diff says them, or a sentence: "ended"; may be "" */
	bool refused;	     /* it was not done */
};

/* Writes a row in a transaction of its own. 0, or -1 with err: ERR_AWAY. */
int audit_note(struct db *db, const struct actor *actor, const struct audit_entry *entry,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
/* Writes a row for each object of the lines of a difference (state_diff), in the transaction of conn: there when the
 * change is. 0, or -1 with err: ERR_AWAY. */
int audit_lines(struct db_conn *conn, const struct actor *actor, const char *lines,
	struct err *err) b3lb_nonnull b3lb_mustcheck;

/* Which rows: NULL takes any. from, to: RFC 3339 or a date; limit: at most so many, the newest first. */
struct audit_filter {
	const char *actor, *object, *name, *tenant, *from, *to;
	int limit;
};
/* Rows for people. 0 and *out, which the caller frees; -1 with err: ERR_INVALID (a time that is none), ERR_AWAY. */
int audit_list(struct db *db, const struct audit_filter *filter, struct db_result **out,
	struct err *err) b3lb_nonnull b3lb_mustcheck;

/* Takes away rows that are older than so many days, 10,000 at once. 0, or -1 with err. */
int audit_prune(struct db *db, int days, struct err *err) b3lb_nonnull b3lb_mustcheck;

#endif
