/* SPDX-License-Identifier: ISC */
/* Text of others on a terminal. */
#ifndef B3LB_BASE_TERM_H
#define B3LB_BASE_TERM_H

#include "base/mem.h"

#include <stdio.h>

/* Prints the text so that it cannot steer a terminal: each control character, of C0, DEL and C1 (ECMA-48, 5.2
 * and 5.3), each line or paragraph separator, each mark that turns the direction of text, and each byte that is
 * not UTF-8 becomes one '?'. Any thread. */
void term_print(FILE *f, const char *text) b3lb_nonnull;

#endif
