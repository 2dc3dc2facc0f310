/* SPDX-License-Identifier: ISC */
/* Directories of one level that a program works in: made, looked at and taken away, links never followed. */
#include "config.h"
#include "base/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* With that mode whatever the umask is, which the units set to 0027: web servers go through it. One that is there stays as it is. */
static int make_one(const char *path, mode_t mode)
{
	if (mkdir(path, mode) == 0)
		return chmod(path, mode);
	return errno == EEXIST ? 0 : -1;
}

int dir_make(const char *path, mode_t mode)
{
	char *copy = mem_strdup(path), *at = copy + strspn(copy, "/");
	int rc = 0;

	for (size_t len = strlen(at); len && at[len - 1] == '/';)
		at[--len] = '\0';
	while (rc == 0 && (at = strchr(at, '/'))) {
		*at = '\0';
		rc = make_one(copy, 0755);
		*at++ = '/';
	}
	if (rc == 0)
		rc = make_one(copy, mode);
	free(copy);
	return rc;
}

DIR *dir_open(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), error;
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);

	if (!dir && fd != -1) {
		error = errno;
		close(fd);
		errno = error;
	}
	return dir;
}

long long dir_remove(int parent, const char *name, bool dry)
{
	DIR *dir = dir_open(parent, name);
	long long bytes = 0;
	struct dirent *d;
	struct stat st;

	while (dir && (d = readdir(dir))) {
		if (fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1 || S_ISDIR(st.st_mode))
			continue;
		bytes += S_ISREG(st.st_mode) ? st.st_size : 0;
		if (!dry)
			unlinkat(dirfd(dir), d->d_name, 0);
	}
	if (dir)
		closedir(dir);
	if (!dry)
		unlinkat(parent, name, AT_REMOVEDIR);
	return bytes;
}

bool dir_is_older(int parent, const char *name, long long before)
{
	DIR *dir = dir_open(parent, name);
	bool old = dir != NULL;
	struct dirent *d;
	struct stat st;

	/* "." is the directory itself; the parent's time says nothing. */
	while (old && (d = readdir(dir)))
		if (strcmp(d->d_name, "..") != 0 &&
			fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			old = st.st_mtime < before;
	if (dir)
		closedir(dir);
	return old;
}
