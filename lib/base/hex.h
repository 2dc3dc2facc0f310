/* SPDX-License-Identifier: ISC */
/* Bytes as hex digits, and back. */
#ifndef B3LB_BASE_HEX_H
#define B3LB_BASE_HEX_H

#include "base/mem.h"

#include <stdbool.h>

/* Writes 2 * len lower-case digits and a NUL. Any thread. */
void hex_write(const void *data, size_t len, char *out) b3lb_nonnull;
/* The value of a digit of either case; -1: it is none. Any thread. */
int hex_value(char c);
/* Reads len bytes from 2 * len digits; false when one of them is none. Any thread. */
bool hex_read(const char *text, size_t len, void *out) b3lb_nonnull b3lb_mustcheck;

#endif
