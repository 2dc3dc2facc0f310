/* SPDX-License-Identifier: ISC */
/* Tenants that this process read a moment ago, for statements that check whether they are still so. */
#ifndef B3LB_CORE_TENANT_CACHE_H
#define B3LB_CORE_TENANT_CACHE_H

#include "core/tenant.h"

/* Remembers the tenant that route and host name; whatever stood in its place is forgotten. Any thread. */
void tenant_cache_put(const struct route *route, const char *host, const struct tenant *tenant);
/* Copies into the arena; false when nothing is remembered. It may be out of date: only a statement that
 * compares tenant->version with b3lb.tenant_version tells. Any thread. */
bool tenant_cache_get(
	struct arena *a, const struct route *route, const char *host, struct tenant *tenant) b3lb_nonnull;

#endif
