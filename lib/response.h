/* SPDX-License-Identifier: ISC */
/* The answer to a request: status, headers that cannot be broken out of, body. */
#ifndef B3LB_RESPONSE_H
#define B3LB_RESPONSE_H

#include "request.h"

/* A header that goes out with the status line; a list on the caller's stack. */
struct response_header {
	const char *name;
	const char *value; /* NULL: left out */
};

/* The reason phrase of a status we use, "Unknown" for others. */
const char *response_reason(int status);

/*
 * Send a whole answer, once what is left of the body is read: Status, Content-Type (NULL: none),
 * Content-Length, Request-Id, Cache-Control: no-cache unless given, the headers (ends with a NULL name; may
 * be NULL), and the body, left out for HEAD. A header value with a control character is dropped as a whole:
 * it could end the head (RFC 9110, 5.5). The first call decides; later ones do nothing.
 */
void response_send(struct request *rq, int status, const char *type, const struct response_header *headers,
	const void *body, size_t len);

/* A line of plain text as the whole answer. */
void response_send_text(struct request *rq, int status, const char *text) b3lb_nonnull;

#endif
