/* SPDX-License-Identifier: ISC */
/* Recordings as clients see them: listed, published, deleted, renamed; and the files behind their URLs. */
#ifndef B3LB_CORE_RECORDING_H
#define B3LB_CORE_RECORDING_H

#include "db/db.h"
#include "http/query.h"
#include "core/tenant.h"

/* Whose recordings: a secret's, or for sub id 0 its whole tenant's. */
struct recording_owner {
	long long tenant_id;
	long long secret_id; /* 0: the whole tenant */
};
struct recording_owner recording_owner_of(const struct tenant *tenant) b3lb_nonnull;

/* One <recording>. Strings are the arena's. */
struct recording {
	const char *record_id, *meeting_id, *name, *state;
	bool published;
	long long start_time, end_time, raw_size; /* ms, ms, bytes */
	int participants;
	const char *meta; /* JSON object of texts */
	/* JSON array of [type, nonce, duration ms, bytes, processing ms, "video" or "player", [[file, words], ...]];
	 * NULL: none */
	const char *formats;
	const char *protection; /* "true" or "false"; NULL: the tenant has no protected recordings */
	const char *ticket_key; /* of one that is protected, else NULL */
};
/* What is asked for: doc/bbb-api, 3.5. */
struct recording_filter {
	const char *record_ids, *meeting_ids, *states; /* comma lists; NULL or "": not given */
	const struct query *query;		       /* meta_ parameters; % at either end is any text */
	int limit;				       /* 1 to 100; 0: no paging */
	long long offset;
};
/* Lists them, the newest first. Returns their number, *total: without paging (only with a limit), *version: as recording_version
 * says it of what was read. -1 with err. One statement. */
int recording_list(struct db *db, struct arena *a, struct recording_owner owner,
	const struct recording_filter *f, struct recording **list, long long *total, const char **version,
	struct err *err) b3lb_nonnull;
/* While *version is the same every list of that tenant's recordings is; NULL: there is none yet. Strings are the arena's. 1, or 0 when the tenant is not
 * what it was when it was read, or -1 with err. One statement. */
int recording_version(struct db *db, struct arena *a, const struct tenant *tenant, const char **version,
	struct err *err) b3lb_nonnull;

/* XML of recordings, and where tickets belong into it. Zero-initialise it. */
struct recording_text {
	struct buf xml;
	struct recording_ticket {
		size_t at; /* in xml */
		char *key, *nonce;
	} * tickets;
	size_t ticket_count;
};
/* Appends one <recording>; url: where /b3lb/r/ and the like are, without a slash at its end. */
void recording_write(const struct recording *r, const char *url, struct recording_text *out) b3lb_nonnull;
/* The memory that it takes. */
size_t recording_text_bytes(const struct recording_text *text) b3lb_nonnull;
void recording_text_free(struct recording_text *text) b3lb_nonnull;

/*
 * Change those of the comma list that are there and this owner's: -1 with ERR_NOT_FOUND when none is. One
 * transaction. update takes meta_ parameters out of q: an empty value removes; ERR_LIMIT: one's metadata would be
 * longer than RECORDING_META_MAX, and than it is.
 */
#define RECORDING_META_MAX 65536 /* bytes of its JSON, as create takes that much */
int recording_publish(struct db *db, struct recording_owner owner, const char *ids, bool publish,
	struct err *err) b3lb_nonnull;
int recording_delete(
	struct db *db, struct recording_owner owner, const char *ids, struct err *err) b3lb_nonnull;
int recording_update(struct db *db, struct recording_owner owner, const char *ids, const struct query *q,
	struct err *err) b3lb_nonnull;

/* A file behind /b3lb/r/{nonce}, or {session} for one that is protected: a video or a text track of a published recording. Strings are the arena's.
 */
struct recording_file {
	long long set_id;		     /* of the recording, for logs: its nonce opens it */
	const char *tenant;		     /* slug */
	const char *key;		     /* in the store; its bytes never change */
	const char *mime, *name, *extension; /* name: for people */
	bool download;
	long long size, modified;
	long long duration_ms; /* 0 for text */
	bool protected;	       /* opened by a session */
};
/* beside: NULL, or the nonce of a file of the recording that the player shows under nonce. One SQL round trip. 0, or -1 with ERR_NOT_FOUND for what is not published, not listed or not there, or
 * db_run's err. */
int recording_find_file(struct db *db, struct arena *a, const char *nonce, const char *beside,
	struct recording_file *file, struct err *err);

/* Text tracks of one recording as a JSON array of BBB's tracks, in the arena. -1 with ERR_NOT_FOUND for the
 * recording. */
int recording_list_tracks(struct db *db, struct arena *a, struct recording_owner owner, const char *record_id,
	const char *url, const char **json, struct err *err) b3lb_nonnull;
/* True in *found when the recording is there to get a track. 0 or -1 with err. */
int recording_exists(struct db *db, struct recording_owner owner, const char *record_id, bool *found,
	struct err *err) b3lb_nonnull;
/* Puts or replaces a track whose bytes are in the store under key; *old: the key that it replaced, NULL:
 * none. ERR_LIMIT: the recording has RECORDING_TRACKS_MAX others. */
#define RECORDING_TRACKS_MAX 64
struct recording_track {
	const char *kind, *lang, *label, *key;
	long long size;
};
int recording_put_track(struct db *db, struct arena *a, struct recording_owner owner, const char *record_id,
	const struct recording_track *track, const char **old, struct err *err) b3lb_nonnull;

#endif
