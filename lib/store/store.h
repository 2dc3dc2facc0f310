/* SPDX-License-Identifier: ISC */
/* The bytes of recordings: written once as a stream, read by ranges, in a local directory or an S3 store. */
#ifndef B3LB_STORE_STORE_H
#define B3LB_STORE_STORE_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"

#include <sys/types.h>

struct store;
struct store_put;
struct store_reader;

/* Errors of all that fail: ERR_NOT_FOUND no such object; ERR_LIMIT the disk or a quota is full; ERR_AWAY the
 * directory or the S3 server cannot be used now, the text says why; ERR_INTERNAL. Any thread may call; a put
 * or a reader belongs to one thread at a time. */

/* A key names one object's bytes and no others, ever: what changes is written under a new key. */
#define STORE_KEY_LEN 32
/* Makes a new one: lower-case hex digits, at random. */
void store_key_make(char key[STORE_KEY_LEN + 1]) b3lb_nonnull;

/* Process-wide; touches nothing until used. conf must outlive it. Call before threads start: it initialises
 * libcurl. */
struct store *store_open(const struct conf *conf);
void store_close(struct store *s);
/* Makes the directory of one that is new, and what is missing above it. 0 or -1 with err. */
int store_make(struct store *s, struct err *err) b3lb_nonnull;
/* Bytes that can still be written; -1: no limit is known. */
int store_free_bytes(struct store *s, long long *bytes, struct err *err) b3lb_nonnull;

/*
 * Writes an object. It is there, durably, once store_put_commit returned 0; before that nobody sees any of
 * it. What a killed process left is found by store_list as pending. type: media type, for S3. Memory does not
 * grow with the object: none for a local store, one part of 5 MiB for S3.
 */
struct store_put *store_put_begin(
	struct store *s, const char *key, const char *type, struct err *err) b3lb_nonnull;
int store_put_write(
	struct store_put *p, const void *data, size_t len, struct err *err) b3lb_nonnull b3lb_mustcheck;
/* Frees p in both cases; after -1 nothing is left of it. */
int store_put_commit(struct store_put *p, struct err *err) b3lb_nonnull b3lb_mustcheck;
/* Drops what was written and frees p; NULL is allowed. */
void store_put_abort(struct store_put *p);

struct store_object {
	long long size;	    /* bytes */
	long long modified; /* seconds since 1970 */
};
int store_stat(struct store *s, const char *key, struct store_object *object, struct err *err) b3lb_nonnull;

/* Reads length bytes from offset, in order; both must lie within the object's size. */
struct store_reader *store_reader_open(
	struct store *s, const char *key, long long offset, long long length, struct err *err) b3lb_nonnull;
/* Up to size bytes; fewer are no sign of the end. 0: all were read; -1 with err: they end too early, or the
 * store went away. */
ssize_t store_reader_read(struct store_reader *r, void *data, size_t size, struct err *err) b3lb_nonnull;
/* NULL is allowed. */
void store_reader_close(struct store_reader *r);

/* The path of an object in a local store, in the arena: for X-Sendfile and tools. NULL for S3. The object
 * need not exist. */
const char *store_path(const struct store *s, struct arena *a, const char *key) b3lb_nonnull;
/* A URL of S3 that lets anyone GET the object for so many seconds (1 to 604800), answered with this
 * Content-Type and Content-Disposition (NULL: none). ERR_INVALID for a local store. */
int store_presign(struct store *s, const char *key, int seconds, const char *type, const char *disposition,
	struct buf *url, struct err *err);

/* Deletes an object; no error when it is gone already. */
int store_delete(struct store *s, const char *key, struct err *err) b3lb_nonnull b3lb_mustcheck;

/* What store_list finds. Strings live until each() returns. */
struct store_entry {
	const char *key;
	const char *upload; /* pending in S3: the upload's id; else NULL */
	bool pending;	    /* a put that was not committed (yet) */
	bool lost;	    /* put aside; then modified says when */
	struct store_object object;
};
typedef int store_each_fn(void *ctx, const struct store_entry *entry, struct err *err);
/* Calls each() for everything that is in the store, pending or not, in no order; each() may drop the entry it
 * is given. Files that are none of ours are passed over. Stops with -1 when each() returns -1. In S3 an object
 * that was put aside is among them, not as lost. */
int store_list(struct store *s, store_each_fn *each, void *ctx, struct err *err);
/* Puts an object aside that nobody seems to need: record_path/lost/KEY, out of everybody's way; in S3, where an
 * object cannot be moved, it stays and an empty object lost/KEY says since when. No error when it is gone. */
int store_lose(struct store *s, const char *key, struct err *err) b3lb_nonnull b3lb_mustcheck;
/* Takes it back under its key. ERR_NOT_FOUND: it is not put aside. */
int store_regain(struct store *s, const char *key, struct err *err) b3lb_nonnull b3lb_mustcheck;
/* As store_list, for what was put aside. */
int store_list_lost(struct store *s, store_each_fn *each, void *ctx, struct err *err);
/* Takes an entry away: an object, one that was put aside, or what is left of a put. */
int store_drop(struct store *s, const struct store_entry *entry, struct err *err) b3lb_nonnull b3lb_mustcheck;

#endif
