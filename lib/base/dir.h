/* SPDX-License-Identifier: ISC */
/* Directories of one level that a program works in: made, looked at and taken away, links never followed. */
#ifndef B3LB_BASE_DIR_H
#define B3LB_BASE_DIR_H

#include "base/mem.h"

#include <dirent.h>
#include <stdbool.h>
#include <sys/types.h>

/* Makes it, and what is missing above it, as mkdir -p does. 0, also when it is there, or -1 with errno. */
int dir_make(const char *path, mode_t mode) b3lb_nonnull;
/* Opens name below the descriptor parent (AT_FDCWD: name is a path). NULL with errno; then no descriptor is
 * left. The caller closes it. Any thread, as all of these. */
DIR *dir_open(int parent, const char *name) b3lb_nonnull;
/* Takes the directory and what is in it away; directories in it stay, and then it stays too. Returns the
 * bytes of its regular files. dry: counts only. */
long long dir_remove(int parent, const char *name, bool dry) b3lb_nonnull;
/* True when neither the directory nor anything in it was written at or after `before`, seconds since 1970. */
bool dir_is_older(int parent, const char *name, long long before) b3lb_nonnull;

#endif
