/* SPDX-License-Identifier: ISC */
/* metadata.xml of a recording, as BigBlueButton's scripts write it (doc/bbb-api, 5.5). */
#ifndef B3LB_BBB_RECORDING_META_H
#define B3LB_BBB_RECORDING_META_H

#include "base/err.h"

#include <stdbool.h>

/* More is no metadata. */
#define RECORDING_META_BYTES_MAX (1u << 20)

/* A child of <meta>. */
struct recording_meta_pair {
	const char *name, *value;
};

/* Strings are the arena's, "" when the document does not say. */
struct recording_meta {
	const char *id;		 /* the meeting's internal id on the node: the recordID */
	const char *external_id; /* the meetingID on the node */
	const char *name;
	bool breakout, published;
	long long start_time, end_time; /* ms; 0: not said */
	long long raw_size;
	int participants;
	struct recording_meta_pair *meta;
	int meta_count;
};

/*
 * Parses it: no network, entities or DTD, any DOCTYPE is refused. Returns 0, or -1 with ERR_INVALID: not XML,
 * not a <recording>, no <id>, or one that is no record id ([A-Za-z0-9_-], 1 to 128). Names of <meta> that
 * could be no element of an answer are passed over. Any thread.
 */
int recording_meta_parse(struct arena *a, const char *data, size_t len, struct recording_meta *out,
	struct err *err) b3lb_nonnull;

#endif
