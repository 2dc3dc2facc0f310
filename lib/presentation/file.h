/* SPDX-License-Identifier: ISC */
/* Files of a published presentation: which ones there are, where they stand in an archive, what we call them. */
#ifndef B3LB_PRESENTATION_FILE_H
#define B3LB_PRESENTATION_FILE_H

#include "base/mem.h"

#include <stdbool.h>

/* What a file is for. */
enum pres_file_kind {
	PRES_FILE_DATA,	   /* read into the timeline */
	PRES_FILE_PICTURE, /* slides, results of polls */
	PRES_FILE_THUMB,
	PRES_FILE_CAPTION, /* WebVTT */
	PRES_FILE_NOTES,   /* HTML that people wrote */
	PRES_FILE_MAIN,	   /* webcams and the sound, or the sound alone */
	PRES_FILE_SHARE,   /* the screen share */
};

struct pres_file {
	enum pres_file_kind kind;
	const char *mime; /* what it is served as */
};

/* Bytes of a name that the whitelist takes, at most. */
#define PRES_NAME_MAX 200

/*
 * The kind of a file by its name below the presentation's directory; NULL when it is none of those that
 * BigBlueButton's scripts write and we use (a whitelist: no "..", nothing absolute). Static. Any thread.
 */
const struct pres_file *pres_file_of(const char *name) b3lb_nonnull;
/* The name of its copy in a directory of one level: "/" becomes "=", which no name of the whitelist has. From the arena. */
char *pres_flat_name(struct arena *a, const char *name) b3lb_nonnull;
/*
 * Whether a member of an archive says where the presentation's directory is: rank 1 and up, the highest wins, of
 * equals the shortest; 0: it does not. *len becomes the length of the prefix. shapes.svg beats the directory of a
 * metadata.xml below presentation/.
 */
int pres_prefix_rank(const char *member, size_t *len) b3lb_nonnull;

#endif
