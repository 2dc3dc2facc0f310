/* SPDX-License-Identifier: ISC */
/* Calls of the API that were refused, kept so that somebody can say why. */
#ifndef B3LB_CORE_REFUSAL_H
#define B3LB_CORE_REFUSAL_H

#include "db/db.h"

/* key: an error key of doc/contract, 4, or one of those below. Texts are copied, cut and made clean; of key and call the
 * first 31 bytes are kept. Never a checksum or a query. */
struct refusal {
	const char *request_id;
	const char *tenant; /* slug; "": of nobody known, which is only counted */
	int sub_id;
	const char *call;
	const char *meeting_id; /* the client's; NULL: none */
	const char *node;	/* NULL: none */
	const char *key, *message;
	const char *remote_addr;
	bool stranger; /* no secret vouched for the call */
};
/* A node failed and another one is asked: nobody was refused yet. */
#define REFUSAL_RETRIED "retried"
/* A limit is reached that refuses nothing (a tenant's limit_mode): what was asked was done. */
#define REFUSAL_PASSED "limitPassed"

/*
 * Notes one in this process, at no more than the cost of a copy; the same again is only counted. At most a hundred
 * different ones, thirty of them strangers', until refusal_flush has written them down: further ones are lost, the
 * log has them. A killed process loses what it has. Any thread.
 */
void refusal_note(const struct refusal *refusal) b3lb_nonnull;
/* Writes down what was noted when it is due, every few seconds, or always; one thread does, the others go on. What the
 * database does not take now is kept for the next time. */
void refusal_flush(struct db *db, bool always) b3lb_nonnull;

/* Takes away what is old. 0 or -1 with err. */
int refusal_prune(struct db *db, struct err *err) b3lb_nonnull;

#endif
