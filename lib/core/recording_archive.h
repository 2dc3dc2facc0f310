/* SPDX-License-Identifier: ISC */
/* The archive of a recording on its way into the store and to its record set. */
#ifndef B3LB_CORE_RECORDING_ARCHIVE_H
#define B3LB_CORE_RECORDING_ARCHIVE_H

#include "base/conf.h"
#include "db/db.h"
#include "bbb/recording_meta.h"
#include "store/store.h"
#include "store/tar.h"

/* What an upload or an import belongs to. Strings are the arena's. */
struct recording_target {
	const char *nonce;
	const char *meeting_id; /* the client's */
	const char *status;
};
/* ERR_NOT_FOUND: no such record set. */
int recording_target_find(struct db *db, struct arena *a, const char *nonce, struct recording_target *target,
	struct err *err) b3lb_nonnull;
/*
 * The set of a secret that an archive with this metadata is imported into: one that is there already, or a
 * new one. *present: it has an archive, nothing is to be done. ERR_NOT_FOUND: no such secret.
 */
int recording_target_import(struct db *db, struct arena *a, const char *slug, int sub_id,
	const struct recording_meta *meta, struct recording_target *target, bool *present,
	struct err *err) b3lb_nonnull;
/* Whether recording_target_import would find that recording present; it makes nothing. ERR_NOT_FOUND: no such secret. */
int recording_target_present(struct db *db, const char *slug, int sub_id, const char *record_id,
	bool *present, struct err *err) b3lb_nonnull;

/* Zero-initialise it; recording_archive_drop when it was not taken. */
struct recording_archive {
	char key[STORE_KEY_LEN + 1];
	struct store_put *put;
	long long size;
	bool stored;
};

/* ERR_LIMIT: the store has not got so many bytes and conf's record_free_min. bytes 0: not known. A directory that is
 * missing is made while nothing was ever stored: later its disk is not mounted, and that is ERR_AWAY. */
int recording_archive_room(const struct conf *conf, struct db *db, struct store *store, long long bytes,
	struct err *err) b3lb_nonnull;
/* The same for who only looks: nothing is made, and where nothing is yet there is room. */
int recording_archive_foretell_room(const struct conf *conf, struct db *db, struct store *store,
	long long bytes, struct err *err) b3lb_nonnull;
/*
 * Streams a tar archive from read into the store, where nobody sees it yet; memory does not grow with it.
 * max: bytes; more is ERR_LIMIT with size > max. ERR_INVALID: no tar archive, one without a file in it, or one
 * with the metadata of two recordings; else the source's or the store's error. One thread.
 */
int recording_archive_write(struct store *store, struct recording_archive *archive, long long max,
	tar_read_fn *read, void *ctx, struct err *err) b3lb_nonnull;
/* Whether recording_archive_write would take what read gives, as far as that is the archive's; nothing is stored. */
int recording_archive_check(tar_read_fn *read, void *ctx, struct err *err) b3lb_nonnull;
/*
 * Makes the archive durable and binds it to its set, in this order; the archive that the set had before is
 * deleted. One without a put is in the store already. From here on it is rendered. ERR_NOT_FOUND: the set is gone; ERR_CONFLICT: it is being deleted;
 * ERR_INVALID: the metadata is of another meeting. On an error nothing has changed. conf: for record_meta_data_tag.
 */
int recording_archive_take(struct db *db, struct store *store, const struct conf *conf,
	const struct recording_target *target, const struct recording_meta *meta,
	struct recording_archive *archive, struct err *err) b3lb_nonnull;
/* Forgets what was written and not taken. */
void recording_archive_drop(struct store *store, struct recording_archive *archive) b3lb_nonnull;

#endif
