/* SPDX-License-Identifier: ISC */
/* The mapping of a client's meeting to a node, as requests read and end it. */
#ifndef B3LB_CORE_MEETING_H
#define B3LB_CORE_MEETING_H

#include "bbb/xml.h"
#include "core/client_params.h"
#include "core/node.h"
#include "core/tenant.h"

/* A confirmed meeting. Strings belong to the arena given when it was read. */
struct meeting {
	const char *node_meeting_id; /* ours, on the node; NULL: none */
	long long id, secret_id;
	const char *client_id;	  /* the client's meetingID */
	struct client_params own; /* the client's values of what went to the node changed */
	struct node node;
};

/* Attendees as of the last polls, for limits; 0 where there is no limit. */
struct meeting_attendance {
	bool full;    /* a limit of tenant or secret is reached, and is looked at by joins */
	bool warned;  /* that refuses nobody (limit_mode warn) */
	bool counted; /* meeting_find_known has counted who joins */
};

/*
 * One SQL round trip: the tenant and secret that route and host name, and its meeting of that id. meeting_id
 * (the client's own or the internal id; NULL: none wanted; valid UTF-8) is looked for among the secret's
 * meetings first, then, for sub id 0, among its tenant's. tenant->id is 0 when there is no such tenant,
 * meeting->node_meeting_id NULL when there is no such confirmed meeting. 0, or -1 with err (db_run). Any thread.
 */
int meeting_find(struct db *db, struct arena *a, const struct route *route, const char *host,
	const char *meeting_id, struct tenant *tenant, struct meeting *meeting,
	struct meeting_attendance *attendance, struct err *err);

/*
 * The same of a tenant that was read before (tenant_cache_get): 1, or 0 when that is out of date and
 * meeting_find must be asked, or -1 with err. MEETING_JOIN: the caller will answer with the way to the node when
 * there is a meeting and its node is up; then the statement itself counts it, and *counted is true. Of the
 * meeting there is then no more than node and node_meeting_id, when it is the secret's own. Not for a tenant
 * that is limited: who may come in is not looked at. MEETING_DOUBT: mostly there is none, and that is to be quick.
 */
enum meeting_use { MEETING_ASK, MEETING_DOUBT, MEETING_JOIN };
int meeting_find_known(struct db *db, struct arena *a, const struct tenant *tenant, const char *meeting_id,
	enum meeting_use use, struct meeting *meeting, bool *counted, struct err *err);

/* The meeting with that id of ours, if it is one of these tenants (array of ids; NULL: all). *tenant: its slug, in the
 * arena. 0, or -1 with err: ERR_NOT_FOUND, or db_run's. */
int meeting_find_ours(struct db *db, struct arena *a, const char *id, const char *tenants,
	struct meeting *meeting, const char **tenant, struct err *err)
	__attribute__((nonnull(1, 2, 3, 5, 6, 7)));

/* Takes an ended meeting off the mapping, with its weight; no error when it is gone already. */
int meeting_end(struct db *db, const struct meeting *meeting, struct err *err) b3lb_nonnull;

/* A node with meetings that a secret's getMeetings lists. */
struct meeting_node {
	struct node node;
	const char *internal_ids; /* ",id,id," */
};
/* The nodes that are online and hold meetings of the secret (sub id 0: of its tenant). Returns their number
 * or -1 with err; *list is in the arena. */
int meeting_nodes(struct db *db, struct arena *a, long long secret_id, struct meeting_node **list,
	struct err *err) b3lb_nonnull;

/* Appends the <meeting> of a meeting that no poll has seen yet, out of the node's answer to create and the
 * client's parameters. */
void meeting_write_fragment(const struct bbbxml *answer, const struct query *query, const char *client_id,
	struct buf *out) b3lb_nonnull;

#endif
