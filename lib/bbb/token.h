/* SPDX-License-Identifier: ISC */
/* JSON web tokens of BigBlueButton's callbacks (doc/bbb-api, 3.8), and tokens of our own URLs compared. */
#ifndef B3LB_BBB_TOKEN_H
#define B3LB_BBB_TOKEN_H

#include "base/mem.h"

#include <stdbool.h>

/* True when the text is a JWT signed with HS512 by that secret whose exp is not over. An empty secret never
 * verifies. Any thread. */
bool token_verify_analytics(const char *jwt, const char *secret) b3lb_nonnull;
/* A JWT for the Authorization of analytics: HS512, valid for a day. In the arena; NULL when it cannot be
 * made. */
const char *token_sign_analytics(struct arena *a, const char *secret) b3lb_nonnull;
/* signed_parameters of the recording-ready callback: HS256 over the JSON object. In the arena; NULL when it
 * cannot be made. */
const char *token_sign_ready(struct arena *a, const char *payload, const char *secret) b3lb_nonnull;

/* True when both are the same text, not NULL and not empty; in a time that does not depend on where they
 * differ. Any thread. */
bool token_equal(const char *given, const char *wanted);

#endif
