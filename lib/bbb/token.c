/* SPDX-License-Identifier: ISC */
/* JSON web tokens of BigBlueButton's callbacks. */
#include "config.h"
#include "bbb/token.h"

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VALID_SECONDS 86400
#define TOKEN_MAX     8192

bool token_verify_analytics(const char *jwt, const char *secret)
{
	jwt_t *token = NULL;
	bool ok;

	if (!*secret || strlen(jwt) > TOKEN_MAX)
		return false;
	/* The algorithm is ours to say: a token that names another, or none, is no token. */
	ok = jwt_decode(&token, jwt, (const unsigned char *)secret, (int)strlen(secret)) == 0 &&
	     jwt_get_alg(token) == JWT_ALG_HS512 && jwt_get_grant_int(token, "exp") > time(NULL);
	jwt_free(token);
	return ok;
}

static const char *sign(struct arena *a, jwt_t *token, jwt_alg_t alg, const char *secret)
{
	const char *copy = NULL;
	char *text = NULL;

	if (jwt_set_alg(token, alg, (const unsigned char *)secret, (int)strlen(secret)) == 0)
		text = jwt_encode_str(token);
	if (text)
		copy = arena_strdup(a, text);
	free(text);
	return copy;
}

const char *token_sign_analytics(struct arena *a, const char *secret)
{
	const char *text = NULL;
	jwt_t *token = NULL;

	if (jwt_new(&token) == 0 && jwt_add_grant_int(token, "exp", (long)time(NULL) + VALID_SECONDS) == 0)
		text = sign(a, token, JWT_ALG_HS512, secret);
	jwt_free(token);
	return text;
}

const char *token_sign_ready(struct arena *a, const char *payload, const char *secret)
{
	const char *text = NULL;
	jwt_t *token = NULL;

	if (jwt_new(&token) == 0 && jwt_add_grants_json(token, payload) == 0)
		text = sign(a, token, JWT_ALG_HS256, secret);
	jwt_free(token);
	return text;
}

bool token_equal(const char *given, const char *wanted)
{
	unsigned char a[SHA256_DIGEST_LENGTH], b[SHA256_DIGEST_LENGTH];

	/* Digests are of one length, whatever the texts are. */
	SHA256((const unsigned char *)(given ? given : ""), given ? strlen(given) : 0, a);
	SHA256((const unsigned char *)(wanted ? wanted : ""), wanted ? strlen(wanted) : 0, b);
	return CRYPTO_memcmp(a, b, sizeof(a)) == 0 && given && *given && wanted;
}
