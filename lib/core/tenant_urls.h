/* SPDX-License-Identifier: ISC */
/* Where a tenant's platforms reach us, and the links that try a secret. */
#ifndef B3LB_CORE_TENANT_URLS_H
#define B3LB_CORE_TENANT_URLS_H

#include "core/node.h"

/* The URLs of a secret, with scheme and port of public_url, in the arena. */
struct tenant_urls {
	const char *
		name; /* "https://acme-5.DOMAIN/bigbluebutton/"; NULL where public_url is another host or has a path */
	const char *path; /* "https://DOMAIN/b3lb/t/acme-5/bbb/" */
	const char *
		platform; /* the one that a platform is given: name, else path. "api" behind it is the whole URL of the API */
	const char *stats, *metrics; /* to be asked with the token */
};
void tenant_urls(struct arena *a, const struct conf *conf, const char *slug, int sub_id,
	struct tenant_urls *urls) b3lb_nonnull;

/* Appends the link that tries a secret in API Mate (api_mate_url), behind its # where no server sees it: URL, secret, a
 * meeting's name, made passwords, whether it may record, and the tenant's slide, as B3LB's. 0, or -1 with err: ERR_NOT_FOUND,
 * ERR_AWAY. */
int tenant_api_mate(struct db *db, const struct conf *conf, struct arena *a, const char *slug, int sub_id,
	struct buf *out, struct err *err) b3lb_nonnull;
/* The same of a node. */
int node_api_mate(struct arena *a, const struct conf *conf, const struct node *node, struct buf *out,
	struct err *err) b3lb_nonnull;

#endif
