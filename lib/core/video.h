/* SPDX-License-Identifier: ISC */
/* Video and audio files: what they are (ffprobe), and made fit for playing from a server (ffmpeg). */
#ifndef B3LB_CORE_VIDEO_H
#define B3LB_CORE_VIDEO_H

#include "base/child.h"

/* A container that browsers play. */
struct video_type {
	const char *demuxer; /* ffmpeg's name */
	bool picture;	     /* with pictures, else sound alone */
	const char *mime, *extension, *muxer;
};

/* What is known of a file. */
struct video_facts {
	const struct video_type *type; /* static */
	long long duration_ms;	       /* 0: it does not say */
	bool sound;
	int channels; /* of the first sound that says how many; 0: none does */
};

/* What a file is: 0, or -1, *facts empty, with ERR_INVALID when it is no video or audio of a known container; else child_run's err. */
int video_look(const char *path, const struct child_limits *limits, struct video_facts *facts,
	struct err *err) b3lb_nonnull;
/*
 * Copies a file's streams into a container of its own kind that plays before all of it has arrived, and looks
 * at the result: *facts. ERR_INVALID: it is no video or audio of a known container, has
 * no duration, or a program failed on it (child_run); else child_run's err. from
 * and to are paths of ours.
 */
int video_copy(const char *from, const char *to, const struct child_limits *limits, struct video_facts *facts,
	struct err *err) b3lb_nonnull;

#endif
