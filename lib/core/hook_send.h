/* SPDX-License-Identifier: ISC */
/* Events on their way to a webhook: what the database gives out to be sent, how it is signed, and what became of it. */
#ifndef B3LB_CORE_HOOK_SEND_H
#define B3LB_CORE_HOOK_SEND_H

#include "base/conf.h"
#include "base/sha.h"
#include "db/db.h"
#include "net/upstream.h"

/* Events of a lane that are sent behind each other, at most. */
#define HOOK_LANE_MAX	   8
#define HOOK_REDIRECTS_MAX 3

/* A meeting's events for a hook, one under way at a time. */
struct hook_lane {
	struct arena arena; /* of all that follows */
	long long hook_id;
	const char *lane, *url, *tenant, *secret;
	const char *other_secret; /* valid too, while the secret is rolled; NULL: none, or it was tried */
	bool bearer;
	enum sha_alg sha;
	struct hook_event {
		long long id, stamp;
		const char *body;
	} events[HOOK_LANE_MAX];
	int count, at;	    /* events[at] is under way */
	long long began_ms; /* clock_ms, when it was claimed */
	/* Of the event under way. */
	const char *target; /* where a redirect led; NULL: the URL */
	int redirects;
	struct arena call; /* of its request */
};

/* Claims up to max lanes for lease_seconds. *lanes is an array of as many as are returned, each and itself from malloc
 * (hook_lane_free, free); -1 with err. Any thread. */
int hook_claim(struct db *db, const struct conf *conf, int max, int lease_seconds, struct hook_lane ***lanes,
	struct err *err) b3lb_nonnull;
void hook_lane_free(struct hook_lane *lane);

/* The call that sends the lane's event; its strings live until the next one. */
void hook_prepare(const struct conf *conf, struct hook_lane *lane, struct upstream_call *call) b3lb_nonnull;

enum hook_result {
	HOOK_TAKEN,
	HOOK_AGAIN,  /* elsewhere, or with the other secret: hook_prepare */
	HOOK_FAILED, /* why says it */
};
/* What an answer means: 2xx and 401 are success (doc/bbb-api, 3.9). Any thread. */
enum hook_result hook_answered(
	struct hook_lane *lane, const struct upstream_done *done, char *why, size_t size) b3lb_nonnull;

/* What is to be written down. Zero-initialise. */
struct hook_notes {
	struct buf taken, failed, errors, left;
	int count;
};
/* why NULL: taken; "": not tried. */
void hook_note(struct hook_notes *notes, long long id, const char *why);
/* Writes all down, and forgets it when that was done. 0 or -1 with err. */
int hook_notes_write(struct db *db, struct hook_notes *notes, struct err *err) b3lb_nonnull;
void hook_notes_free(struct hook_notes *notes);

/* Keeps the tables small, and logs which hooks have lost events or are gone. 0 or -1 with err. */
int hook_prune(struct db *db, struct err *err) b3lb_nonnull;
/* Drops all that waits: webhooks are off, which is no fault of theirs. 0 or -1 with err. */
int hook_drop(struct db *db, struct err *err) b3lb_nonnull;

#endif
