/* SPDX-License-Identifier: ISC */
/* libxml2's tree behind a document of base/xml.h, for the one module that rewrites answers: bbb/xml.c. */
#ifndef B3LB_BASE_XML_TREE_H
#define B3LB_BASE_XML_TREE_H

#include "base/xml.h"

#include <libxml/tree.h>

/* The document, which stays the owner of all of it. */
xmlDoc *xml_tree(const struct xml *doc) b3lb_nonnull;

#endif
