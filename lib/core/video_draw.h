/* SPDX-License-Identifier: ISC */
/* A video drawn of a published presentation: b3lb-compose draws, ffmpeg adds webcams, share and sound and codes. */
#ifndef B3LB_CORE_VIDEO_DRAW_H
#define B3LB_CORE_VIDEO_DRAW_H

#include "core/recording_render.h"

/*
 * Draws what is in dir, files with flat names (presentation/file.h), as the profile wants it, with so many threads for the
 * coder. *facts of what was made; said gets what of it could not be drawn, for the log, and is empty when all was. Files of its own in dir begin
 * with "our-". Returns 1; 0 when there are neither slides nor media; -1 with ERR_INVALID when a program failed on it;
 * else child_run's err.
 */
int video_draw(struct arena *a, const char *dir, const struct record_profile *profile, int threads,
	const struct child_limits *limits, const char *to, struct video_facts *facts, struct buf *said,
	struct err *err) b3lb_nonnull;

#endif
