/* SPDX-License-Identifier: ISC */
/* What a poll of the nodes reads and writes: due nodes, a node's meetings, health. */
#ifndef B3LB_CORE_NODE_POLL_H
#define B3LB_CORE_NODE_POLL_H

#include "core/node.h"

/* The database's clock as text, in the arena: when a round began. */
int poll_clock(struct db *db, struct arena *a, const char **clock, struct err *err) b3lb_nonnull;

/* A claimed node: nobody else polls it until the lease is over. */
struct poll_node {
	struct node node;
	const char *started; /* the database's clock when it was claimed */
};
/*
 * Claims up to max nodes that nobody polled since `since` less minus_seconds. Returns their number, 0 when
 * none is due, -1 with err; *list is in the arena. Any number of hosts may ask at once.
 */
int poll_claim(struct db *db, struct arena *a, const char *since, double minus_seconds, int max,
	int lease_seconds, struct poll_node **list, struct err *err) b3lb_nonnull;

/* What a node said, ready to be written. Buffers hold SQL arrays; zero-initialise; poll_report_free. */
struct poll_report {
	int meetings, attendees; /* all of them, foreign ones too */
	struct buf ids, internal_ids, attendee_counts, listeners, voices, videos, moderators, running,
		fragments, rooms;
	int skipped;	    /* meetings without a sound id */
	char unsteady[128]; /* why the list could be read in part only; "": it was whole */
};
/*
 * Reads a getMeetings answer: counts, and for each of our meetings a row whose fragment bears the client's
 * id; breakout rooms stand behind their parent. Looks up our rows of that node. Returns 0, or -1 with err:
 * ERR_AWAY from the XML is the node's fault (*node_fault is true), else the database's. cut: why there is only the beginning of
 * the answer; NULL: it is all there.
 */
int poll_read(struct db *db, const struct conf *conf, long long node_id, const char *xml, size_t len,
	const char *cut, struct poll_report *report, bool *node_fault, struct err *err);
void poll_report_free(struct poll_report *report);

/* Reads a load URL's body: one integer from 0 to 10000, blanks around it. -1 when it is anything else. */
int poll_parse_cpu(const char *text) b3lb_nonnull;

/* Nodes that nobody has polled since then (text of poll_clock) less minus_seconds, nor has in hand: their number, or -1. */
long long poll_unpolled(struct db *db, const char *since, double minus_seconds, struct err *err) b3lb_nonnull;

/* What no poll of a node sees: b3lb.tidy_meetings. *lost: meetings of nodes that are gone for good. 0 or -1 with err. */
int poll_tidy(struct db *db, const struct conf *conf, long long *lost, struct err *err) b3lb_nonnull;

/* Writes a good poll in one transaction (b3lb.poll_good). cpu -1: unknown, the last one stays. *came_online:
 * it was offline before. */
int poll_write_good(struct db *db, const struct conf *conf, const struct poll_node *node,
	const struct poll_report *report, int cpu, bool *came_online, struct err *err) b3lb_nonnull;
/* Writes a failed poll (b3lb.poll_bad), unless a later one was good; why is shown to the operator.
 * *went_offline: it was online before. */
int poll_write_bad(struct db *db, const struct conf *conf, const struct poll_node *node, const char *why,
	bool *went_offline, struct err *err) b3lb_nonnull;

#endif
