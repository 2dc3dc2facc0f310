/* SPDX-License-Identifier: ISC */
/* What an operator does to the meetings on a node: ended, told something. */
#ifndef B3LB_CORE_NODE_MEETINGS_H
#define B3LB_CORE_NODE_MEETINGS_H

#include "core/audit.h"
#include "core/meeting.h"

/* BBB's bounds of a chat message, in characters. */
#define NODE_MESSAGE_MAX 500

/* What became of one of them. Strings are in the arena of the call. */
struct node_meeting {
	struct meeting meeting; /* node_meeting_id: ours, "b3lb-..." */
	const char *tenant;	/* in upper case */
	int sub_id;
	const char *error; /* NULL: done */
};
struct node_meetings {
	struct node_meeting *list;
	int count, failed;
};

/* Those of a node; error is NULL. *slug: in any case; as it is written then. 0, or -1 with err: ERR_NOT_FOUND, ERR_AWAY. */
int node_meetings_read(struct db *db, struct arena *a, const char **slug, struct node_meetings *out,
	struct err *err) b3lb_nonnull b3lb_mustcheck;

/*
 * Each asks the node for all of its meetings at once, at most node_concurrency under way, and notes what was done in the audit
 * as one row. 0 also where some failed: out says of each. -1 with err: ERR_NOT_FOUND (no such node), ERR_INVALID (the
 * text is empty, too long, or no UTF-8), ERR_AWAY (the database). Takes as long as node_request_timeout allows for each
 * turn. Any thread.
 */

/* Ends them: what the node has ended, or does not know, is taken off the mapping. */
int node_end_meetings(struct db *db, const struct conf *conf, struct arena *a, const char *slug,
	const struct actor *actor, struct node_meetings *out, struct err *err) b3lb_nonnull b3lb_mustcheck;
/* Sends a text into the chat of each room (sendChatMessage of BigBlueButton 3.0; a node before that does not know it). */
int node_message(struct db *db, const struct conf *conf, struct arena *a, const char *slug, const char *text,
	const struct actor *actor, struct node_meetings *out, struct err *err) b3lb_nonnull b3lb_mustcheck;

/* Whether a text can be sent so: 0, or -1 with ERR_INVALID. */
int node_message_check(const char *text, struct err *err) b3lb_nonnull;

/* Ends one meeting on its node and takes it off the mapping; force: that also when the node did not end it. 0, or -1 with
 * err: ERR_AWAY and why. The caller notes it in the audit. */
int node_end_meeting(struct db *db, const struct conf *conf, const struct meeting *m, bool force,
	struct err *err) b3lb_nonnull b3lb_mustcheck;

#endif
