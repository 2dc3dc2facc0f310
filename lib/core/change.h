/* SPDX-License-Identifier: ISC */
/* The one way to change the configuration: an object of the state document is made, changed or removed. */
#ifndef B3LB_CORE_CHANGE_H
#define B3LB_CORE_CHANGE_H

#include "base/conf.h"
#include "core/audit.h"
#include "core/state_doc.h"

#define CHANGE_ETAG_LEN 16
/* The parent of a parameter that rules all tenants, below rules of their own. */
#define CHANGE_ALL "*"

enum change_kind {
	CHANGE_PUT, /* all of it: what the body does not name takes its default; secrets and tokens stay */
	CHANGE_PATCH, /* RFC 7396: what the body names; null gives the default back. ERR_NOT_FOUND without the object */
	CHANGE_DELETE,
	CHANGE_ROLL, /* of a secret: the one of the body, or one that is made, becomes the first; the old one
		      * stays valid as the second until a PATCH with {"secret2": null} */
};

/* One change. Texts and body are the caller's. */
struct change {
	/* state_cluster, state_group, state_node, state_profile, state_tenant, state_secret, state_parameter; state_asset:
	 * PUT and DELETE, its data in base64 (read, it is what tells one from another) */
	const struct state_object *object;
	const char *parent; /* of a secret, a parameter (or CHANGE_ALL), an asset: the tenant; else NULL */
	const char *name;   /* of a tenant, a node in any case; of a secret "5" */
	enum change_kind kind;
	/* An object; NULL as {}. It may hold its own name, and what is only read (STATE_READ: "live", "etag", ...),
	 * which is passed over, so that what was read can be sent back changed. Lists in it are whole. */
	const json_t *body;
	/* The value of If-Match (RFC 9110, 13.1.1: entity tags, or *), or NULL. What a web server appends to a tag when it
	 * compresses is passed over. */
	const char *if_match;
	bool only_new; /* PUT (If-None-Match: *): ERR_CONFLICT when it is there */
	/* DELETE of a node: with its meetings, which are over then; of a tenant: with its recordings, which
	 * b3lb-cleanup deletes. Of a tenant's LRS: one without TLS, too. */
	bool force;
	bool owner; /* who asks is the tenant's own: only fields with STATE_OWNER; ERR_DENIED otherwise */
};

/* What became of it. Zero-initialise; change_report_free. */
struct change_report {
	struct state_report told; /* lines of difference; secrets that were made (none in a dry run) */
	bool created;		  /* the last change made its object */
	/* The last change's object as it is now, or would be after a dry run, as change_read has it; NULL: it is gone. */
	json_t *object;
	char etag[CHANGE_ETAG_LEN +
		  1]; /* its tag, without quotes; after ERR_STALE that of what is there ("": nothing) */
	/* After an error: which of the changes; which field ("/weight", a JSON pointer into the body; "": none);
	 * where the complaint proper begins in err->text, behind "node n1: "; lines of what still uses it. */
	size_t failed;
	char pointer[64];
	size_t detail;
	struct buf used_by;
};

/*
 * Makes the changes, in order, in one transaction under the lock of changes: all or none, one caller at a
 * time, so that if_match holds until the commit. Each is merged into what is there, checked by the table of
 * core/state_doc.h and the rules of the database, written, told as lines of difference, and noted in the audit
 * (b3lb.audit) unless it changed nothing. dry_run: does all of that and takes it back. conf: api_base_domain,
 * node_default_domain. Returns 0, or -1 with err:
 *   ERR_INVALID    a field breaks its rule: "node n1: weight must be greater than 0"
 *   ERR_NOT_FOUND  there is no such object, or no such tenant
 *   ERR_CONFLICT   it exists already (only_new), or is in use: report->used_by; a secret is being rolled already (if_match)
 *   ERR_STALE      if_match is not what is there: report->etag
 *   ERR_DENIED     owner, and the field is not the tenant's to change
 *   ERR_AWAY, ERR_INTERNAL
 * Any thread; holds one connection.
 */
int change_objects(struct db *db, const struct conf *conf, const struct change *changes, size_t count,
	bool dry_run, const struct actor *actor, struct change_report *report,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
void change_report_free(struct change_report *report) b3lb_nonnull;

/*
 * An object as it is shown: its fields without secrets and tokens, without what has a list of its own (a tenant's
 * secrets, parameters and assets), with what is only read ("rolling" of a secret, "tenants" of a group, how many
 * "secrets" a profile has) and with "etag". The caller's to json_decref. NULL with err: ERR_NOT_FOUND, ERR_AWAY.
 */
json_t *change_read(struct db *db, const struct state_object *object, const char *parent, const char *name,
	struct err *err) b3lb_mustcheck;
/* All of a kind, by name: of secrets and parameters those of the tenant parent. ERR_NOT_FOUND: there is no such tenant. */
json_t *change_list(
	struct db *db, const struct state_object *object, const char *parent, struct err *err) b3lb_mustcheck;
/* Those of a kind that no tenant has to itself, with the names of a SQL array; in the array's order. */
json_t *change_list_named(
	struct db *db, const struct state_object *object, const char *names, struct err *err) b3lb_mustcheck;

/* The tag of an object as change_read shows it: the first 16 hex digits of SHA-256 over its canonical JSON (sorted, compact)
 * without "etag", "live", secrets and tokens. */
void change_etag(
	const json_t *object, const struct state_object *kind, char etag[CHANGE_ETAG_LEN + 1]) b3lb_nonnull;

#endif
