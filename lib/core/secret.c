/* SPDX-License-Identifier: ISC */
/* The secrets of tenants: made, rolled, limited, listed. */
#include "config.h"
#include "core/secret.h"

#include "sql/statements.h"

#include <openssl/rand.h>

#define SECRET_LENGTH 48

static int add_one(struct db_conn *conn, const char *tenant, int sub_id, const char *secret, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_exec(conn, &stmt_secret_add, DB_ARGS(tenant, sub_id, secret), &r, err);

	if (rc == 0 && db_rows(r) == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such tenant");
	db_free(r);
	return rc;
}

int secret_add(struct db *db, const char *tenant, int *sub_id, const char *const *secrets, int count,
	struct err *err)
{
	struct db_conn *conn = db_borrow(db, err);
	int first = *sub_id, rc = conn ? db_begin(conn, err) : -1;

	for (int i = 0; i < count && rc == 0; i++) {
		*sub_id = first + i;
		rc = add_one(conn, tenant, *sub_id, secrets[i], err);
	}
	if (rc == 0)
		rc = db_commit(conn, err);
	/* Rolled back, what was not committed. */
	db_return(conn);
	return rc;
}

int secret_set(
	struct db *db, const char *tenant, int sub_id, const struct secret_settings *s, struct err *err)
{
	return db_run_found(db, &stmt_secret_set,
		DB_ARGS(tenant, sub_id, s->description, s->attendee_limit, s->meeting_limit, s->hold_days,
			s->recording, s->stats_token),
		NULL, "such secret", err);
}

int secret_roll(struct db *db, const char *tenant, int sub_id, const char *secret, struct err *err)
{
	return db_run_found(db, &stmt_secret_roll, DB_ARGS(tenant, sub_id, secret), NULL, "such secret", err);
}

int secret_remove(struct db *db, const char *tenant, int sub_id, struct err *err)
{
	return db_run_found(db, &stmt_secret_remove, DB_ARGS(tenant, sub_id), NULL, "such secret", err);
}

int secret_list(struct db *db, const char *tenant, bool show, struct db_result **out, struct err *err)
{
	return db_run(db, show ? &stmt_secret_show : &stmt_secret_list, DB_ARGS(tenant), out, err);
}

int secret_get(struct db *db, struct arena *a, const char *tenant, int sub_id, struct secret_use *use,
	struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_secret_get, DB_ARGS(tenant, sub_id), &r, "such secret", err) == -1)
		return -1;
	*use = (struct secret_use){
		.secret = arena_strdup(a, db_text(r, 0, SECRET_GET_SECRET)),
		.recording = db_bool(r, 0, SECRET_GET_RECORDING),
		.slide = db_bool(r, 0, SECRET_GET_SLIDE),
	};
	db_free(r);
	return 0;
}

/* Letters and digits, each equally likely: bytes that would favour some are thrown away. */
const char *secret_make(struct arena *arena, struct err *err)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	char *secret = arena_alloc(arena, SECRET_LENGTH + 1);
	unsigned char byte;

	for (size_t n = 0; n < SECRET_LENGTH;) {
		if (RAND_bytes(&byte, 1) != 1) {
			err_set(err, ERR_INTERNAL, "could not make a secret: no random bytes");
			return NULL;
		}
		if (byte < 4 * (sizeof(set) - 1))
			secret[n++] = set[byte % (sizeof(set) - 1)];
	}
	return secret;
}
