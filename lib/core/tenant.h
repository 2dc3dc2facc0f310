/* SPDX-License-Identifier: ISC */
/* A tenant: who a request speaks for, and the administration of tenants and their host names. */
#ifndef B3LB_CORE_TENANT_H
#define B3LB_CORE_TENANT_H

#include "core/asset.h"
#include "base/conf.h"
#include "db/db.h"
#include "core/rule.h"
#include "bbb/route.h"

/* Strings belong to the arena given when it was read. */
struct tenant {
	long long id, secret_id; /* 0: unknown */
	const char *slug;	 /* lower case */
	int sub_id;
	const char *secrets[2];	  /* both are valid (rollover); NULL: none */
	const char *error_status; /* its own setting, NULL: the configuration's */
	bool recording;		  /* tenant and secret allow it */
	bool limited;		  /* it or the secret has a limit of attendees that joins look at */
	bool analytics;		  /* learning analytics of its meetings are kept */
	bool lrs_force;		  /* clients cannot name an LRS of their own */
	const char *lrs;	  /* its LRS, as JSON for bbb/lrs.h; NULL: none */
	const char *modules;	  /* of create's body that go on (bbb/modules.h) */
	bool show_node;		  /* answers say which node it was */
	struct rule_set rules;	  /* on parameters of create and join */
	const char *assets;	  /* kinds of its branding, separated by commas; NULL: none */
	const char *dial_number;  /* that people on the phone are told; NULL: none of its own */
	bool own_pins;		  /* its clients may choose a room's PIN */
	long long version;	  /* of all tenants, when it was read (b3lb.tenant_version) */
};

/* Fills a tenant from the columns {tenant_columns} of sql/statements/tenant.sql, starting at first; copies
 * into the arena. */
void tenant_read(
	struct arena *a, const struct db_result *r, int row, int first, struct tenant *tenant) b3lb_nonnull;

/* The slug that {tenant_from} and {tenant_where} of sql/statements/tenant.sql take first, before host, sub id and
 * whether the slug is the host's label; NULL: the route names none. The route's memory. */
const char *tenant_named_slug(const struct route *route) b3lb_nonnull;

/* True when API errors of this tenant carry status 200 (doc/contract, 4: error_status). */
bool tenant_wants_bbb_status(const struct conf *conf, const struct tenant *tenant) b3lb_nonnull;

/* slug NULL: all, one row each; with a slug that one with everything, ERR_NOT_FOUND without it. 0 and *out,
 * which the caller frees; -1 with err. */
int tenant_list(struct db *db, const char *slug, struct db_result **out, struct err *err);
/* Its id as an array, as who may see the rows of some tenants only is given: in the arena. ERR_NOT_FOUND: there is no such
 * tenant. */
int tenant_ids(
	struct db *db, struct arena *a, const char *slug, const char **ids, struct err *err) b3lb_nonnull;

#endif
