/* SPDX-License-Identifier: ISC */
/* Plain CGI: the process's environment, stdin and stdout. */
#include "config.h"
#include "base/io.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static const char *cgi_env(struct io *io, const char *name)
{
	(void)io;
	return getenv(name);
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

static const struct io_ops cgi_ops = {cgi_env, cgi_read, cgi_write};
struct io io_cgi = {.ops = &cgi_ops};
