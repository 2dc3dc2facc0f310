/* SPDX-License-Identifier: ISC */
/* The socket that a FastCGI program accepts on, inherited or made. */
#include "config.h"
#include "run/listener.h"

#include "base/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTEN_BACKLOG	 511
#define SYSTEMD_FIRST_FD 3

static int is_listening(int fd)
{
	int on = 0;
	socklen_t len = sizeof(on);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 && on;
}

/* A leftover of a process that was killed may be replaced, a socket that somebody answers on may not. */
static int remove_leftover(const struct sockaddr_un *addr, struct err *err)
{
	struct stat st;
	bool taken;
	int fd, rc;

	if (lstat(addr->sun_path, &st) == -1)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, ERR_INVALID, "could not listen on %s: it is no socket", addr->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	rc = fd == -1 ? -1 : connect(fd, (const struct sockaddr *)addr, sizeof(*addr));
	/* Somebody who is too busy to accept has a full backlog. */
	taken = rc == 0 || (fd != -1 && errno == EAGAIN);
	if (fd != -1)
		close(fd);
	if (taken)
		return err_set(
			err, ERR_CONFLICT, "could not listen on %s: another process does", addr->sun_path);
	unlink(addr->sun_path);
	return 0;
}

/* That the socket is to lie in. */
static int make_directory(const char *path, struct err *err)
{
	char *dir = mem_strdup(path), *slash = strrchr(dir, '/');
	int rc = 0;

	if (slash)
		*slash = '\0';
	if (slash && *dir && dir_make(dir, 0755) == -1)
		rc = err_set(err, ERR_INVALID, "could not listen on %s: could not make its directory: %s",
			path, strerror(errno));
	free(dir);
	return rc;
}

static int listener_make(const char *path, struct err *err)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	mode_t mask;
	int fd, rc;

	if (strlen(path) >= sizeof(addr.sun_path))
		return err_set(err, ERR_INVALID, "could not listen on %s: longer than %zu", path,
			sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	if (make_directory(path, err) == -1 || remove_leftover(&addr, err) == -1)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return err_set(err, ERR_INTERNAL, "could not make a socket: %s", strerror(errno));
	/* Whoever can connect speaks for every client: owner and group only. */
	mask = umask(0117);
	rc = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	umask(mask);
	if (rc == -1 || listen(fd, LISTEN_BACKLOG) == -1) {
		err_set(err, ERR_INVALID, "could not listen on %s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static int systemd_fd(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");

	if (!pid || !fds || strtol(pid, NULL, 10) != (long)getpid() || strtol(fds, NULL, 10) < 1)
		return -1;
	return is_listening(SYSTEMD_FIRST_FD) ? SYSTEMD_FIRST_FD : -1;
}

int listener_open(const char *path, struct err *err)
{
	int fd = path ? listener_make(path, err) : systemd_fd();

	if (!path && fd == -1 && is_listening(STDIN_FILENO))
		fd = STDIN_FILENO;
	/* Several processes may share it: a lost race for a connection must not block a thread in accept. */
	if (fd != -1 && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == -1) {
		err_set(err, ERR_INTERNAL, "could not set the listening socket: %s", strerror(errno));
		return -1;
	}
	return fd;
}

void listener_close(int fd, const char *path)
{
	close(fd);
	if (path)
		unlink(path);
}
