/* SPDX-License-Identifier: ISC */
/* The SHA algorithms that BBB knows: their names, and digests in hex. */
#ifndef B3LB_BASE_SHA_H
#define B3LB_BASE_SHA_H

#include "base/mem.h"

/* In the order of the digest's length; as bits they are the sets of conf and cluster. */
enum sha_alg { SHA_ALG_1, SHA_ALG_256, SHA_ALG_384, SHA_ALG_512, SHA_ALG__MAX };

#define SHA_HEX_MAX 128

/* "sha1", ... */
extern const char *const sha_names[SHA_ALG__MAX];
/* Bytes of a digest. */
extern const size_t sha_sizes[SHA_ALG__MAX];
/* Returns the algorithm of that name, or -1. Any thread. */
int sha_alg_by_name(const char *name) b3lb_nonnull;

/* A piece of what is hashed. */
struct sha_part {
	const void *data;
	size_t len;
};

/* Writes the lower-case hex digest of the parts, one behind the other, and a NUL into hex, which holds
 * SHA_HEX_MAX + 1 bytes. Aborts where the system has no memory left. Any thread. */
void sha_hex(enum sha_alg alg, const struct sha_part *parts, int count, char *hex) b3lb_nonnull;

#endif
