/* SPDX-License-Identifier: ISC */
/* The answer to a request: status, headers that cannot be broken out of, body. */
#ifndef B3LB_HTTP_RESPONSE_H
#define B3LB_HTTP_RESPONSE_H

#include "http/request.h"

/* A header that goes out with the status line; a list on the caller's stack. */
struct response_header {
	const char *name;
	const char *value; /* NULL: left out */
};

/* The reason phrase of a status we use, "Unknown" for others. */
const char *response_reason(int status);

/*
 * Send a whole answer, without a look at what is left of the body: Status, Content-Type (NULL: none),
 * Content-Length, Request-Id, Cache-Control: no-cache unless given, the headers (ends with a NULL name; may
 * be NULL), and the body, left out for HEAD. A header value with a control character is dropped as a whole:
 * it could end the head (RFC 9110, 5.5). The first call decides; later ones do nothing.
 */
void response_send(struct request *rq, int status, const char *type, const struct response_header *headers,
	const void *body, size_t len);

/*
 * The head alone: length bytes, or -1 to leave Content-Length out (the web server sends a file itself). False
 * when the peer is gone or an answer was begun before.
 */
bool response_begin(struct request *rq, int status, const char *type, const struct response_header *headers,
	long long length) b3lb_mustcheck;
/*
 * Sends length bytes of a source behind the head that response_begin wrote; not for HEAD. At the pace of the
 * peer, and closed once all are sent or nobody waits for them: a transport may do that when the handler has
 * returned. The peer sees a broken connection where it ends too early, not a whole answer that is short.
 */
void response_stream(struct request *rq, const struct io_source *source, long long length) b3lb_nonnull;

/* A line of plain text as the whole answer. */
void response_send_text(struct request *rq, int status, const char *text) b3lb_nonnull;

#endif
