/* SPDX-License-Identifier: ISC */
/* What opens the administration: words at random, of which the database keeps a digest, and passwords. */
#include "config.h"
#include "core/credential.h"

#include "base/buf.h"
#include "core/secret.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#define RANDOM_BYTES  32
#define PASSWORD_MADE 20
#define PASSWORD_MIN  12
#define PASSWORD_MAX  512
#define YESCRYPT      "$y$"
#define COST	      7 /* 64 MiB; the library's own is 5, 16 MiB */

int credential_make(char text[CREDENTIAL_LEN + 1], struct err *err)
{
	unsigned char raw[RANDOM_BYTES];
	char encoded[48];

	if (RAND_bytes(raw, sizeof(raw)) != 1)
		return err_set(err, ERR_INTERNAL, "could not make a secret: no random bytes");
	EVP_EncodeBlock((unsigned char *)encoded, raw, sizeof(raw));
	for (size_t i = 0; i < CREDENTIAL_LEN; i++)
		text[i] = encoded[i] == '+' ? '-' : encoded[i] == '/' ? '_' : encoded[i];
	text[CREDENTIAL_LEN] = '\0';
	return 0;
}

void credential_hash(const char *text, char hash[CREDENTIAL_HASH_SIZE])
{
	const struct sha_part part = {text, strlen(text)};

	sha_hex(SHA_ALG_256, &part, 1, hash);
}

const char *password_complaint(const char *password)
{
	if (utf8_length(password) < PASSWORD_MIN)
		return "must have 12 characters at least";
	if (strlen(password) > PASSWORD_MAX)
		return "must have 512 bytes at most";
	for (const char *p = password; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return "must not have control characters";
	return NULL;
}

const char *password_make(struct arena *a, struct err *err)
{
	const char *made = secret_make(a, err);

	return made ? arena_strndup(a, made, PASSWORD_MADE) : NULL;
}

/* In the arena; NULL: the library cannot. */
static const char *run_crypt(struct arena *a, const char *password, const char *setting)
{
	struct crypt_data *data = mem_zalloc(sizeof(*data));
	const char *hash = crypt_rn(password, setting, data, sizeof(*data));
	const char *copy = arena_strdup(a, hash);

	OPENSSL_cleanse(data, sizeof(*data));
	free(data);
	return copy;
}

const char *password_hash(struct arena *a, const char *password, struct err *err)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *hash = NULL;

	if (crypt_gensalt_rn(YESCRYPT, COST, NULL, 0, setting, sizeof(setting)))
		hash = run_crypt(a, password, setting);
	if (!hash)
		err_set(err, ERR_INTERNAL, "could not hash a password");
	return hash;
}

bool password_fits(const char *password, const char *hash)
{
	/* Of no password; its salt is as long as those that are made. */
	static const char nobody[] = YESCRYPT "jBT$b3lb00000000000000000.$";
	struct arena arena = {0};
	const char *got = run_crypt(&arena, password, hash ? hash : nobody);
	bool fits = hash && got && strlen(got) == strlen(hash) && CRYPTO_memcmp(got, hash, strlen(hash)) == 0;

	arena_free(&arena);
	return fits;
}
