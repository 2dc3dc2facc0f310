/* SPDX-License-Identifier: ISC */
/* The webhooks of nodes: that they tell us, and what they have told. */
#ifndef B3LB_CORE_HOOK_NODE_H
#define B3LB_CORE_HOOK_NODE_H

#include "core/node.h"

/* Where a node's webhook sends events to, in the arena: the callbackURL that it is given and signs. */
const char *hook_node_url(const struct conf *conf, struct arena *a, const char *nonce) b3lb_nonnull;

/* All return -1 with err: db_run's, and what is said of each. Any thread. */

/* A node whose webhooks are to be asked; strings are the arena's. */
struct hook_asked {
	struct node node;
	const char *nonce;
	bool wanted; /* it is to tell us; else no longer */
};
/* Those whose turn it is, which nobody else gets meanwhile. on: nodes are to tell us at all. Their number. */
int hook_nodes(
	struct db *db, struct arena *a, bool on, struct hook_asked **nodes, struct err *err) b3lb_nonnull;
/* Notes what it has said: "on", "absent", "refused", or "unknown"; at_once: it is asked again as soon as it is wanted. *changed:
 * that is news. */
int hook_node_state(struct db *db, long long node_id, const char *state, bool at_once, bool *changed,
	struct err *err) b3lb_nonnull;

/* Who sends an event; the secret is the arena's, the nonce as given. */
struct hook_sender {
	long long id, version; /* version: of what is known of it, for hook_take */
	const char *nonce, *secret;
	bool weak; /* it was last seen to sign events without looking at them */
};
/* As this process remembers it, which only hook_take can tell from how it is now; fresh: as it is now. ERR_NOT_FOUND: the nonce
 * is nobody's. */
int hook_sender_find(struct db *db, struct arena *a, const char *nonce, bool fresh,
	struct hook_sender *sender, struct err *err) b3lb_nonnull;
int hook_sender_weak(
	struct db *db, const struct hook_sender *sender, bool weak, struct err *err) b3lb_nonnull;

/* True when every event of the text, which may be no JSON at all, bears a name of hook_deny_events: by its beginning, as
 * webhooks write it. */
bool hook_is_denied(const struct conf *conf, const char *text) b3lb_nonnull;
/* True when the text is nested deeper than anybody means. */
bool hook_is_deep(const char *text) b3lb_nonnull;
/* Puts the events of a list into the outbox of whom they are for. *told: for how many there was somebody. 1: nothing was taken,
 * since the sender may have changed. ERR_INVALID: it is no list of events. */
int hook_take(struct db *db, const struct conf *conf, const struct hook_sender *sender, const char *text,
	int *told, struct err *err) b3lb_nonnull;

#endif
