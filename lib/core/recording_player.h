/* SPDX-License-Identifier: ISC */
/* Recordings that the player shows: what is behind the nonce of its page, and how the renderer makes it so. */
#ifndef B3LB_CORE_RECORDING_PLAYER_H
#define B3LB_CORE_RECORDING_PLAYER_H

#include "core/recording_render.h"

/* A page of the player. Strings are the arena's. */
struct player {
	long long set_id;   /* of the recording, for logs: its nonce opens it */
	const char *tenant; /* slug */
	const char *name;   /* for people */
	const char *key;    /* of its timeline in the store: JSON, compressed by gzip */
	long long size, modified;
	bool protected;	    /* opened by a session: so is what stands beside it, below the page */
	const char *video;  /* nonce of a video of the same recording; NULL: none */
	bool download;	    /* it is one to be kept */
	const char *tracks; /* JSON: [[language, label, nonce], ...], those of text tracks */
};
/* A file of the presentation, inside of the recording's archive. Strings are the arena's. */
struct player_file {
	long long set_id;
	const char *tenant;
	const char *key;    /* of the archive in the store */
	long long at, size; /* of its bytes in it */
	long long modified; /* seconds since 1970 */
};

/* nonce: of a page, or the session of one that is protected (recording_ticket.h). All return 0, or -1 with ERR_NOT_FOUND for what is not published, not listed or not there, else db_run's err.
 * Any thread; one SQL round trip. */
int player_find(struct db *db, struct arena *a, const char *nonce, struct player *player,
	struct err *err) b3lb_nonnull;
int player_find_file(struct db *db, struct arena *a, const char *nonce, const char *name,
	struct player_file *file, struct err *err) b3lb_nonnull;
/* *nonce: of the page that shows the recording with this id. */
int player_find_recording(struct db *db, struct arena *a, const char *record_id, const char **nonce,
	struct err *err) b3lb_nonnull;

/* What the renderer has found out; a member each of names, ats and sizes is a file in the archive. */
struct player_made {
	const char *profile;	     /* NULL: there is nothing to show, and what there was goes */
	char key[STORE_KEY_LEN + 1]; /* of the timeline */
	long long size, duration_ms, took_ms;
	const char *previews; /* JSON: [[file, words], ...] */
	const char *const *names;
	const long long *ats, *sizes;
	int count;
};
/*
 * Makes it the set's player: with it the recording is listed, its videos may follow. *garbage and errors as of
 * render_finish. One thread.
 */
int player_finish(struct render_claim *claim, struct arena *a, const struct player_made *made,
	const char ***garbage, struct err *err) b3lb_nonnull;

#endif
