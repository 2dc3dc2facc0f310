/* SPDX-License-Identifier: ISC */
/* Which node a create goes to, decided in one transaction, and what became of it. */
#ifndef B3LB_CORE_PLACEMENT_H
#define B3LB_CORE_PLACEMENT_H

#include "core/node.h"

#define PLACEMENT_TRIED_MAX 10
/* Bytes of a tenant's meetings that one node's getMeetings shows: an eighth of what node_answer_max is by default. A list that
 * is too long can be read in part only, whomever else the node holds meetings for. */
#define PLACEMENT_SHOWN_MAX (4 << 20)

enum placement_result {
	PLACEMENT_PLACED,	 /* ask the node; then confirm or drop */
	PLACEMENT_EXISTING,	 /* the meeting is known there; then confirm, never drop */
	PLACEMENT_MAX_MEETINGS,	 /* a limit of tenant or secret */
	PLACEMENT_MAX_ATTENDEES, /* that of attendees, where it refuses meetings (limit_mode create) */
	PLACEMENT_MAX_SHOWN, /* the nodes that are left show PLACEMENT_SHOWN_MAX of the tenant's meetings */
	PLACEMENT_NO_TAG,    /* nobody left to ask who has a tag that must be; nothing to drop */
	PLACEMENT_NO_NODES,  /* nobody left to ask; nothing to drop */
	PLACEMENT_OUTDATED,  /* the tenant is another than tenant_version says; nothing was done */
};

/* A create on its way. Zero-initialise; fill the first block. */
struct placement {
	long long secret_id;
	long long tenant_version; /* of what the caller knows of the tenant; 0: it is not compared */
	const char *meeting_id;	  /* the client's, or a meeting's internal id, which becomes the client's */
	const char *name;
	int expected;	    /* attendees that it is expected to get when nothing better is known */
	int hint;	    /* what the client says of that; 0: nothing */
	const char *parent; /* of a breakout room, client's or internal id: it goes where its parent is; else
			       NULL */
	bool record;	    /* a record set is made with the session */
	int shown;	    /* bytes of its parameters that the node's list will show */
	const char *own_params; /* JSON object of b3lb.meeting.own_params */
	int pin_length;		/* digits of a PIN for people on the phone; 0: it gets none */
	const char *pin_wanted; /* the PIN that the client asks for, as dialin_pin_fits has it; NULL: none */

	enum placement_result result;
	bool passed;		     /* beyond a limit of meetings that refuses nothing (limit_mode warn) */
	long long id;		     /* of the row */
	const char *node_meeting_id; /* the id to create it under, in the arena */
	const char *parent_internal_id; /* the parent's; NULL: no such parent */
	const char *nonce;		/* names the session in the node's callbacks */
	const char *record_nonce;	/* of its record set; NULL: none */
	const char *asked;		/* what meta_server-tag says (doc/tags); NULL: nothing */
	const char *server_tag;		/* what the node gets in place of it; NULL: nothing */
	bool at_limit; /* nobody is left to ask, but nodes that have reached their max_meetings or max_users */
	const char *pin; /* the room's; NULL: it has none */
	struct node node;

	/* nodes that did not answer this create */
	const char *failed; /* node_meeting_id of the last one; NULL: none yet, or the row was lost and is
			       asked for anew */
	long long tried[PLACEMENT_TRIED_MAX];
	int tried_count;
};

/* One transaction (b3lb.place_create): fills the second block. Returns 0, or -1 with err. Any thread; each
 * request its own. */
int placement_place(struct db *db, struct arena *a, struct placement *p, struct err *err) b3lb_nonnull;
/* Remembers that p->node did not answer, so that the next placement_place chooses another. */
void placement_mark_failed(struct placement *p) b3lb_nonnull;
/*
 * The node said SUCCESS: the row is confirmed (b3lb.confirm_meeting), or its meeting has begun another session. *kept is false when it moved or
 * vanished meanwhile: place again. fragment is its <meeting> for getMeetings until the first poll. One
 * transaction.
 */
int placement_confirm(struct db *db, const struct placement *p, const char *internal_id,
	const char *create_time, const char *fragment, bool *kept, struct err *err) b3lb_nonnull;
/* The create failed: an unconfirmed row of no other creator is taken away with its weight. One transaction.
 */
int placement_drop(struct db *db, const struct placement *p, struct err *err) b3lb_nonnull;

/* Why a meeting is where it is. Zeroed; to be freed by placement_reasons_free, whatever the call said. */
struct placement_reasons {
	struct db_result *placement; /* placement_why: a row */
	struct db_result *nodes;     /* placement_why_nodes */
};
/* Reads a meeting's last placement by its id at the client, its internal id or ours; of a tenant, NULL: of
 * whichever. Returns 0, or -1 with err; ERR_NOT_FOUND: there is none of the last seven days. Any thread. */
int placement_why(struct db *db, const char *meeting_id, const char *tenant, struct placement_reasons *why,
	struct err *err);
void placement_reasons_free(struct placement_reasons *why) b3lb_nonnull;

#endif
