/* SPDX-License-Identifier: ISC */
/* A node's webhook: no signature fits that its secret has not made, one that it has made does, and nothing else but the names that
 * are denied is dropped. Input: lines secret, checksum, Authorization; the rest is the form. */
#include "config.h"
#include "fuzz.h"

#include "bbb/hook_sign.h"
#include "core/hook_node.h"
#include "http/query.h"

static const char url[] = "https://bbb.example.org/b3lb/b/callback/event?nonce=0123";

/* The form as each version signs it, where it is one. */
static void check_made(struct hook_request rq, const char *secret)
{
	char hex[SHA_HEX_MAX + 1];

	for (enum sha_alg alg = 0; alg < SHA_ALG__MAX && *secret; alg++) {
		hook_sign_make(alg, url, rq.body, rq.body_len, secret, hex);
		rq.checksum = hex;
		rq.authorization = NULL;
		FUZZ_REQUIRE(hook_sign_check(&rq, secret) != HOOK_SIGN_NONE);
		hex[0] = hex[0] == '0' ? '1' : '0';
		FUZZ_REQUIRE(hook_sign_check(&rq, secret) == HOOK_SIGN_NONE);
	}
	rq.checksum = NULL;
	rq.authorization = NULL;
	FUZZ_REQUIRE(hook_sign_check(&rq, secret) == HOOK_SIGN_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char names[] = "pad-content,transcript-updated";
	const struct conf conf = {.hook_deny_events = names};
	struct arena a = {0};
	char *rest = fuzz_text(&a, data, size);
	struct hook_request rq = {.url = url};
	struct query form = {0};
	struct err err = {0};
	const char *secret = fuzz_line(&rest), *event;

	rq.checksum = fuzz_line(&rest);
	rq.authorization = fuzz_line(&rest);
	rq.body = rest;
	rq.body_len = strlen(rest);
	if (query_parse(&a, rest, rq.body_len, &form, &err) == 0) {
		rq.event = query_get(&form, "event");
		rq.timestamp = query_get(&form, "timestamp");
		rq.domain = query_get(&form, "domain");
	}
	if (!*secret)
		FUZZ_REQUIRE(hook_sign_check(&rq, secret) == HOOK_SIGN_NONE);
	else
		hook_sign_check(&rq, secret);
	check_made(rq, secret);
	event = rq.event ? rq.event : "";
	hook_is_deep(event);
	if (hook_is_denied(&conf, event))
		FUZZ_REQUIRE(strstr(event, "\"id\":\"pad-content\"") ||
			     strstr(event, "\"id\":\"transcript-updated\""));
	arena_free(&a);
	return 0;
}
