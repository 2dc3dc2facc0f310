/* SPDX-License-Identifier: ISC */
/* One request's transport: FastCGI, plain CGI, or memory in tests. */
#ifndef B3LB_BASE_IO_H
#define B3LB_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>

struct io;
struct io_ops {
	/* A CGI variable, or NULL. The text lives until the request is over. */
	const char *(*env)(struct io *io, const char *name);
	/* Reads up to len bytes of the body; fewer only at its end. *ok becomes false when the peer broke
	 * off. */
	size_t (*read)(struct io *io, char *data, size_t len, bool *ok);
	/* Writes all; false when the peer is gone: stop producing. */
	bool (*write)(struct io *io, const char *data, size_t len);
};

struct io {
	const struct io_ops *ops;
	void *handle;
};

/* Plain CGI: the process's environment, stdin and stdout. */
extern struct io io_cgi;

#endif
