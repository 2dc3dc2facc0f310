/* SPDX-License-Identifier: ISC */
/* Record sets that wait to be rendered: taken one by one, kept while worked on, finished or failed. */
#ifndef B3LB_CORE_RECORDING_RENDER_H
#define B3LB_CORE_RECORDING_RENDER_H

#include "db/db.h"
#include "store/store.h"
#include "core/video.h"

/* How often a set is tried before somebody must look. */
#define RENDER_TRIES 3

/* A way to make a video. Strings are the arena's. */
struct record_profile {
	const char *name, *kind, *source, *type;
	/* of kind presentation */
	int width, height, fps, crf;
	const char *speed, *container; /* of x264; mp4 or webm */
	bool webcams, cursor, annotations, captions;
};

/* A set in our hands. */
struct render_claim {
	long long id; /* 0: none waits */
	const char *record_id;
	char archive_key[STORE_KEY_LEN + 1];
	long long archive_size;
	int tries; /* this one included */
	struct record_profile *profiles;
	int profile_count;
	/* for render_keep */
	struct db *db;
	long long kept_at;
	bool lost;
};

/* A video that was made of it, in the store already. */
struct render_result {
	const char *profile;
	char key[STORE_KEY_LEN + 1];
	long long size, took_ms;
	struct video_facts facts;
};

/* All return 0, or -1 with db_run's err. One thread. */

/* Takes the set that has waited longest, with the profiles of its secret, else the preset ones. */
int render_claim(struct db *db, struct arena *a, struct render_claim *claim, struct err *err) b3lb_nonnull;
/*
 * Keeps the set in our hands; cheap when called often. False when it is not ours any more: a new archive
 * came, it is being deleted, or the database was away for too long.
 */
bool render_keep(struct render_claim *claim) b3lb_nonnull;
/* Gives it back as if it had not been taken: what failed was not its fault. why: what it waits for, ten minutes; NULL:
 * the next renderer may have it. */
int render_give_back(struct render_claim *claim, const char *why, struct err *err);
/*
 * Makes these its videos. *garbage: storage keys that nothing refers to any more, in the arena, NULL at their
 * end. ERR_CONFLICT: it is not ours any more, all that was made is garbage.
 */
int render_finish(struct render_claim *claim, struct arena *a, const struct render_result *results, int count,
	const char ***garbage, struct err *err) b3lb_nonnull;
/* *failed: it will not be tried again. */
int render_fail(struct render_claim *claim, const char *why, bool *failed, struct err *err) b3lb_nonnull;

#endif
