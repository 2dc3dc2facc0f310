/* SPDX-License-Identifier: ISC */
/* XML that others wrote: the one way in which it is parsed, and reading what it holds. */
#ifndef B3LB_BASE_XML_H
#define B3LB_BASE_XML_H

#include "base/err.h"

#include <stdbool.h>

/* A document and one of its elements; elements live as long as their document. */
struct xml;
struct xml_node;

/* Before threads: libxml2 makes its tables. */
void xml_init(void);
/*
 * Parses a document of up to INT_MAX / 4 bytes. Nothing is fetched, no entity is replaced, no limit of libxml2
 * is lifted, and a DOCTYPE is refused (XML 1.0, 2.8: entities stand there): whoever sends XML sends data. mend:
 * characters that XML cannot hold become U+FFFD instead of a fault. NULL with ERR_INVALID, "WHAT is not XML" or
 * "WHAT has a DOCTYPE". xml_free. Any thread.
 */
struct xml *xml_parse(
	const char *data, size_t len, const char *what, bool mend, struct err *err) b3lb_nonnull;
/* The same of what is damaged or cut off: as far as it can be read, which may be its root alone. */
struct xml *xml_recover(const char *data, size_t len, const char *what, struct err *err) b3lb_nonnull;
void xml_free(struct xml *doc);

/* Any thread; no thread changes the document meanwhile. NULL: there is none. */
const struct xml_node *xml_root(const struct xml *doc) b3lb_nonnull;
const char *xml_name(const struct xml_node *n) b3lb_nonnull;
/* The first element below n, and the next beside n; name NULL: whatever its name. n may be NULL. */
const struct xml_node *xml_child(const struct xml_node *n, const char *name);
const struct xml_node *xml_next(const struct xml_node *n, const char *name);
/* All text below n, and an attribute, in the arena; NULL: n is NULL, or there is no such attribute. */
char *xml_text(struct arena *a, const struct xml_node *n);
char *xml_attribute(struct arena *a, const struct xml_node *n, const char *name);

#endif
