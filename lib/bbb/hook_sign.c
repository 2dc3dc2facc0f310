/* SPDX-License-Identifier: ISC */
/* Signatures of bbb-webhooks, of every version that is in use. */
#include "config.h"
#include "bbb/hook_sign.h"

#include "base/buf.h"
#include "bbb/token.h"

#include <string.h>
#include <strings.h>

const char *const hook_sign_names[HOOK_SIGN__MAX] = {"none", "body", "empty", "json", "bearer"};

void hook_sign_make(
	enum sha_alg alg, const char *url, const char *body, size_t len, const char *secret, char *hex)
{
	const struct sha_part parts[] = {{url, strlen(url)}, {body, len}, {secret, strlen(secret)}};

	sha_hex(alg, parts, ARRAY_SIZE(parts), hex);
}

/* As JSON.stringify writes a string. */
static void put_string(struct buf *b, const char *s)
{
	static const char escaped[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";

	buf_putc(b, '"');
	for (; *s; s++) {
		const char *at = strchr(escaped, *s);

		if (at)
			buf_printf(b, "\\%c", letters[at - escaped]);
		else if ((unsigned char)*s < 0x20)
			buf_printf(b, "\\u%04x", (unsigned char)*s);
		else
			buf_putc(b, *s);
	}
	buf_putc(b, '"');
}

/* JSON.stringify({event, timestamp, domain}), where the timestamp is a number. */
static void put_json(struct buf *b, const struct hook_request *rq)
{
	const char *timestamp = rq->timestamp ? rq->timestamp : "";

	buf_puts(b, "{\"event\":");
	put_string(b, rq->event ? rq->event : "");
	buf_puts(b, ",\"timestamp\":");
	buf_puts(b, timestamp[strspn(timestamp, "0123456789")] ? "" : timestamp);
	buf_puts(b, ",\"domain\":");
	put_string(b, rq->domain ? rq->domain : "");
	buf_putc(b, '}');
}

enum hook_sign hook_sign_check(const struct hook_request *rq, const char *secret)
{
	const char *bearer = rq->authorization && strncasecmp(rq->authorization, "Bearer ", 7) == 0
				     ? rq->authorization + 7
				     : NULL;
	const char *checksum = rq->checksum ? rq->checksum : "";
	char hex[HOOK_SIGN__MAX][SHA_HEX_MAX + 1] = {{0}};
	enum sha_alg alg = SHA_ALG_1, fits = SHA_ALG__MAX;
	enum hook_sign found = HOOK_SIGN_NONE;
	struct buf json = BUF_INIT;

	if (!*secret)
		return HOOK_SIGN_NONE;
	for (; alg < SHA_ALG__MAX; alg++)
		if (strlen(checksum) == 2 * sha_sizes[alg])
			fits = alg;
	alg = fits == SHA_ALG__MAX ? SHA_ALG_1 : fits;
	put_json(&json, rq);
	hook_sign_make(alg, rq->url, rq->body ? rq->body : "", rq->body ? rq->body_len : 0, secret,
		hex[HOOK_SIGN_BODY]);
	hook_sign_make(alg, rq->url, "{}", 2, secret, hex[HOOK_SIGN_EMPTY]);
	hook_sign_make(SHA_ALG_1, rq->url, buf_str(&json), json.len, secret, hex[HOOK_SIGN_JSON]);
	for (enum hook_sign i = HOOK_SIGN_JSON; i > HOOK_SIGN_NONE; i--)
		if (token_equal(checksum, hex[i]))
			found = i;
	if (token_equal(bearer, secret))
		found = HOOK_SIGN_BEARER;
	buf_free(&json);
	return found;
}
