/* SPDX-License-Identifier: ISC */
/* The SHA algorithms that BBB knows: their names, and digests in hex. */
#include "config.h"
#include "base/sha.h"

#include "base/hex.h"

#include <openssl/evp.h>
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

void sha_hex(enum sha_alg alg, const struct sha_part *parts, int count, char *hex)
{
	const EVP_MD *md[SHA_ALG__MAX] = {EVP_sha1(), EVP_sha256(), EVP_sha384(), EVP_sha512()};
	unsigned char digest[EVP_MAX_MD_SIZE] = {0};
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	/* Fails without memory only; a digest that was not computed must never verify. */
	bool ok = ctx && EVP_DigestInit_ex(ctx, md[alg], NULL);

	for (int i = 0; ok && i < count; i++)
		ok = EVP_DigestUpdate(ctx, parts[i].data, parts[i].len);
	if (!ok || !EVP_DigestFinal_ex(ctx, digest, NULL))
		abort();
	EVP_MD_CTX_free(ctx);
	hex_write(digest, sha_sizes[alg], hex);
}
