/* SPDX-License-Identifier: ISC */
/* Which word of a list was meant by one that was mistyped. */
#ifndef B3LB_BASE_NEAR_H
#define B3LB_BASE_NEAR_H

#include "base/mem.h"

/* The best word seen so far. Start with {.word = what was typed}. */
struct near {
	const char *word;
	const char *best; /* NULL: none is near */
	int distance;
};

/* Looks at one more word of the list, whose string must live as long as the struct. A word is near when a third
 * of the typed one's letters at most, and at least one, must be put in, left out, changed or swapped with its
 * neighbour; or when it begins with what was typed. */
void near_look(struct near *n, const char *candidate) b3lb_nonnull;

#endif
