/* SPDX-License-Identifier: ISC */
/* multipart/form-data bodies (RFC 7578) read as a stream: fields in any order, of any size, in constant
 * memory. */
#ifndef B3LB_HTTP_MULTIPART_H
#define B3LB_HTTP_MULTIPART_H

#include "base/err.h"

#include "http/request.h"

#include <stdbool.h>
#include <sys/types.h>

struct multipart;

/* Where the body comes from: up to len bytes, fewer only at its end. *ok becomes false when it was cut off.
 */
typedef size_t multipart_read_fn(void *ctx, void *data, size_t len, bool *ok);

/* A field. Strings live until the next call of multipart_next. */
struct multipart_field {
	const char *name;
	const char *filename; /* NULL: no file; never to be used as a path */
};

/* Errors of all: ERR_INVALID, the text says what is wrong with the body. One thread. */

/* content_type: the request's header. NULL when it is not multipart/form-data with a boundary of RFC 2046. */
struct multipart *multipart_open(
	const char *content_type, multipart_read_fn *read, void *ctx, struct err *err);
/* Goes to the next field, past what was not read of this one. 1: *field is filled; 0: the body's end; -1. */
int multipart_next(struct multipart *m, struct multipart_field *field, struct err *err) b3lb_nonnull;
/* Reads of the field's content, up to size bytes; fewer are no sign of the end. 0: its end; -1. */
ssize_t multipart_read(struct multipart *m, void *data, size_t size, struct err *err) b3lb_nonnull;
/* NULL is allowed. */
void multipart_close(struct multipart *m);

/* Makes a form of a multipart body that was read (request_read_body): rq->body is then its fields as
 * application/x-www-form-urlencoded, in order; files are left out. 0, or -1 with err. */
int multipart_to_form(struct request *rq, struct err *err) b3lb_nonnull;

#endif
