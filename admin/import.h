/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording import. */
#ifndef B3LB_IMPORT_H
#define B3LB_IMPORT_H

#include "admin.h"
#include "bbb/recording_meta.h"
#include "core/recording_archive.h"

/* Handler of "recording import": files one by one, what is there already is skipped. 0; -1 when a file was
 * refused, the others are in all the same. */
int import_recordings(struct admin *a, struct err *err);

/* The run. */
struct import {
	struct admin *admin;
	struct store *store;
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;
	bool dry; /* says what would be taken, and counts that as imported */
	int imported, present, refused;
};

/* Of one recording, drawn on a terminal. */
struct import_bar {
	int number, count; /* "3 of 10" */
	long long size, done;
	bool on;
	long long drawn_at; /* ms */
};
/* Draws it, ten times a second at most; last: takes it away. */
void import_draw(struct import_bar *bar, bool last) b3lb_nonnull;

/* The metadata of a recording that can be imported. 0, or -1 with ERR_INVALID. */
int import_parse_meta(const char *text, size_t len, struct arena *a, struct recording_meta *meta,
	struct err *err) b3lb_nonnull;
/* Reads the first metadata.xml of a tar archive. 0; -1 with ERR_INVALID: it holds none, or not that of a
 * recording; else read's err. */
int import_read_meta(tar_read_fn *read, void *ctx, struct arena *a, struct recording_meta *meta,
	struct err *err) b3lb_nonnull;
/* Takes the archive that read gives, of about size bytes: 1 it is imported, 0 the recording is there already and
 * nothing was read, -1 with err. */
int import_archive(struct import *im, const struct recording_meta *meta, long long size, tar_read_fn *read,
	void *ctx, struct arena *a, struct err *err) b3lb_nonnull;
/* A dry run's line of it, of so many bytes; from: where it lies. Returns as import_archive. */
int import_foretell(struct import *im, const struct recording_meta *meta, long long size, const char *from,
	struct err *err) b3lb_nonnull;
/* Counts what import_archive returned for what is called name, and says why it was refused. True when those that
 * follow would fare no better. */
bool import_count(struct import *im, const char *name, int rc, const struct err *why) b3lb_nonnull;

/* import_lost.c: takes back the archives that lie in lost, those of these record ids, or all of them when
 * there are none. 0, or -1 with err: it was stopped. */
int import_lost(struct import *im, const char *const *ids, int count, struct err *err);
/* import_published.c: takes all recordings below the directory root. 0; 1: it was stopped, after a message; -1 with err: root is
 * no such directory. */
int import_published(struct import *im, const char *root, struct err *err) b3lb_nonnull;

#endif
