/* SPDX-License-Identifier: ISC */
/* Where the files of a presentation stand in the archive that a recording arrived as. */
#ifndef B3LB_PRESENTATION_INDEX_H
#define B3LB_PRESENTATION_INDEX_H

#include "presentation/file.h"
#include "store/tar.h"

/* So many files of an archive are looked at: presentations have some hundreds. */
#define PRES_MEMBERS_MAX 20000

struct pres_member {
	const char *name; /* below the presentation's directory */
	const struct pres_file *file;
	long long at, size; /* of its bytes in the archive */
};
/* In the order of their names, each once. All of it is the arena's. */
struct pres_index {
	struct pres_member *members;
	int count; /* 0: there is no presentation in it */
};

/*
 * Reads an archive from its begin to its end, once. Only files of the whitelist are in the index; of two with one
 * name the later. Where it holds presentations of several recordings, that of record_id is taken. Returns 0, or -1
 * with ERR_INVALID (no tar, or more files than PRES_MEMBERS_MAX), or what read said. One thread.
 */
int pres_index_read(struct arena *a, tar_read_fn *read, void *ctx, const char *record_id,
	struct pres_index *index, struct err *err) b3lb_mustcheck;
/* The file of that name; NULL: there is none. */
const struct pres_member *pres_index_find(const struct pres_index *index, const char *name) b3lb_nonnull;

#endif
