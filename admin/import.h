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
	int imported, present, refused;
};

/* Reads the first metadata.xml of a tar archive. 0; -1 with ERR_INVALID: it holds none, or not that of a
 * recording; else read's err. */
int import_read_meta(tar_read_fn *read, void *ctx, struct arena *a, struct recording_meta *meta,
	struct err *err) b3lb_nonnull;
/* import_lost.c: takes back the archives that lie in lost, those of these record ids, or all of them when
 * there are none. 0, or -1 with err: it was stopped. */
int import_lost(struct import *im, const char *const *ids, int count, struct err *err);

#endif
