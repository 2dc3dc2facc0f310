/* SPDX-License-Identifier: ISC */
/* BBB's request checksum: hex(sha(call + query without the checksum parameter + secret)). */
#include "config.h"
#include "bbb/checksum.h"

#include "base/hex.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* True when the raw name of a pair reads "checksum" once its escapes are gone. */
static bool names_checksum(const char *raw, size_t len)
{
	static const char want[] = "checksum";
	size_t n = 0;

	for (size_t i = 0; i < len; i++, n++) {
		char c = raw[i];

		if (c == '%' && i + 2 < len) {
			char hex[3] = {raw[i + 1], raw[i + 2], '\0'};

			c = (char)strtol(hex, NULL, 16);
			i += 2;
		}
		if (n >= sizeof(want) - 1 || c != want[n])
			return false;
	}
	return n == sizeof(want) - 1;
}

int checksum_find(struct arena *a, const char *raw, size_t len, struct checksum_claim *claim)
{
	size_t at = 0, from = 0, to = 0;
	int found = 0;

	*claim = (struct checksum_claim){0};
	while (at <= len) {
		const char *amp = at < len ? memchr(raw + at, '&', len - at) : NULL;
		size_t end = amp ? (size_t)(amp - raw) : len;
		const char *eq = memchr(raw + at, '=', end - at);
		size_t name_len = eq ? (size_t)(eq - raw) - at : end - at;

		if (names_checksum(raw + at, name_len)) {
			claim->named = true;
			if (++found > 1 || name_len != 8 || !eq)
				return -1;
			claim->hex = eq + 1;
			claim->hex_len = end - at - 9;
			from = at;
			to = end;
		}
		at = end + 1;
	}
	if (!found)
		return -1;
	/* The separator before goes with it; for the first parameter the one behind. */
	if (from > 0)
		from--;
	else if (to < len)
		to++;
	claim->rest = arena_alloc(a, len + 1);
	memcpy(claim->rest, raw, from);
	memcpy(claim->rest + from, raw + to, len - to);
	return 0;
}

void checksum_make(
	enum sha_alg alg, const char *call, const char *text, size_t len, const char *secret, char *hex)
{
	const struct sha_part parts[] = {{call, strlen(call)}, {text, len}, {secret, strlen(secret)}};

	sha_hex(alg, parts, 3, hex);
}

/* Lower-cases the claim into out; -1 when its length fits no algorithm or it is not hex. */
static int claim_alg(const struct checksum_claim *claim, char *out)
{
	int alg = -1;

	for (int i = 0; i < SHA_ALG__MAX; i++)
		if (claim->hex_len == 2 * sha_sizes[i])
			alg = i;
	if (alg < 0)
		return -1;
	for (size_t i = 0; i < claim->hex_len; i++) {
		char c = claim->hex[i];

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (hex_value(c) < 0)
			return -1;
		out[i] = c;
	}
	return alg;
}

bool checksum_verify(const struct checksum_claim *claim, const char *call, const char *text, size_t len,
	const char *secret, int allowed)
{
	char want[SHA_HEX_MAX + 1], got[SHA_HEX_MAX + 1] = "";
	int alg = claim_alg(claim, got);
	bool same;

	if (alg < 0 || !(allowed & 1 << alg))
		return false;
	/* An unknown tenant costs one digest too, so that the time does not tell it from a wrong checksum. */
	checksum_make((enum sha_alg)alg, call, text, len, secret ? secret : "", want);
	same = CRYPTO_memcmp(want, got, claim->hex_len) == 0;
	OPENSSL_cleanse(want, sizeof(want));
	return same && secret && *secret;
}

static int by_name(const void *x, const void *y)
{
	const struct query_param *a = x, *b = y;

	return strcmp(a->name, b->name);
}

/* The bytes that JavaScript's encodeURIComponent leaves alone beside letters and digits. */
static void write_js(struct buf *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("!*'()", *s))
			buf_putc(out, *s);
		else
			buf_url(out, s, 1);
	}
}

/* Python's quote_plus: unreserved bytes alone, a blank as '+'. */
static void write_python(struct buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == ' ')
			buf_putc(out, '+');
		else
			buf_url(out, s, 1);
	}
}

/* What some clients sign: the parameters but the checksum, sorted by name, re-encoded. */
static void write_sorted(const struct query *sorted, bool python, struct buf *out)
{
	for (size_t i = 0; i < sorted->count; i++) {
		if (out->len)
			buf_putc(out, '&');
		/* Names are escaped too: bare, one parameter named "a=1&b" would read as two. */
		(python ? write_python : write_js)(out, sorted->params[i].name);
		buf_putc(out, '=');
		(python ? write_python : write_js)(out, sorted->params[i].value);
	}
}

bool checksum_verify_request(struct arena *a, const struct checksum_claim *claim, const char *call,
	const struct query *q, const char *const secrets[2], int allowed)
{
	struct query sorted = {.params = arena_alloc(a, (q->count + 1) * sizeof(*sorted.params))};
	struct buf texts[2] = {BUF_INIT, BUF_INIT};
	size_t rest_len = strlen(claim->rest);
	bool ok = false;

	for (int s = 0; s < 2; s++)
		ok |= checksum_verify(claim, call, claim->rest, rest_len, secrets[s], allowed);
	if (ok)
		return true;
	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->params[i].name, "checksum") != 0)
			sorted.params[sorted.count++] = q->params[i];
	qsort(sorted.params, sorted.count, sizeof(*sorted.params), by_name);
	for (int t = 0; t < 2; t++) {
		write_sorted(&sorted, t == 0, &texts[t]);
		for (int s = 0; s < 2; s++)
			ok |= checksum_verify(
				claim, call, buf_str(&texts[t]), texts[t].len, secrets[s], allowed);
		buf_free(&texts[t]);
	}
	return ok;
}
