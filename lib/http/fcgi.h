/* SPDX-License-Identifier: ISC */
/* Records of FastCGI (Specification 1.0): what a web server sends is read as it arrives, what we say is framed. */
#ifndef B3LB_HTTP_FCGI_H
#define B3LB_HTTP_FCGI_H

#include "base/buf.h"

#include <stdbool.h>

#define FCGI_INPUT_BYTES 16384
/* Of all CGI variables of a request. */
#define FCGI_PARAMS_MAX (1 << 20)
/* Bytes of a record's content: a multiple of eight, so that it needs no padding (3.3). */
#define FCGI_CONTENT_MAX 65528
#define FCGI_HEADER_LEN	 8

/* What fcgi_next finds. */
enum fcgi_piece {
	FCGI_MORE,   /* nothing more is there: read into fcgi_room */
	FCGI_PARAMS, /* bytes of the variables; none: all are there */
	FCGI_STDIN,  /* bytes of the body; none: it is over */
	FCGI_BROKEN, /* no FastCGI, another request in between, or the web server gave it up */
};

/* One request of one connection, as a responder. Zero-initialise it up to input; one thread at a time. */
struct fcgi {
	size_t at, end; /* of what was read and not yet looked at */
	unsigned char header[FCGI_HEADER_LEN];
	size_t header_len;
	unsigned id; /* of the request; 0: it has not begun */
	size_t content, padding;
	unsigned char type;
	char input[FCGI_INPUT_BYTES];
};

/* Where to read the next bytes to, once fcgi_next says FCGI_MORE, and how many at most; fcgi_read says how
 * many there were. */
char *fcgi_room(struct fcgi *f, size_t *size) b3lb_nonnull;
void fcgi_read(struct fcgi *f, size_t len) b3lb_nonnull;
/* The next piece; its bytes are valid until the next call. Records of other kinds and requests are skipped. */
enum fcgi_piece fcgi_next(struct fcgi *f, const char **data, size_t *len) b3lb_nonnull;

/* Writes the head of a STDOUT record with up to FCGI_CONTENT_MAX bytes. */
void fcgi_stdout_header(const struct fcgi *f, size_t len, unsigned char header[FCGI_HEADER_LEN]) b3lb_nonnull;
/* Appends what ends a whole answer: the end of STDOUT, and END_REQUEST with status 0. */
void fcgi_end(const struct fcgi *f, struct buf *out) b3lb_nonnull;

/*
 * Appends the variables of a PARAMS stream to env as two lengths, NAME, NUL, VALUE, NUL: a dozen are looked for in
 * each request. False when they are malformed; one with a NUL in it is left out.
 */
bool fcgi_params_read(const char *params, size_t len, struct buf *env) b3lb_nonnull;
/* The value of a variable in env, NULL without; of several the last. *count: how many there are. */
const char *fcgi_param(const struct buf *env, const char *name, int *count) b3lb_nonnull;

#endif
