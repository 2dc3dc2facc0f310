/* SPDX-License-Identifier: ISC */
/* From host and path to tenant, sub id and what is asked for (doc/contract, 3). */
#ifndef B3LB_BBB_ROUTE_H
#define B3LB_BBB_ROUTE_H

#include "base/mem.h"

#include <stdbool.h>

enum route_kind {
	ROUTE_NONE,	 /* no path of ours */
	ROUTE_API,	 /* .../api[/{call}], or what is before /api: rest is the call, "" for the version */
	ROUTE_TENANT,	 /* /b3lb/t/{tenant}[-{sub}]/{rest} */
	ROUTE_GLOBAL,	 /* /b3lb/{rest}: stats, metrics, ping */
	ROUTE_RECORDING, /* /b3lb/r/{rest} */
	ROUTE_BACKEND,	 /* /b3lb/b/{rest} */
	ROUTE_ADMIN,	 /* /b3lb/admin/{rest}, on the one host that has it */
};

#define ROUTE_SLUG_MAX 32

/* What was found. */
struct route {
	enum route_kind kind;
	char slug[ROUTE_SLUG_MAX + 1]; /* lower case; "" when neither host nor path names one */
	int sub_id;		       /* 0 to 999 */
	bool sub_given;		       /* the path spells a sub id, be it 0 */
	bool bad_tenant;	       /* host and path disagree, or a name is malformed: an unknown tenant */
	bool by_label;		       /* slug, or bad_tenant, is of the host's label; the path names none */
	const char *rest;	       /* into the path, without the slash before it */
};

/* Reads "acme" or "acme-005" of len bytes; false when it is not a tenant name with a sub id. */
bool route_parse_tenant(
	const char *text, size_t len, char slug[ROUTE_SLUG_MAX + 1], int *sub_id) b3lb_nonnull;

/*
 * host: as request.h gives it; base: conf's api_base_domain. Never fails: kind says what it is. A host
 * outside the base domain may be an additional one of a tenant: slug stays "" unless the path names one, and
 * SQL decides ({tenant_where} of sql/statements/tenant.sql), as it does for one below it, where the path names
 * none. Any thread.
 */
void route_parse(const char *base, const char *host, const char *path, struct route *route) b3lb_nonnull;

#endif
