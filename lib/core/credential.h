/* SPDX-License-Identifier: ISC */
/* What opens the administration: words at random, of which the database keeps a digest, and passwords. */
#ifndef B3LB_CORE_CREDENTIAL_H
#define B3LB_CORE_CREDENTIAL_H

#include "base/err.h"
#include "base/sha.h"

#include <stdbool.h>

#define CREDENTIAL_LEN	     43 /* base64url of 32 bytes (RFC 4648, 5), without padding */
#define CREDENTIAL_HASH_SIZE (SHA_HEX_MAX + 1)

/* 32 random bytes as text. 0, or -1 with err. Any thread. */
int credential_make(char text[CREDENTIAL_LEN + 1], struct err *err) b3lb_nonnull b3lb_mustcheck;
/* SHA-256 of a text in hex: what the database keeps. Any thread. */
void credential_hash(const char *text, char hash[CREDENTIAL_HASH_SIZE]) b3lb_nonnull;

/* What is wrong with a password that somebody chose, or NULL: at least 12 characters, at most 512 bytes, no
 * control characters. */
const char *password_complaint(const char *password) b3lb_nonnull;
/* A password that is made: 20 letters and digits, in the arena. NULL with err. */
const char *password_make(struct arena *a, struct err *err) b3lb_nonnull;
/* Its hash by crypt(3), yescrypt, in the arena: takes 0.1 s and 64 MiB. NULL with err. Any thread. */
const char *password_hash(struct arena *a, const char *password, struct err *err) b3lb_nonnull;
/* Whether a password is the one of the hash; NULL: of nobody, which takes as long and is false. Takes as long
 * as password_hash. Any thread. */
bool password_fits(const char *password, const char *hash);

#endif
