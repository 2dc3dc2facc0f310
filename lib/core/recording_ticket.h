/* SPDX-License-Identifier: ISC */
/* Protected recordings: the address that a list of recordings tells opens once, and leads to a session. */
#ifndef B3LB_CORE_RECORDING_TICKET_H
#define B3LB_CORE_RECORDING_TICKET_H

#include "core/recording.h"

/* Seconds that a ticket is good for: a list is asked for again at each click. */
#define TICKET_SECONDS 3600

/* Appends a new ticket for what is behind nonce: its end, some random digits, their signature by key. Nothing is kept
 * of it. now: seconds since 1970. Any thread. */
void ticket_write(const char *key, const char *nonce, long long now, struct buf *out) b3lb_nonnull;
/* True for one that ticket_write made of that key and nonce and that has not run out; *expires: when it does. Any
 * thread. */
bool ticket_is_good(const char *key, const char *nonce, const char *ticket, long long now,
	long long *expires) b3lb_nonnull;

/* What a ticket has opened. Strings are the arena's. */
struct ticket_opened {
	long long set_id;   /* of the recording; known before the ticket is looked at */
	const char *tenant; /* slug */
	bool player;	    /* a page of the player, else a video */
	const char *
		path_part; /* the session, which stands where a nonce would; the nonce when nothing is protected any more */
};
/* 0; -1 with ERR_NOT_FOUND: nothing is there, or the ticket is none; ERR_CONFLICT: it has run out or was used; or
 * db_run's err. use false: it is looked at only (HEAD). Any thread. */
int ticket_open(struct db *db, struct arena *a, const char *nonce, const char *ticket, bool use,
	struct ticket_opened *opened, struct err *err) b3lb_nonnull;
/* The form in which sessions and tickets are kept: 64 hex digits, in the arena. */
const char *ticket_hash(struct arena *a, const char *text) b3lb_nonnull;

/* Protects the recordings of a comma list, or takes that away. ERR_NOT_FOUND: there is none of them; ERR_INVALID: the
 * tenant has no protected recordings. */
int recording_protect(struct db *db, struct recording_owner owner, const char *ids, bool protect,
	struct err *err) b3lb_nonnull;

#endif
