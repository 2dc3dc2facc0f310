/* SPDX-License-Identifier: ISC */
/* b3lb-render: what its parts share. */
#ifndef B3LB_RENDER_H
#define B3LB_RENDER_H

#include "run/job.h"
#include "core/recording_render.h"
#include "store/tar.h"

/* A set that is worked on. */
struct render {
	const struct job *job;
	struct arena *arena;
	struct render_claim claim;
	const char *dir; /* for its files, taken away afterwards */
	struct child_limits limits;
	long long extracted; /* bytes of files, by the kind that is at it */
};

/*
 * What a kind of profile does. prepare() is called once for a set, before make() for each of its profiles of
 * that kind. make() leaves a file and says what it is: 1, or 0 when the archive holds nothing for this
 * profile. Errors: ERR_INVALID the recording's fault; others not.
 */
struct render_kind {
	const char *name; /* b3lb.profile.kind */
	int (*prepare)(struct render *r, struct err *err);
	int (*make)(struct render *r, const struct record_profile *profile, const char *to,
		struct render_result *result, struct err *err);
};

/*
 * render_player.c: the presentation for the player. It is done before the videos, so that the recording is listed at
 * once. 1: it is shown, 0: the archive holds none or no profile asks for it, -1: as make().
 */
int render_player(struct render *r, struct err *err);
/* Where it is not shown: takes away what an older archive, or a profile of then, has shown. 0 or -1. */
int render_no_player(struct render *r, struct err *err);

/* render.c: for kinds. */
/* Puts a finished file into the store under a new key; its bytes are added to *size. */
int render_store(struct render *r, const char *path, const char *mime, char key[STORE_KEY_LEN + 1],
	long long *size, struct err *err);
/* Takes objects out of the store, NULL at the end of the list; what cannot be is left to the cleanup. */
void render_drop_keys(const struct job *job, const char **keys);

/* The archive as a tar's source; the set stays ours meanwhile. */
struct archive_source {
	struct render *r;
	struct store_reader *reader;
};

/* render_copy.c: the archive holds the video already. */
/* Writes all of it to a file below render_path: 0, or -1 with ERR_AWAY. */
int render_write(int fd, const char *data, size_t len, struct err *err) b3lb_nonnull;
/* A tar_read_fn whose ctx is an archive_source. */
ssize_t read_archive(void *ctx, void *data, size_t size, struct err *err);
/* Writes the content of the tar's entry to a file of ours. All together are no more than the archive: a hole takes no
 * room in it, and would fill the disk here. */
int extract(struct render *r, struct tar *tar, const struct tar_entry *entry, const char *path,
	struct err *err) b3lb_nonnull;
extern const struct render_kind render_kind_copy;
/* render_presentation.c: drawn of what BigBlueButton has published. */
extern const struct render_kind render_kind_presentation;

#endif
