/* SPDX-License-Identifier: ISC */
/* Callbacks: what nodes tell us about meetings, and the outbox of what clients are told. */
#ifndef B3LB_CORE_CALLBACK_H
#define B3LB_CORE_CALLBACK_H

#include "core/audit.h"
#include "core/client_params.h"
#include "db/db.h"
#include "net/upstream.h"

/*
 * A node says that the meeting of that nonce has ended (b3lb.callback_end): it leaves the mapping and its
 * client is told. node_meeting_id NULL: the node did not say it. marks: whether recording was started, true or
 * false; NULL: the node did not say that, another callback of it will, and the client is told then. Returns 0; -1 with ERR_NOT_FOUND for a nonce
 * of nobody, or db_run's err. Any thread.
 */
int callback_end(
	struct db *db, const char *nonce, const char *node_meeting_id, const char *marks, struct err *err);
/* A meeting, or one that was, by its nonce. Strings are the arena's. */
struct callback_meeting {
	const char *node_secret, *client_id, *node_meeting_id;
	struct client_params own;
};
/* 0; -1 with ERR_NOT_FOUND for a nonce of nobody, or db_run's err. Any thread. */
int callback_find_meeting(struct db *db, struct arena *a, const char *nonce, struct callback_meeting *m,
	struct err *err) b3lb_nonnull;

/* A row to send. Strings are the arena's. */
struct callback {
	long long id;
	const char *kind, *url, *body, *secret;
	const char *other_secret; /* valid too, while the secret is rolled; NULL: none, or tried */
	int attempts;		  /* this one included */
	const char *tenant;
	/* as callback_prepare made it */
	const char *form, *authorization;
};
/* Claims up to max rows for lease_seconds, so that no other job sends them meanwhile. Returns their number or
 * -1 with err. */
int callback_claim(struct db *db, struct arena *a, int max, int lease_seconds, struct callback **list,
	struct err *err) b3lb_nonnull;
/* Fills the call to make: GET, signed JSON or a signed form, by kind. False when it cannot be signed. */
bool callback_prepare(
	struct arena *a, const char *deny, struct callback *c, struct upstream_call *call) b3lb_nonnull;
/* The receiver refused what was signed: the other valid secret is next. False when there is none, or nothing is signed. */
bool callback_use_other_secret(struct callback *c) b3lb_nonnull;
/* Writes down what became of it: delivered, or why not. *given_up: it will not be tried again. 0 or -1 with
 * err. */
int callback_finish(struct db *db, const struct callback *c, bool delivered, const char *why, bool *given_up,
	struct err *err);
/* The twenty hosts that took the fewest, a row each (CALLBACK_HOSTS_ of sql/statements.h), of the tenants (array of ids; NULL: of
 * all). 0 and *out, which the caller frees, or -1 with err. */
int callback_hosts(struct db *db, const char *tenants, struct db_result **out, struct err *err)
	__attribute__((nonnull(1, 3, 4)));
/* Which ones are to be tried again: NULL takes any. */
struct callback_choice {
	const char *tenants; /* array of ids */
	const char *id, *tenant, *host;
};
/* Those that failed or wait for another try are sent at once, and for a day again; noted in the audit. *retried: how many. 0 or -1
 * with err. */
int callback_retry(struct db *db, const struct callback_choice *choice, const struct actor *actor,
	long long *retried, struct err *err) b3lb_nonnull;
/* Deletes what is long done. 0 or -1 with err. */
int callback_prune(struct db *db, struct err *err) b3lb_nonnull;

#endif
