/* SPDX-License-Identifier: ISC */
/* Signing in, and who asks: by a session's cookie, by the web server's word, by a token. */
#ifndef B3LB_CORE_LOGIN_H
#define B3LB_CORE_LOGIN_H

#include "core/credential.h"
#include "db/db.h"

#include <jansson.h>

/* Who it is. Text is the arena's. */
struct login_who {
	const char *name, *role;
	const char *tenants,
		*slugs; /* to which he is bound, as SQL arrays of ids and slugs; NULL: to none, he may see all */
	const char *expires_at; /* RFC 3339; NULL: never */
	int expires_in;		/* seconds until then */
};
/* How long sessions live, in seconds. */
struct login_limits {
	int idle, max;
};

/* All: 0, or -1 with err: ERR_AWAY, and what is named. Any thread. */

/*
 * A try to sign in as name from an address, counted before anything else is done. *account and *hash (in the arena) are
 * for password_fits and login_begin; hash NULL: nobody can. ERR_LIMIT: not before *wait seconds are over.
 */
int login_attempt(struct db *db, struct arena *a, const char *name, const char *addr, long long *account,
	const char **hash, int *wait, struct err *err) b3lb_nonnull b3lb_mustcheck;
/*
 * The password was right: a session begins, cookie is what opens it; the one of old (a cookie; NULL: none) ends.
 * ERR_DENIED: the account was changed meanwhile.
 */
int login_begin(struct db *db, long long account, const char *hash, const char *old, const char *addr,
	const char *agent, const struct login_limits *limits, char cookie[CREDENTIAL_LEN + 1],
	struct err *err) b3lb_mustcheck;
/* Who has that cookie, that word of the web server, that token. ERR_NOT_FOUND: nobody. */
int login_find(struct db *db, struct arena *a, const char *cookie, const struct login_limits *limits,
	struct login_who *who, struct err *err) b3lb_nonnull b3lb_mustcheck;
int login_remote(struct db *db, struct arena *a, const char *user, struct login_who *who,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
int login_token(struct db *db, struct arena *a, const char *token, struct login_who *who,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
/* The session of that cookie is over, or that one whose id login_list shows; ERR_NOT_FOUND: there is none.
 * *account, in the arena: whose it was. */
int login_end(struct db *db, const char *cookie, struct err *err) b3lb_nonnull b3lb_mustcheck;
int login_end_one(struct db *db, struct arena *a, const char *id, const char **account,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
/* Sessions as JSON, the last seen first; cookie: one's own, NULL without. The caller's to json_decref. */
int login_list(struct db *db, const char *cookie, const struct login_limits *limits, json_t **out,
	struct err *err) b3lb_mustcheck;
/* Takes a result whose column 0 is JSON, and frees it: an array, a row each. NULL with err. */
json_t *login_json(struct db_result *r, struct err *err) b3lb_nonnull b3lb_mustcheck;

#endif
