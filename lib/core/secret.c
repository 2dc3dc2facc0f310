/* SPDX-License-Identifier: ISC */
/* The secrets of tenants: made up, and listed. */
#include "config.h"
#include "core/secret.h"

#include "sql/statements.h"

#include <openssl/rand.h>

#define SECRET_LENGTH 48

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
