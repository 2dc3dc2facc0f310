/* SPDX-License-Identifier: ISC */
/* The <modules> that a client sends in the body of create (doc/bbb-api, 3.7). */
#ifndef B3LB_BBB_MODULES_H
#define B3LB_BBB_MODULES_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Takes every module of that name out of a body, as bbb-web finds it: a child of the root whose attribute
 * name says so. Returns 1 with the rest in out, in UTF-8; 0 when there is none, and out stays as it is; -1
 * with ERR_INVALID when the body is no XML or has a DOCTYPE. Any thread.
 */
int modules_drop(const char *xml, size_t len, const char *name, struct buf *out,
	struct err *err) b3lb_nonnull b3lb_mustcheck;

#endif
