/* SPDX-License-Identifier: ISC */
/* Query strings and form bodies: an ordered list of decoded parameters, and the bytes that go to a node. */
#ifndef B3LB_HTTP_QUERY_H
#define B3LB_HTTP_QUERY_H

#include "base/buf.h"
#include "base/err.h"

/* One parameter, decoded. Names are case-sensitive. */
struct query_param {
	const char *name;
	const char *value; /* "" when there was none */
	bool cleaned;	   /* a control character was taken out of one of them */
};

struct query {
	struct query_param *params;
	size_t count, cap;
};

/*
 * Parses application/x-www-form-urlencoded text ('+' is a blank) into q, in order, memory from the arena.
 * Returns 0, or -1 with ERR_INVALID naming the parameter for: a malformed %-escape, more than
 * QUERY_PARAMS_MAX parameters. NULs are left out; all other bytes are kept as they are, for what a checksum
 * covers: query_clean makes text of them.
 */
int query_parse(struct arena *a, const char *raw, size_t len, struct query *q, struct err *err) b3lb_nonnull;
/* As bbb-web reads text: control characters but tab, CR and LF are taken out (ParamsUtil.stripControlChars), a
 * byte that is no UTF-8 becomes U+FFFD (String's decoder). Memory from the arena. */
void query_clean(struct arena *a, struct query *q) b3lb_nonnull;
/* The first value of that name (servlet rule, doc/bbb-api, 2.3), or NULL. */
const char *query_get(const struct query *q, const char *name) b3lb_nonnull;
/* As above, but NULL for an empty value too. */
const char *query_get_filled(const struct query *q, const char *name) b3lb_nonnull;
/* True for true in any case and for 1, as BigBlueButton takes booleans (doc/bbb-api, 1.2). */
bool query_is_true(const struct query *q, const char *name) b3lb_nonnull;
/* Groovy's String.toBoolean: true, y and 1 in any case, with blanks around; all else is false. */
bool query_to_boolean(const char *value) b3lb_nonnull;
/* Replaces the first parameter of that name and drops the others, or appends it. Copies into the arena. */
void query_set(struct arena *a, struct query *q, const char *name, const char *value) b3lb_nonnull;
/* Appends a parameter; strings are kept, not copied. */
void query_add(struct arena *a, struct query *q, const char *name, const char *value) b3lb_nonnull;
/* A copy whose parameters can be changed without changing q's; strings are shared. */
struct query query_copy(struct arena *a, const struct query *q) b3lb_nonnull;
/* Drops every parameter of that name. */
void query_remove(struct query *q, const char *name) b3lb_nonnull;
/* Appends q in form encoding with everything outside RFC 3986 unreserved as %XX, so that no front end changes
 * a byte. */
void query_write(const struct query *q, struct buf *out) b3lb_nonnull;

/*
 * The name behind meta_ in lower case, as bbb-web takes and keeps it: ^meta_[a-zA-Z][a-zA-Z0-9-]*$
 * (doc/bbb-api, 3.6), however long it is. NULL for anything else. Memory from the arena.
 */
const char *query_meta_name(struct arena *a, const char *param) b3lb_nonnull;

#define QUERY_PARAMS_MAX 1000

#endif
