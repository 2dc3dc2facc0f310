/* SPDX-License-Identifier: ISC */
/* Secrets that verified a request of this process a moment ago: a hint that saves a round trip, never a
 * proof. */
#ifndef B3LB_SECRET_CACHE_H
#define B3LB_SECRET_CACHE_H

#include "route.h"

/* Remembers the two secrets (NULL: none) of what route and host name; the oldest place of its row is used
 * again. Any thread. */
void secret_cache_put(const struct route *route, const char *host, const char *const secrets[2]);
/* Copies into the arena; false when nothing is remembered. They may be out of date: the database decides. Any
 * thread. */
bool secret_cache_get(struct arena *a, const struct route *route, const char *host, const char *secrets[2]);

#endif
