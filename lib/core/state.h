/* SPDX-License-Identifier: ISC */
/* The whole configuration that the database keeps, as JSON: written, and taken into another database. */
#ifndef B3LB_CORE_STATE_H
#define B3LB_CORE_STATE_H

#include "core/audit.h"

#include <jansson.h>

/*
 * Appends clusters, groups, nodes, profiles and tenants with all that belongs to them, as they were at one
 * moment; secrets and tokens only when asked for. 0, or -1 with err.
 */
int state_export(struct db *db, bool secrets, struct buf *out, struct err *err) b3lb_nonnull;

/* What an import did. Zero-initialise; state_report_free. */
struct state_report {
	int count;	    /* of changes */
	struct buf changes; /* a line each: "node n1: weight 1 -> 2"; secrets are not told */
	struct buf secrets; /* those that were made, a line each: "acme-5 SECRET" */
};
/*
 * Makes what is missing and changes what is other, in one transaction; what the text does not name stays.
 * Where it has no secret the old one stays; a tenant's new secret is made at random, a new node without one
 * is refused. Who did it stands in the audit, a row for each object. dry_run: does all of that and takes it back. conf: the base domain and
 * the host of the console, which no alias may be, nor another tenant's name below it. Returns 0, or -1 with err: ERR_INVALID naming
 * place and rule, ERR_CONFLICT, ERR_AWAY; nothing is changed then.
 */
int state_import(struct db *db, const struct conf *conf, const char *json, size_t len, bool dry_run,
	const struct actor *actor, struct state_report *report, struct err *err) b3lb_nonnull;
void state_report_free(struct state_report *report);
/* The changes as a list of texts, the secrets as one of {"tenant", "sub_id", "secret"}; the caller's to json_decref. */
json_t *state_report_changes(const struct state_report *report) b3lb_nonnull;
json_t *state_report_secrets(const struct state_report *report) b3lb_nonnull;

#endif
