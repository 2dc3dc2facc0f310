/* SPDX-License-Identifier: ISC */
/* What a client would like to get: Accept, -Encoding and -Language (RFC 9110, 12.4.2, 12.5.1, 12.5.3, 12.5.4). */
#ifndef B3LB_HTTP_ACCEPT_H
#define B3LB_HTTP_ACCEPT_H

#include "base/mem.h"

#include <stdbool.h>

/*
 * True when the header names that media type or coding itself with a weight above 0, in any case; ranges with a star
 * name none: a program that takes anything says so. header NULL: false. Any thread.
 */
bool accept_names_type(const char *header, const char *type);
/*
 * Which of the languages (two lower-case letters each) the header likes best: its place, the first of equal
 * ones in the header's order. A range with a region counts for its language. -1 when it names none of them.
 * header may be NULL. Any thread.
 */
int accept_language(const char *header, const char *const *languages, int count);

#endif
