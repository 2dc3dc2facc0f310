/* SPDX-License-Identifier: ISC */
/* Dates of HTTP headers: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7). */
#ifndef B3LB_HTTP_DATE_H
#define B3LB_HTTP_DATE_H

#include "base/mem.h"

#include <stdbool.h>

#define HTTP_DATE_SIZE 32

/* Writes seconds since 1970. Any thread. */
void http_date_write(long long when, char out[HTTP_DATE_SIZE]) b3lb_nonnull;
/* Reads the form above and the two obsolete ones, which a recipient must take: "Sunday, 06-Nov-94 08:49:37 GMT"
 * and "Sun Nov  6 08:49:37 1994". False for anything else: a condition that cannot be read is none. Any
 * thread. */
bool http_date_parse(const char *text, long long *when) b3lb_nonnull;

#endif
