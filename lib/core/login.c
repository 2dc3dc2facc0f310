/* SPDX-License-Identifier: ISC */
/* Signing in, and who asks: by a session's cookie, by the web server's word, by a token. */
#include "config.h"
#include "core/login.h"

#include "sql/statements.h"

#include <string.h>

#define AGENT_MAX 200

int login_attempt(struct db *db, struct arena *a, const char *name, const char *addr, long long *account,
	const char **hash, int *wait, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_login_attempt, DB_ARGS(name, addr), &r, err) == -1)
		return -1;
	*account = db_int(r, 0, LOGIN_ATTEMPT_ACCOUNT_ID);
	*hash = arena_strdup(a, db_text(r, 0, LOGIN_ATTEMPT_PASSWORD));
	*wait = (int)db_int(r, 0, LOGIN_ATTEMPT_WAIT);
	db_free(r);
	if (*wait)
		return err_set(err, ERR_LIMIT, "too many attempts: try again in %d s", *wait);
	return 0;
}

int login_begin(struct db *db, long long account, const char *hash, const char *old, const char *addr,
	const char *agent, const struct login_limits *limits, char cookie[CREDENTIAL_LEN + 1],
	struct err *err)
{
	char digest[CREDENTIAL_HASH_SIZE], old_digest[CREDENTIAL_HASH_SIZE], shown[AGENT_MAX + 1];
	struct db_result *r = NULL;
	bool done;

	if (credential_make(cookie, err) == -1)
		return -1;
	credential_hash(cookie, digest);
	if (old)
		credential_hash(old, old_digest);
	memset(shown, 0, sizeof(shown));
	memcpy(shown, agent, utf8_prefix(agent, AGENT_MAX));
	if (db_run(db, &stmt_login_begin,
		    DB_ARGS(account, hash, (const char *)digest, old ? (const char *)old_digest : NULL, addr,
			    (const char *)shown, limits->max),
		    &r, err) == -1)
		return -1;
	done = db_bool(r, 0, LOGIN_BEGIN_DONE);
	db_free(r);
	return done ? 0 : err_set(err, ERR_DENIED, "the account was changed meanwhile");
}

static int read_who(struct db *db, struct arena *a, const struct db_stmt *stmt, const struct db_args *args,
	struct login_who *who, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, stmt, args, &r, "such session", err) == -1)
		return -1;
	*who = (struct login_who){
		.name = arena_strdup(a, db_text(r, 0, WHO_NAME)),
		.role = arena_strdup(a, db_text(r, 0, WHO_ROLE)),
		.tenants = arena_strdup(a, db_text(r, 0, WHO_TENANTS)),
		.slugs = arena_strdup(a, db_text(r, 0, WHO_SLUGS)),
		.expires_at = arena_strdup(a, db_text(r, 0, WHO_EXPIRES_AT)),
		.expires_in = (int)db_int(r, 0, WHO_EXPIRES_IN),
	};
	db_free(r);
	return 0;
}

int login_find(struct db *db, struct arena *a, const char *cookie, const struct login_limits *limits,
	struct login_who *who, struct err *err)
{
	char digest[CREDENTIAL_HASH_SIZE];

	credential_hash(cookie, digest);
	return read_who(
		db, a, &stmt_login_find, DB_ARGS((const char *)digest, limits->idle, limits->max), who, err);
}

int login_remote(struct db *db, struct arena *a, const char *user, struct login_who *who, struct err *err)
{
	return read_who(db, a, &stmt_login_remote, DB_ARGS(user), who, err);
}

int login_token(struct db *db, struct arena *a, const char *token, struct login_who *who, struct err *err)
{
	char digest[CREDENTIAL_HASH_SIZE];

	credential_hash(token, digest);
	return read_who(db, a, &stmt_token_find, DB_ARGS((const char *)digest), who, err);
}

int login_end(struct db *db, const char *cookie, struct err *err)
{
	char digest[CREDENTIAL_HASH_SIZE];

	credential_hash(cookie, digest);
	return db_run_found(db, &stmt_login_end, DB_ARGS((const char *)digest), NULL, "such session", err);
}

int login_end_one(struct db *db, struct arena *a, const char *id, const char **account, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_login_end_one, DB_ARGS(id), &r, "such session", err) == -1)
		return -1;
	*account = arena_strdup(a, db_text(r, 0, LOGIN_END_ONE_ACCOUNT));
	db_free(r);
	return 0;
}

json_t *login_json(struct db_result *r, struct err *err)
{
	json_t *list = json_array();

	for (int i = 0; list && i < db_rows(r); i++) {
		const char *text = db_text(r, i, 0);

		if (json_array_append_new(list, json_loads(text ? text : "", 0, NULL)) == -1) {
			json_decref(list);
			list = NULL;
		}
	}
	if (!list)
		err_set(err, ERR_INTERNAL, "could not read JSON of the database");
	db_free(r);
	return list;
}

int login_list(
	struct db *db, const char *cookie, const struct login_limits *limits, json_t **out, struct err *err)
{
	char digest[CREDENTIAL_HASH_SIZE] = "";
	struct db_result *r = NULL;

	if (cookie)
		credential_hash(cookie, digest);
	if (db_run(db, &stmt_login_list, DB_ARGS((const char *)digest, limits->idle, limits->max), &r, err) ==
		-1)
		return -1;
	*out = login_json(r, err);
	return *out ? 0 : -1;
}
