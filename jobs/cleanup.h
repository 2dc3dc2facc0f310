/* SPDX-License-Identifier: ISC */
/* b3lb-cleanup: what its parts share. */
#ifndef B3LB_CLEANUP_H
#define B3LB_CLEANUP_H

#include "run/job.h"

/* A round. */
struct cleanup {
	const struct job *job;
	long long now; /* seconds; the earlier of our clock and the database's */
	int sets, files, put_aside, taken_back;
	long long bytes;
	int missed;	  /* in a row */
	struct err first; /* why the first could not be deleted */
};

enum cleanup_deed { CLEANUP_DELETE, CLEANUP_PUT_ASIDE, CLEANUP_TAKE_BACK };
/* Says what was done to what ("file") of this name, or would be, and counts the bytes of what is deleted. */
void cleanup_tell(struct cleanup *c, enum cleanup_deed deed, const char *what, const char *name,
	const char *why, long long bytes) b3lb_nonnull;
/* One that cannot be taken away holds up no other: 0, or -1 with err when none can. */
int cleanup_miss(struct cleanup *c, const struct err *why, struct err *err) b3lb_nonnull;

/*
 * cleanup_files.c: stored files. What was never finished goes; what nothing refers to is put aside when it is
 * older than record_orphan_hours, taken back when something does, and deleted after record_lost_days.
 * ERR_CONFLICT: the database knows no archive at all, or too little of what is stored, and nothing was put
 * aside or deleted.
 */
int cleanup_files(struct cleanup *c, struct err *err) b3lb_nonnull;

#endif
