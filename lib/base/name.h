/* SPDX-License-Identifier: ISC */
/* The rules of names: what a tenant, a node, a host and the like may be called, each once, with its sentence. */
#ifndef B3LB_BASE_NAME_H
#define B3LB_BASE_NAME_H

#include "base/mem.h"

#include <stdbool.h>

enum name_kind {
	NAME_OBJECT,	  /* a cluster, group or profile */
	NAME_NODE,	  /* a node's slug */
	NAME_TENANT,	  /* a tenant's slug */
	NAME_HOST,	  /* an additional host name of a tenant (RFC 1123, 2.1), without a dot at its end */
	NAME_NODE_DOMAIN, /* a host name, where a port may follow */
	NAME_TAG,	  /* of a node: what a meeting may ask for */
	NAME_ASKED_TAG,	  /* what a tenant may ask for */
	NAME_FORMAT,	  /* <type> of a recording's format */
	NAME_META,	  /* a meta key as BBB has it: ParamsProcessorUtil takes meta_[a-zA-Z][a-zA-Z0-9-]* */
	NAME_PATH,	  /* a path below a URL */
	NAME_DIRECTORY,	  /* a whole path */
	NAME_REGION,	  /* of an object store */
	NAME_BUCKET,	  /* of an object store */
	NAME_ZONE,	  /* a time zone */
	NAME_DIAL_NUMBERS, /* telephone numbers, separated by commas */
	NAME_URL,	   /* an http or https URL without a query */
	NAME_NODE_URL, /* NAME_URL with nothing behind /api: what does stand there is a call's name, pasted with it */
	NAME_ANY_URL,	/* one that may have a query */
	NAME_HOOK_URL,	/* NAME_ANY_URL of a webhook */
	NAME_EVENT,	/* of webhooks */
	NAME_FRAMES,	/* sites, as frame-ancestors names them (CSP 3, 6.4.2) */
	NAME_NODE_BASE, /* NAME_NODE_URL, in which {slug} stands for the node's slug */
	NAME_MODULES,	/* of create's body, separated by commas; "*": all */
	NAME__MAX,
};

/* Whether the text is such a name. The check constraints of the database have the same rules, but for letters
 * that are made lower case before. Any thread. */
bool name_fits(enum name_kind kind, const char *text) b3lb_nonnull;
/* The rule as the end of a sentence: "must be ...". Never NULL. */
const char *name_rule(enum name_kind kind);

#endif
