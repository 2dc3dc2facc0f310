/* SPDX-License-Identifier: ISC */
/* What an http URL is, and its parts: libcurl's URL parser (RFC 3986), once. */
#ifndef B3LB_BASE_URL_H
#define B3LB_BASE_URL_H

#include "base/mem.h"

#include <stdbool.h>

/* The parts of a URL, in the arena; none is NULL. */
struct url {
	const char *scheme; /* "http" or "https", in lower case */
	const char *host;   /* an IPv6 address without its brackets */
	const char *port;   /* "8080"; "": none is given, or the scheme's own */
	const char *origin; /* "https://host:port", without the scheme's own port */
	const char *path;   /* from the slash on, without slashes at its end; "" for "/" */
};

/* Whether it is an http or https URL with a host and without a user, blanks, quotes, angle brackets or control
 * characters; a query and a fragment only where query is true. Any thread. */
bool url_valid(const char *text, bool query) b3lb_nonnull;
/* Takes such a URL without a query apart; false when it is none. Any thread. */
bool url_split(struct arena *a, const char *text, struct url *out) b3lb_nonnull b3lb_mustcheck;

/* A request line is ASCII: bytes beyond it percent-encoded, as Java's URIBuilder writes them. In the arena. Any
 * thread. */
const char *url_ascii(struct arena *a, const char *url) b3lb_nonnull;
/* Where a Location (RFC 3986, 5.2) leads from a URL, in the arena; NULL: to nothing that is http or https.
 * *other: to another scheme, host or port. Any thread. */
const char *url_resolve(struct arena *a, const char *base, const char *location, bool *other) b3lb_nonnull;

#endif
