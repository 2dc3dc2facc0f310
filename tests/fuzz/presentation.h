/* SPDX-License-Identifier: ISC */
/* What fuzz targets of a presentation's files share. */
#ifndef B3LB_FUZZ_PRESENTATION_H
#define B3LB_FUZZ_PRESENTATION_H

#include "fuzz.h"

#include "presentation/read.h"

/* A presentation of a minute with two slides, to read into. */
void fuzz_presentation(struct pres *p) b3lb_nonnull;
/* Gives a reader the data as its file. */
void fuzz_read(
	struct pres *p, int (*read)(struct pres *p, int fd), const void *data, size_t size) b3lb_nonnull;
/* Finishes it; requires what drawing and the player rely on, and that timeline.json is JSON; frees it. */
void fuzz_finish(struct pres *p) b3lb_nonnull;

#endif
