/* SPDX-License-Identifier: ISC */
/* The session cookie that a node sets, and what of it may be set in our name. */
#ifndef B3LB_BBB_COOKIE_H
#define B3LB_BBB_COOKIE_H

#include "base/mem.h"

/*
 * From the value of a node's Set-Cookie to one of ours, in the arena: BBB's JSESSIONID (doc/bbb-api, 3.2) as it
 * is but for Domain=, by which a node could set it for other hosts of ours (RFC 6265, 4.1.2.3). NULL for any
 * other cookie: it would be a node's word on our host. Any thread.
 */
const char *cookie_of_session(struct arena *a, const char *set_cookie) b3lb_nonnull;

#endif
