/* SPDX-License-Identifier: ISC */
/* The <modules> that a client sends in the body of create (doc/bbb-api, 3.7). */
#ifndef B3LB_BBB_MODULES_H
#define B3LB_BBB_MODULES_H

#include "base/buf.h"
#include "base/err.h"

/* Which of them go on; names in any case. */
struct modules_rule {
	const char *only;  /* names, separated by commas; "*": all */
	const char *never; /* names; NULL: none */
};

/*
 * Takes the modules that may not go on out of a body, as bbb-web finds them: children of the root, named by their attribute
 * name. Returns 1 with the rest in out, in UTF-8; 0 when all may, and out stays as it is; -1 with ERR_INVALID when the body
 * is no XML, or none once it is read as UTF-8 whatever it declares, or has a DOCTYPE. Any thread.
 */
int modules_cut(const char *xml, size_t len, const struct modules_rule *rule, struct buf *out,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
/* 1 when a module presentation holds a document, 0, or -1 as above. Any thread. */
int modules_have_slides(const char *xml, size_t len, struct err *err) b3lb_nonnull b3lb_mustcheck;

#endif
