/* SPDX-License-Identifier: ISC */
/* The checksum is taken out as BBB takes it out, and verifies exactly what it was made over. Input: a line
 * with the secret, a line with the position, then a query. */
#include "config.h"
#include "fuzz.h"

#include "bbb/checksum.h"

#define ALL_ALGORITHMS ((1 << SHA_ALG__MAX) - 1)

/* BBB's own rule, a literal replacement of every occurrence. */
static void replace_all(struct buf *text, const char *what)
{
	struct buf out = BUF_INIT;
	const char *at = buf_str(text), *hit;

	while ((hit = strstr(at, what))) {
		buf_add(&out, at, (size_t)(hit - at));
		at = hit + strlen(what);
	}
	buf_puts(&out, at);
	buf_free(text);
	*text = out;
}

/* What is found is one parameter of that exact name, and what is left is what bbb-web hashes. */
static void find(struct arena *a, const char *raw)
{
	struct checksum_claim claim;
	struct buf text = BUF_INIT, what = BUF_INIT;
	size_t len = strlen(raw);

	if (checksum_find(a, raw, len, &claim) == -1)
		return;
	FUZZ_REQUIRE(claim.hex >= raw + 9 && claim.hex + claim.hex_len <= raw + len);
	FUZZ_REQUIRE(!memchr(claim.hex, '&', claim.hex_len));
	FUZZ_REQUIRE(memcmp(claim.hex - 9, "checksum=", 9) == 0);
	FUZZ_REQUIRE(strlen(claim.rest) + claim.hex_len + 9 + (len > claim.hex_len + 9) == len);
	buf_puts(&text, raw);
	buf_printf(&what, "&checksum=%.*s", (int)claim.hex_len, claim.hex);
	replace_all(&text, buf_str(&what));
	buf_clear(&what);
	buf_printf(&what, "checksum=%.*s&", (int)claim.hex_len, claim.hex);
	replace_all(&text, buf_str(&what));
	buf_clear(&what);
	buf_printf(&what, "checksum=%.*s", (int)claim.hex_len, claim.hex);
	replace_all(&text, buf_str(&what));
	/* Only a digest counts: anything shorter may stand inside another parameter, where BBB cuts and we do
	 * not. */
	if (claim.hex_len >= 40 && strspn(claim.hex, "0123456789abcdefABCDEF") >= claim.hex_len &&
		!strstr(claim.rest, "checksum="))
		FUZZ_REQUIRE(strcmp(buf_str(&text), claim.rest) == 0);
	buf_free(&text);
	buf_free(&what);
}

/* A query that is signed verifies wherever the checksum stands, and no longer when a byte of it is another.
 */
static void sign(struct arena *a, const char *secret, size_t position, char *query)
{
	const char *const secrets[2] = {NULL, secret};
	enum sha_alg alg = (enum sha_alg)(position % SHA_ALG__MAX);
	struct checksum_claim claim;
	struct query parsed = {0};
	struct buf raw = BUF_INIT;
	struct err err = {0};
	char hex[SHA_HEX_MAX + 1], *amp;
	size_t len = strlen(query);

	checksum_make(alg, "create", query, len, secret, hex);
	if (position % 3 == 0 || !len) {
		buf_printf(&raw, "checksum=%s%s%s", hex, len ? "&" : "", query);
	} else if (position % 3 == 1 || !(amp = strchr(query, '&'))) {
		buf_printf(&raw, "%s&checksum=%s", query, hex);
	} else {
		buf_printf(&raw, "%.*s&checksum=%s%s", (int)(amp - query), query, hex, amp);
	}
	/* A query that names a checksum of its own is refused. A leading '&' goes with a checksum behind it.
	 */
	if (checksum_find(a, buf_str(&raw), raw.len, &claim) == 0 && query[0] != '&') {
		query_parse(a, claim.rest, strlen(claim.rest), &parsed, &err);
		FUZZ_REQUIRE(checksum_verify_request(a, &claim, "create", &parsed, secrets, ALL_ALGORITHMS) ==
			     (*secret != '\0'));
		FUZZ_REQUIRE(!checksum_verify_request(a, &claim, "join", &parsed, secrets, ALL_ALGORITHMS));
		FUZZ_REQUIRE(!checksum_verify_request(
			a, &claim, "create", &parsed, secrets, ALL_ALGORITHMS & ~(1 << alg)));
	}
	buf_free(&raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *rest = fuzz_text(&a, data, size);
	char *secret = fuzz_line(&rest), *position = fuzz_line(&rest);

	find(&a, rest);
	sign(&a, secret, strlen(position), rest);
	arena_free(&a);
	return 0;
}
