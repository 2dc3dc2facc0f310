/* SPDX-License-Identifier: ISC */
/* Administration of accounts and tokens: who may administer, what, for which tenants. */
#ifndef B3LB_CORE_ACCOUNT_H
#define B3LB_CORE_ACCOUNT_H

#include "core/audit.h"
#include "core/credential.h"

#include <jansson.h>

#define ACCOUNT_ROLES "admin|operator|viewer"
/* Of a token's text, so that scanners for secrets know one: what follows are CREDENTIAL_LEN characters. */
#define TOKEN_PREFIX   "b3lb_"
#define TOKEN_TEXT_LEN (sizeof(TOKEN_PREFIX) - 1 + CREDENTIAL_LEN)

/* All: 0, or -1 with err: ERR_INVALID naming the field ("role must be ..."), ERR_AWAY, and what is named. Each change is
 * noted in the audit in its own transaction. Any thread. */

/* What an account is to be, all of it. Text is the caller's. */
struct account_settings {
	const char *name, *role;
	const char *const *tenants; /* slugs in any case, to which it is bound; NULL: to none */
	size_t tenant_count;
	bool disabled;
	const char *password; /* as typed; NULL: the one that is there stays. A new one ends sessions */
	const char *cookie;   /* of who asks: that session does not end; NULL: all do */
};
/*
 * Makes an account (etag NULL: ERR_CONFLICT when it is there) or makes it other (etag: of what is there, without quotes;
 * ERR_STALE when that is another). ERR_CONFLICT: nobody would be left who may administer all. *field: which field an
 * ERR_INVALID is about, NULL: none. dry_run: does all of that and takes it back. changes: lines of difference.
 */
int account_set(struct db *db, const struct actor *actor, const struct account_settings *s, const char *etag,
	bool dry_run, struct buf *changes, const char **field, struct err *err) b3lb_mustcheck;
/* etag NULL: whatever it is. ERR_NOT_FOUND, ERR_STALE, ERR_CONFLICT as above. */
int account_remove(struct db *db, const struct actor *actor, const char *name, const char *etag, bool dry_run,
	struct buf *changes, struct err *err) b3lb_mustcheck;
/* As the API shows it, with its etag, without quotes; ERR_NOT_FOUND. name NULL: an array of all. The caller's to json_decref. */
int account_read(struct db *db, const char *name, json_t **out, struct err *err) b3lb_mustcheck;
/* For people; the caller frees it. */
int account_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull b3lb_mustcheck;

/* A new token. */
struct token_settings {
	const char *name, *role;
	const char *const *tenants; /* as of accounts */
	size_t tenant_count;
	const char *expires_at; /* RFC 3339 or a date; NULL: never */
};
/* Makes one, and its text, which nobody can read again. ERR_CONFLICT: there is one of that name. */
int token_add(struct db *db, const struct actor *actor, const struct token_settings *s, bool dry_run,
	char text[TOKEN_TEXT_LEN + 1], struct buf *changes, const char **field,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
int token_remove(struct db *db, const struct actor *actor, const char *name, bool dry_run,
	struct buf *changes, struct err *err) b3lb_nonnull b3lb_mustcheck;
int token_read(struct db *db, const char *name, json_t **out, struct err *err) b3lb_mustcheck;
int token_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull b3lb_mustcheck;

#endif
