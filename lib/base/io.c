/* SPDX-License-Identifier: ISC */
/* Plain CGI: the process's environment, stdin and stdout. */
#include "config.h"
#include "base/io.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

bool io_copy(struct io *io, const struct io_source *source, struct err *err)
{
	char chunk[32 * 1024];
	ssize_t n;

	while ((n = source->read(source->ctx, chunk, sizeof(chunk), err)) > 0)
		if (!io->ops->write(io, chunk, (size_t)n))
			break;
	source->close(source->ctx);
	return n == 0;
}

static const char *cgi_env(struct io *io, const char *name, int *count)
{
	const char *value = getenv(name);

	(void)io;
	*count = value != NULL;
	return value;
}

static size_t cgi_read(struct io *io, char *data, size_t len, bool *ok)
{
	size_t got = 0;

	(void)io;
	while (got < len) {
		ssize_t n = read(STDIN_FILENO, data + got, len - got);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			*ok = *ok && n == 0;
			break;
		}
		got += (size_t)n;
	}
	return got;
}

static bool cgi_write(struct io *io, const char *data, size_t len)
{
	(void)io;
	while (len) {
		ssize_t n = write(STDOUT_FILENO, data, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* What is cut short shows by its length. */
static void cgi_send(struct io *io, const struct io_source *source)
{
	struct err ignored = {0};

	(void)!io_copy(io, source, &ignored);
}

static const struct io_ops cgi_ops = {cgi_env, cgi_read, cgi_write, cgi_send};
struct io io_cgi = {.ops = &cgi_ops};
