/* SPDX-License-Identifier: ISC */
/* One request's transport: FastCGI, plain CGI, or memory in tests. */
#ifndef B3LB_BASE_IO_H
#define B3LB_BASE_IO_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

/* Where the bytes of an answer come from when they are too many to be held at once. */
struct io_source {
	/* Up to size bytes into data; 0: all were read; -1 with err. May wait for a disk or a store, never
	 * for the peer. */
	ssize_t (*read)(void *ctx, void *data, size_t size, struct err *err);
	void (*close)(void *ctx); /* once, whatever happened */
	void *ctx;
};

struct io;
struct io_ops {
	/* A CGI variable, or NULL; *count: how often it is there, the last one counts. The text lives until
	 * the request is over. */
	const char *(*env)(struct io *io, const char *name, int *count);
	/* Reads up to len bytes of the body; fewer only at its end. *ok becomes false when the peer broke
	 * off. */
	size_t (*read)(struct io *io, char *data, size_t len, bool *ok);
	/* Writes all; false when the peer is gone: stop producing. */
	bool (*write)(struct io *io, const char *data, size_t len);
	/* Sends what the source gives, and closes it, now or once the request's handler has returned. */
	void (*send)(struct io *io, const struct io_source *source);
};

struct io {
	const struct io_ops *ops;
	void *handle;
};

/* For a transport that waits for its peer: all of the source, here and now. *err is of the source; false
 * without an error: the peer is gone. */
bool io_copy(struct io *io, const struct io_source *source, struct err *err) b3lb_nonnull;

/* Plain CGI: the process's environment, stdin and stdout. */
extern struct io io_cgi;

#endif
