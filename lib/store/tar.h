/* SPDX-License-Identifier: ISC */
/* A tar archive read as a stream. Names in it are looked at, never used as paths. */
#ifndef B3LB_STORE_TAR_H
#define B3LB_STORE_TAR_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct tar;

/* Where it comes from: up to size bytes; 0 at its end, -1 with err when it broke off. */
typedef ssize_t tar_read_fn(void *ctx, void *data, size_t size, struct err *err);

struct tar_entry {
	const char *name; /* as it stands in the archive, valid until the next entry; "" when it is no text */
	long long size;
	bool file; /* a regular one */
	long long
		at; /* of its content's first byte in the archive; -1: it does not stand there in one piece */
};

/* Errors of all: ERR_INVALID when it is no whole tar archive, or what the source said. One thread. Memory
 * does not grow with the archive. */
struct tar *tar_open(tar_read_fn *read, void *ctx, struct err *err);
/* 1: *entry is filled; 0: the archive's end; -1. */
int tar_next(struct tar *t, struct tar_entry *entry, struct err *err) b3lb_nonnull;
/* Reads of the entry's content; 0: its end; -1. */
ssize_t tar_read(struct tar *t, void *data, size_t size, struct err *err) b3lb_nonnull;
/* NULL is allowed. */
void tar_close(struct tar *t);

#endif
