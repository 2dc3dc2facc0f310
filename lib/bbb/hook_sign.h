/* SPDX-License-Identifier: ISC */
/* Signatures of bbb-webhooks, of every version that is in use (doc/bbb-api, 3.9). */
#ifndef B3LB_BBB_HOOK_SIGN_H
#define B3LB_BBB_HOOK_SIGN_H

#include "base/sha.h"

/* Which one a request bears. */
enum hook_sign {
	HOOK_SIGN_NONE,
	HOOK_SIGN_BODY,	  /* 3.4.0 and later: over the form as it was sent */
	HOOK_SIGN_EMPTY,  /* 3.0.0 to 3.3.1: over nothing of it, the same for every event */
	HOOK_SIGN_JSON,	  /* up to 2.6.1: over the fields as JSON, always SHA-1 */
	HOOK_SIGN_BEARER, /* auth2_0: Authorization says the secret itself */
	HOOK_SIGN__MAX
};
/* "body", ...: for logs. */
extern const char *const hook_sign_names[HOOK_SIGN__MAX];

/* A request of a webhook. What is not there is NULL. */
struct hook_request {
	const char *url;	   /* the callbackURL that was registered */
	const char *checksum;	   /* of the query */
	const char *authorization; /* the header's value */
	const char *body;	   /* the form as it was sent */
	size_t body_len;
	const char *event, *timestamp, *domain; /* its fields, decoded */
};

/* Which signature of it that secret made; the algorithm is known by the checksum's length. Each is computed and compared in
 * constant time, whichever fits. An empty secret makes none. Any thread. */
enum hook_sign hook_sign_check(const struct hook_request *rq, const char *secret) b3lb_nonnull;
/* The checksum as 3.4.0 and later make it, into hex (SHA_HEX_MAX + 1 bytes). Any thread. */
void hook_sign_make(enum sha_alg alg, const char *url, const char *body, size_t len, const char *secret,
	char *hex) b3lb_nonnull;

#endif
