/* SPDX-License-Identifier: ISC */
/* Protected recordings: tickets and the sessions that they open. */
#include "config.h"
#include "core/recording_ticket.h"

#include "base/sha.h"
#include "sql/statements.h"
#include "store/store.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RANDOM_LEN  16
#define MAC_LEN	    64
#define EXPIRES_MAX 12

/* The signature of "nonce|expires|random", in hex. */
static void sign(const char *key, const char *nonce, const char *expires, size_t expires_len,
	const char *random, char mac[MAC_LEN + 1])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct buf text = BUF_INIT;
	unsigned int len = 0;

	buf_printf(&text, "%s|%.*s|%.*s", nonce, (int)expires_len, expires, RANDOM_LEN, random);
	if (!HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)text.ptr, text.len, digest,
		    &len) ||
		len * 2 != MAC_LEN)
		abort();
	for (unsigned int i = 0; i < len; i++) {
		mac[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		mac[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	mac[MAC_LEN] = '\0';
	buf_free(&text);
}

void ticket_write(const char *key, const char *nonce, long long now, struct buf *out)
{
	char random[STORE_KEY_LEN + 1], mac[MAC_LEN + 1];
	struct buf expires = BUF_INIT;

	store_key_make(random);
	buf_int(&expires, now + TICKET_SECONDS);
	sign(key, nonce, expires.ptr, expires.len, random, mac);
	buf_printf(out, "%s-%.*s-%s", expires.ptr, RANDOM_LEN, random, mac);
	buf_free(&expires);
}

bool ticket_is_good(const char *key, const char *nonce, const char *ticket, long long now, long long *expires)
{
	size_t len = strspn(ticket, "0123456789");
	char mac[MAC_LEN + 1];

	if (len == 0 || len > EXPIRES_MAX || strlen(ticket) != len + 1 + RANDOM_LEN + 1 + MAC_LEN ||
		ticket[len] != '-' || ticket[len + 1 + RANDOM_LEN] != '-')
		return false;
	sign(key, nonce, ticket, len, ticket + len + 1, mac);
	*expires = atoll(ticket);
	return CRYPTO_memcmp(mac, ticket + len + 1 + RANDOM_LEN + 1, MAC_LEN) == 0 && *expires > now;
}

const char *ticket_hash(struct arena *a, const char *text)
{
	char hex[SHA_HEX_MAX + 1];

	sha_hex(SHA_ALG_256, &(struct sha_part){text, strlen(text)}, 1, hex);
	return arena_strdup(a, hex);
}

/* The ticket is good: makes it a session. */
static int open_session(struct db *db, struct arena *a, const char *nonce, const char *ticket,
	long long expires, struct ticket_opened *opened, struct err *err)
{
	char session[STORE_KEY_LEN + 1];
	struct db_result *r = NULL;
	const char *result;
	int rc = 0;

	store_key_make(session);
	if (db_run(db, &stmt_ticket_open,
		    DB_ARGS(nonce, ticket_hash(a, ticket), expires, ticket_hash(a, session)), &r, err) == -1)
		return -1;
	result = db_text(r, 0, TICKET_OPEN_RESULT);
	if (strcmp(result, "used") == 0)
		rc = err_set(err, ERR_CONFLICT, "this address was used already");
	else if (strcmp(result, "opened") != 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such recording");
	db_free(r);
	opened->path_part = arena_strdup(a, session);
	return rc;
}

int ticket_open(struct db *db, struct arena *a, const char *nonce, const char *ticket, bool use,
	struct ticket_opened *opened, struct err *err)
{
	struct db_result *r = NULL;
	long long expires = 0;
	bool good, protected;

	*opened = (struct ticket_opened){0};
	if (db_run_found(db, &stmt_ticket_find, DB_ARGS(nonce), &r, "such recording", err) == -1)
		return -1;
	*opened = (struct ticket_opened){
		.set_id = db_int(r, 0, TICKET_FIND_SET_ID),
		.tenant = arena_strdup(a, db_text(r, 0, TICKET_FIND_TENANT)),
		.player = db_bool(r, 0, TICKET_FIND_PLAYER),
		.path_part = nonce,
	};
	protected = db_bool(r, 0, TICKET_FIND_PROTECTED);
	good = ticket_is_good(db_text(r, 0, TICKET_FIND_KEY), nonce, ticket, time(NULL), &expires);
	db_free(r);
	if (!good)
		return err_set(err, ERR_CONFLICT, "this address has run out");
	if (!protected || !use)
		return 0;
	return open_session(db, a, nonce, ticket, expires, opened, err);
}
