/* SPDX-License-Identifier: ISC */
/* Entity tags in conditions (RFC 9110, 8.8.3). */
#ifndef B3LB_HTTP_ETAG_H
#define B3LB_HTTP_ETAG_H

#include "base/mem.h"

#include <stdbool.h>

/*
 * True when a list of entity tags (If-Match, If-None-Match) holds the tag, which is strong and has its quotes, or
 * is "*". weak: W/ does not matter (8.8.3.2), nor does what a web server that compresses puts behind our tag:
 * -gzip, -br, -deflate; else such a one never matches. Any thread.
 */
bool etag_listed(const char *list, const char *etag, bool weak) b3lb_nonnull;

#endif
