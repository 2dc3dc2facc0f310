/* SPDX-License-Identifier: ISC */
/* A client's LRS payload: what can be read of it can be read again once it is encrypted anew. Input: a line with the secret, then
 * the payload; a payload that begins with { is JSON that is encrypted first. */
#include "config.h"
#include "fuzz.h"

#include "bbb/lrs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *rest = fuzz_text(&a, data, size);
	const char *secret = fuzz_line(&rest), *payload = rest, *json, *again;
	struct err err = {0};

	if (*rest == '{')
		payload = lrs_encrypt(&a, secret, rest, &err);
	FUZZ_REQUIRE(payload);
	json = lrs_decrypt(&a, secret, payload);
	if (json) {
		again = lrs_encrypt(&a, "another", json, &err);
		FUZZ_REQUIRE(
			again &&
			strspn(again, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
				strlen(again));
		again = lrs_decrypt(&a, "another", again);
		FUZZ_REQUIRE(again ? strcmp(again, json) == 0 : strlen(json) > LRS_PAYLOAD_MAX / 2);
	}
	arena_free(&a);
	return 0;
}
