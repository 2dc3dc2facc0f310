/* SPDX-License-Identifier: ISC */
/* What every unit test includes: cmocka and the reader of vector files. */
#ifndef B3LB_UNIT_H
#define B3LB_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

/* Calls check with the tab-separated fields of each line of vectors/NAME that is neither empty nor a comment;
 * returns their number. The directory is UNIT_VECTORS. */
int unit_each_vector(const char *name, void (*check)(char **field, int fields));

#endif
