/* SPDX-License-Identifier: ISC */
/* The SHA algorithms that BBB knows: their names, and digests in hex. */
#include "config.h"
#include "base/sha.h"

#include "base/hex.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const sha_names[SHA_ALG__MAX] = {"sha1", "sha256", "sha384", "sha512"};
const size_t sha_sizes[SHA_ALG__MAX] = {20, 32, 48, 64};

int sha_alg_by_name(const char *name)
{
	for (int i = 0; i < SHA_ALG__MAX; i++)
		if (strcmp(sha_names[i], name) == 0)
			return i;
	return -1;
}

/* Looked for by name once, not in each digest, as EVP_sha256() does (EVP_MD_fetch(3)). */
static EVP_MD *fetched[SHA_ALG__MAX];
static pthread_once_t fetched_once = PTHREAD_ONCE_INIT;

static void drop(void)
{
	for (int i = 0; i < SHA_ALG__MAX; i++)
		EVP_MD_free(fetched[i]);
}

static void fetch(void)
{
	for (int i = 0; i < SHA_ALG__MAX; i++)
		fetched[i] = EVP_MD_fetch(NULL, sha_names[i], NULL);
	atexit(drop);
}

void sha_hex(enum sha_alg alg, const struct sha_part *parts, int count, char *hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE] = {0};
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	pthread_once(&fetched_once, fetch);
	/* Fails without memory only; a digest that was not computed must never verify. */
	bool ok = ctx && EVP_DigestInit_ex(ctx, fetched[alg], NULL);

	for (int i = 0; ok && i < count; i++)
		ok = EVP_DigestUpdate(ctx, parts[i].data, parts[i].len);
	if (!ok || !EVP_DigestFinal_ex(ctx, digest, NULL))
		abort();
	EVP_MD_CTX_free(ctx);
	hex_write(digest, sha_sizes[alg], hex);
}
