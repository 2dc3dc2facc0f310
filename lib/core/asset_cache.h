/* SPDX-License-Identifier: ISC */
/* Bytes of assets that this process sent a moment ago, by the digest that is their tag. */
#ifndef B3LB_CORE_ASSET_CACHE_H
#define B3LB_CORE_ASSET_CACHE_H

#include "core/asset.h"

/* Fills etag, data and len, copied into the arena, with what was kept last for that tenant and kind; all empty without.
 * Whether it still is that tenant's asset only the database knows. Any thread. */
void asset_cache_get(
	struct arena *a, const char *slug, enum asset_kind kind, struct asset *asset) b3lb_nonnull;
/* Keeps them, when they are not too long, in place of whatever stood there. Any thread. */
void asset_cache_put(const char *slug, enum asset_kind kind, const struct asset *asset) b3lb_nonnull;

#endif
