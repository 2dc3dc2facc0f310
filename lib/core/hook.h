/* SPDX-License-Identifier: ISC */
/* Webhooks: who hears of what happens in meetings (doc/contract, 7), and the events on their way. */
#ifndef B3LB_CORE_HOOK_H
#define B3LB_CORE_HOOK_H

#include "base/sha.h"
#include "db/db.h"

#define HOOK_EVENTS_MAX 64

/*
 * What is to be told, and to whom. Texts as given: events are separated by commas, in any case, with blanks
 * around; NULL or "": all. meeting_id NULL or "": every meeting's.
 */
struct hook_wish {
	const char *url, *meeting_id, *events;
};
/* What is wrong with it, as a sentence; NULL: nothing. Any thread. */
const char *hook_complaint(const struct hook_wish *wish) b3lb_nonnull;

/* Whose hooks a call is about: a secret's (0: all of the tenant's). */
struct hook_owner {
	long long tenant_id, secret_id;
};

/* A hook as clients see it; strings are the arena's. */
struct hook {
	long long id;
	const char *url, *meeting_id, *events; /* "": of every meeting; NULL: all events */
	bool permanent;
};

/* All return -1 with err: db_run's, and what is said of each. Any thread. */

/* Makes a hook of a secret that takes no failure, and may be destroyed by its client; *duplicate: there was one of
 * this URL and meeting, which has these events now. ERR_LIMIT: the secret has max. */
int hook_make(struct db *db, long long secret_id, const struct hook_wish *wish, int max, long long *id,
	bool *duplicate, struct err *err) b3lb_nonnull;
/* meeting_id NULL: all of the owner's; else those of every meeting and of this one. Their number. */
int hook_list(struct db *db, struct arena *a, struct hook_owner owner, const char *meeting_id,
	struct hook **list, struct err *err);
/* ERR_NOT_FOUND: there is none of that id, or it is permanent. */
int hook_destroy(struct db *db, struct hook_owner owner, long long id, struct err *err) b3lb_nonnull;

/* The administrator's. Lists are the caller's to free. */

/* One that no client destroys and no failure takes away. ERR_NOT_FOUND: there is no such secret. */
int hook_add(struct db *db, const char *tenant, int sub_id, const struct hook_wish *wish, long long *id,
	struct err *err) b3lb_nonnull;
/* A row a hook; tenant NULL: of all. */
int hook_show(struct db *db, const char *tenant, struct db_result **out, struct err *err);
/* of: its tenant; NULL: any. own: who asks is the tenant's own, whose permanent hooks are not his to remove.
 * *tenant: whose it was, in the arena. */
int hook_remove(struct db *db, struct arena *a, const char *of, long long id, bool own, const char **tenant,
	struct err *err) __attribute__((nonnull(1, 2, 6, 7)));
/* An event b3lb-test goes to it. of: as above. */
int hook_test(struct db *db, const char *of, long long id, struct err *err) __attribute__((nonnull(1, 4)));

#endif
