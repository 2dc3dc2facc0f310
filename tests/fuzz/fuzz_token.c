/* SPDX-License-Identifier: ISC */
/* JSON web tokens: only what is signed with HS512 and the secret is taken. Input: a line with the secret, a
 * line with a token, then JSON. */
#include "config.h"
#include "fuzz.h"

#include "bbb/token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* The signature that the token should bear, as base64url without padding. */
static void expected_signature(const char *jwt, const char *secret, char out[128])
{
	unsigned char digest[EVP_MAX_MD_SIZE], text[128];
	const char *dot = strrchr(jwt, '.');
	unsigned len = 0;

	FUZZ_REQUIRE(dot);
	HMAC(EVP_sha512(), secret, (int)strlen(secret), (const unsigned char *)jwt, (size_t)(dot - jwt),
		digest, &len);
	EVP_EncodeBlock(text, digest, (int)len);
	for (unsigned i = 0; i <= strlen((char *)text); i++)
		out[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i] == '=' ? '\0' : (char)text[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *rest = fuzz_text(&a, data, size), signature[128];
	const char *secret = fuzz_line(&rest), *jwt = fuzz_line(&rest), *own, *ready;

	if (token_verify_analytics(jwt, secret)) {
		FUZZ_REQUIRE(*secret);
		expected_signature(jwt, secret, signature);
		FUZZ_REQUIRE(strcmp(strrchr(jwt, '.') + 1, signature) == 0);
	}
	own = *secret ? token_sign_analytics(&a, secret) : NULL;
	if (own) {
		FUZZ_REQUIRE(token_verify_analytics(own, secret));
		FUZZ_REQUIRE(!token_verify_analytics(own, "another secret than that") ||
			     strcmp(secret, "another secret than that") == 0);
	}
	ready = *secret ? token_sign_ready(&a, rest, secret) : NULL;
	if (ready)
		/* Signed too, but by another algorithm and for another purpose. */
		FUZZ_REQUIRE(!token_verify_analytics(ready, secret) && !strpbrk(ready, "\r\n &="));
	arena_free(&a);
	return 0;
}
