/* SPDX-License-Identifier: ISC */
/* People on the phone: numbers and PINs of rooms, and what a FreeSWITCH gateway does with a call. */
#ifndef B3LB_CORE_DIALIN_H
#define B3LB_CORE_DIALIN_H

#include "core/node.h"
#include "core/tenant.h"

/* Whether the text may be a room's PIN: 5 to 10 digits, the first not 0, and not 99999, which BigBlueButton tests with. As
 * b3lb.dial_pin has it. Any thread, as all of them. */
bool dialin_pin_fits(const char *text) b3lb_nonnull;
/* The number that people on the phone are told: the tenant's first, else the first of dialin_numbers, in the arena; NULL: its
 * meetings have none, and no PIN. */
const char *dialin_number(const struct conf *conf, struct arena *a, const struct tenant *tenant) b3lb_nonnull;

/* What mod_xml_curl says of a call. Nothing of it can be expanded by FreeSWITCH, nor ends a word of its. */
struct dialin_call {
	const char *to;	    /* what was dialled last: 1 to 32 digits, where a + may stand */
	const char *number; /* digits of the number that was called */
	const char *pin;    /* the digits that followed; NULL: none yet */
	int asked;	    /* how often for the PIN */
	const char *caller; /* number or what else tells one caller from another; "": it is hidden */
	const char *name;   /* as the meeting shows it, without the end of a number */
};
/* Where it goes. */
struct dialin_route {
	enum { DIALIN_NONE, DIALIN_ASK, DIALIN_WRONG, DIALIN_FOUND } result; /* as b3lb.dial_in says */
	const char *host;						     /* of the node, found */
	int seconds; /* after which the call ends, found */
};

/* Takes a form apart, cleaned (query_clean), memory from the arena; false: it is no call that is to be routed. */
bool dialin_read(struct arena *a, const struct query *form, struct dialin_call *call) b3lb_nonnull;
/* Looks it up; a PIN that leads nowhere is counted. 0, or -1 with err. */
int dialin_find(struct db *db, const struct conf *conf, struct arena *a, const struct dialin_call *call,
	struct dialin_route *route, struct err *err) b3lb_nonnull;
/* Appends the answer, a document of mod_xml_curl; call is not looked at for DIALIN_NONE. */
void dialin_write(const struct conf *conf, const struct dialin_call *call, const struct dialin_route *route,
	struct buf *out) b3lb_nonnull;

/* Frees PINs that are not used any more (b3lb-cleanup). 0, or -1 with err. */
int dialin_prune(struct db *db, struct err *err) b3lb_nonnull;
/* How many of a hundred PINs of pin_length digits are taken. 0, or -1 with err. */
int dialin_share(struct db *db, const struct conf *conf, int *share, struct err *err) b3lb_nonnull;

#endif
