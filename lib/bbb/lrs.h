/* SPDX-License-Identifier: ISC */
/* Where a node's webhooks send what was learnt (xAPI): meta_secret-lrs-payload, encrypted with a secret (doc/bbb-api, 3.10). */
#ifndef B3LB_BBB_LRS_H
#define B3LB_BBB_LRS_H

#include "base/err.h"

/* The metadata that carries it; a client's may be in any case, bbb-web keeps lower. */
#define LRS_META  "secret-lrs-payload"
#define LRS_PARAM "meta_" LRS_META
/* Bytes of a payload that are looked at. */
#define LRS_PAYLOAD_MAX 8192
/* Bytes of a tenant's endpoint and what opens it. */
#define LRS_PARTS_MAX 2048

/*
 * The JSON text encrypted with the secret, as bbb-webhooks decrypts it: base64 of "Salted__", eight bytes of salt, and
 * AES-256-CBC (PKCS #7), key and IV by PBKDF2-HMAC-SHA256 with 10000 rounds. A new salt each time; some milliseconds. In the
 * arena; NULL with err: OpenSSL failed. Any thread.
 */
const char *lrs_encrypt(
	struct arena *a, const char *secret, const char *json, struct err *err) b3lb_nonnull b3lb_mustcheck;
/* The JSON text of a payload; NULL: it is longer than LRS_PAYLOAD_MAX, not encrypted with that secret, or no JSON object. The
 * first eight bytes may be any, as bbb-webhooks takes them. In the arena. Any thread. */
const char *lrs_decrypt(struct arena *a, const char *secret, const char *payload) b3lb_nonnull b3lb_mustcheck;

#endif
