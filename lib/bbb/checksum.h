/* SPDX-License-Identifier: ISC */
/* BBB's request checksum: hex(sha(call + query without the checksum parameter + secret)). */
#ifndef B3LB_BBB_CHECKSUM_H
#define B3LB_BBB_CHECKSUM_H

#include "base/sha.h"
#include "http/query.h"

#include <stdbool.h>

/* The one checksum of a request, as checksum_find found it. */
struct checksum_claim {
	const char *hex; /* into the raw text; not terminated */
	size_t hex_len;
	bool named; /* a parameter bears the name, also where none is taken */
	char *rest; /* the raw text without the parameter, to be hashed; from the arena */
};

/*
 * Finds and takes out the checksum parameter of a raw query or form body, whatever its position, with one
 * separator (BBB's replacement rules: doc/bbb-api, 2.1; a leading '&' of a text that holds nothing else goes
 * too). Returns 0 when there is exactly one, spelled without percent-escapes; -1 otherwise: none, two, or an
 * escaped spelling that BBB would not find.
 */
int checksum_find(struct arena *a, const char *raw, size_t len, struct checksum_claim *claim) b3lb_nonnull;

/* Writes the lower-case hex digest and a NUL into hex (SHA_HEX_MAX + 1 bytes). Any thread. */
void checksum_make(
	enum sha_alg alg, const char *call, const char *text, size_t len, const char *secret, char *hex);

/*
 * True when the claim's hex is the digest of call + text + secret for the algorithm of its length, which must
 * be in allowed (bits). Hex in any case. Compared in constant time; an empty or NULL secret never verifies,
 * at the same cost. Any thread.
 */
bool checksum_verify(const struct checksum_claim *claim, const char *call, const char *text, size_t len,
	const char *secret, int allowed);

/*
 * The same over the three texts that a client may have signed: the raw bytes as sent, and the two
 * re-encodings that clients in the field hash (doc/contract, 4). Each secret of a pair is tried;
 * all of them are always computed.
 */
bool checksum_verify_request(struct arena *a, const struct checksum_claim *claim, const char *call,
	const struct query *q, const char *const secrets[2], int allowed);

#endif
