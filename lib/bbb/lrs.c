/* SPDX-License-Identifier: ISC */
/* Where a node's webhooks send what was learnt (xAPI): encrypted for whom a secret belongs to. */
#include "config.h"
#include "bbb/lrs.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <string.h>

#define MAGIC  "Salted__"
#define HEAD   8 /* bytes of the magic, and of the salt */
#define ROUNDS 10000
#define KEY    32
#define BLOCK  16

/* One way or the other; the length of what was written to out, -1: it cannot be. */
static int crypt_bytes(bool encrypts, const char *secret, const unsigned char *salt, const unsigned char *in,
	size_t len, unsigned char *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char key[KEY + BLOCK];
	int n = 0, rest = 0;
	bool ok = ctx &&
		  PKCS5_PBKDF2_HMAC(secret, (int)strlen(secret), salt, HEAD, ROUNDS, EVP_sha256(),
			  sizeof(key), key) == 1 &&
		  EVP_CipherInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, key + KEY, encrypts) == 1 &&
		  EVP_CipherUpdate(ctx, out, &n, in, (int)len) == 1 &&
		  EVP_CipherFinal_ex(ctx, out + n, &rest) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return ok ? n + rest : -1;
}

const char *lrs_encrypt(struct arena *a, const char *secret, const char *json, struct err *err)
{
	size_t len = strlen(json);
	unsigned char *raw = arena_alloc(a, HEAD * 2 + len + BLOCK);
	char *text = arena_alloc(a, (HEAD * 2 + len + BLOCK) / 3 * 4 + 5);
	int n = -1;

	memcpy(raw, MAGIC, HEAD);
	if (RAND_bytes(raw + HEAD, HEAD) == 1)
		n = crypt_bytes(true, secret, raw + HEAD, (const unsigned char *)json, len,
			raw + (ptrdiff_t)HEAD * 2);
	if (n < 0) {
		err_set(err, ERR_INTERNAL, "could not encrypt the LRS's payload");
		return NULL;
	}
	EVP_EncodeBlock((unsigned char *)text, raw, HEAD * 2 + n);
	return text;
}

/* Base64 as Node.js reads it: of either alphabet, lines may break, padding may lack. The bytes; -1: it is none. */
static int decode(struct arena *a, const char *text, unsigned char **out)
{
	char *clean = arena_alloc(a, strlen(text) + 4);
	size_t n = 0, pad = 0;
	int len;

	for (const char *p = text; *p && *p != '='; p++)
		if (!strchr(" \t\r\n", *p))
			clean[n++] = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	while (n % 4 && pad < 3) {
		clean[n++] = '=';
		pad++;
	}
	*out = arena_alloc(a, n + 1);
	len = pad < 3 ? EVP_DecodeBlock(*out, (const unsigned char *)clean, (int)n) : -1;
	return len < 0 ? -1 : len - (int)pad;
}

static bool is_object(const char *text, size_t len)
{
	json_t *json = json_loadb(text, len, 0, NULL);
	bool is = json_is_object(json);

	json_decref(json);
	return is;
}

const char *lrs_decrypt(struct arena *a, const char *secret, const char *payload)
{
	unsigned char *raw = NULL;
	char *json;
	int len = strlen(payload) > LRS_PAYLOAD_MAX ? -1 : decode(a, payload, &raw), n;

	if (len < HEAD * 2 + BLOCK || len % BLOCK)
		return NULL;
	json = arena_alloc(a, (size_t)len);
	n = crypt_bytes(false, secret, raw + HEAD, raw + (ptrdiff_t)HEAD * 2, (size_t)len - HEAD * 2,
		(unsigned char *)json);
	if (n < 0 || !is_object(json, (size_t)n))
		return NULL;
	json[n] = '\0';
	return json;
}
