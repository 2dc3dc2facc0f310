/* SPDX-License-Identifier: ISC */
/* A local store: record_path/ab/ab12...: files that are written below record_path/tmp and moved there; those
 * that nobody seems to need lie in record_path/lost. */
#include "config.h"
#include "store/backend.h"

#include "base/dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define TMP_DIR	 "tmp"
#define LOST_DIR "lost"
/* The kernel begins to write so early, and a slow disk holds up nobody at the end. */
#define SYNC_EVERY (32LL << 20)

struct local {
	const char *root;
	bool shared; /* the web server, another user, reads the files itself */
};

struct local_put {
	struct local *local;
	char key[STORE_KEY_LEN + 1];
	int fd;
	long long written, synced;
};

struct local_reader {
	int fd;
	long long left;
};

/* Room for the root, "/ab/" or "/tmp/", and a key. */
struct local_path {
	char text[4096 + 64];
};

static void *local_open(const struct conf *conf)
{
	struct local *l = mem_alloc(sizeof(*l));

	l->root = conf->record_path;
	l->shared = conf->sendfile != CONF_SENDFILE_NONE;
	return l;
}

static void local_close(void *handle)
{
	free(handle);
}

/* What errno means to a caller; the sentence names the configuration's key, since that is what can be
 * changed. */
static int fail(const struct local *l, const char *verb, int error, struct err *err)
{
	enum err_kind kind = ERR_AWAY;

	if (error == ENOSPC || error == EDQUOT || error == EFBIG)
		kind = ERR_LIMIT;
	else if (error == EINVAL || error == EBADF)
		kind = ERR_INTERNAL;
	return err_set(
		err, kind, "could not %s below record_path %.200s: %s", verb, l->root, strerror(error));
}

static const char *path_in(const struct local *l, const char *dir, const char *key, struct local_path *path)
{
	snprintf(path->text, sizeof(path->text), "%.4096s/%.4s/%s", l->root, dir, key);
	return path->text;
}

static const char *path_of(const struct local *l, bool pending, const char *key, struct local_path *path)
{
	const char dir[] = {key[0], key[1], '\0'};

	return path_in(l, pending ? TMP_DIR : dir, key, path);
}

/* Lets the web server read it whatever the umask is, which the units set to 0027; what is somebody else's
 * stays. */
static void share(const struct local *l, const char *path, mode_t bits)
{
	struct stat st;

	if (l->shared && stat(path, &st) == 0 && (st.st_mode & bits) != bits)
		chmod(path, (st.st_mode & 07777) | bits);
}

/* The directory of a path, made when it is missing: only below a root that is there (local_make is for a new one), since a disk that is not
 * mounted must not be written beside. */
static int make_dir(const struct local *l, const char *path, struct err *err)
{
	char dir[sizeof(struct local_path)];

	snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	if (mkdir(dir, 0777) == -1 && errno != EEXIST)
		return fail(l, "make a directory", errno, err);
	share(l, dir, 0555);
	return 0;
}

static int sync_dir_of(const char *path)
{
	char dir[sizeof(struct local_path)];
	int fd, rc;

	snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

static int local_make(void *handle, struct err *err)
{
	struct local *l = handle;

	if (dir_make(l->root, 0777) == -1)
		return fail(l, "make a directory", errno, err);
	share(l, l->root, 0555);
	return 0;
}

static int local_free_bytes(void *handle, long long *bytes, struct err *err)
{
	struct local *l = handle;
	struct statvfs vfs;

	if (statvfs(l->root, &vfs) == -1)
		return fail(l, "look for free space", errno, err);
	*bytes = (long long)vfs.f_bavail * (long long)vfs.f_frsize;
	return 0;
}

static void *local_put_begin(void *handle, const char *key, const char *type, struct err *err)
{
	struct local_put *p;
	struct local_path path;
	int fd;

	(void)type;
	if (make_dir(handle, path_of(handle, true, key, &path), err) == -1)
		return NULL;
	fd = open(path.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd == -1) {
		fail(handle, "make a file", errno, err);
		return NULL;
	}
	share(handle, path.text, 0444);
	p = mem_zalloc(sizeof(*p));
	p->local = handle;
	p->fd = fd;
	memcpy(p->key, key, sizeof(p->key));
	return p;
}

static int local_put_write(void *put, const void *data, size_t len, struct err *err)
{
	struct local_put *p = put;
	const char *at = data;

	while (len) {
		ssize_t n = write(p->fd, at, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fail(p->local, "write", errno, err);
		at += n;
		len -= (size_t)n;
		p->written += n;
	}
	if (p->written - p->synced >= SYNC_EVERY) {
		sync_file_range(p->fd, p->synced, p->written - p->synced, SYNC_FILE_RANGE_WRITE);
		p->synced = p->written;
	}
	return 0;
}

static void local_put_abort(void *put)
{
	struct local_put *p = put;
	struct local_path path;

	close(p->fd);
	unlink(path_of(p->local, true, p->key, &path));
	free(p);
}

static int local_put_commit(void *put, struct err *err)
{
	struct local_put *p = put;
	struct local_path from, to;

	path_of(p->local, true, p->key, &from);
	path_of(p->local, false, p->key, &to);
	if (fsync(p->fd) == -1) {
		fail(p->local, "write", errno, err);
		goto failed;
	}
	if (make_dir(p->local, to.text, err) == -1)
		goto failed;
	if (rename(from.text, to.text) == -1) {
		fail(p->local, "move a file", errno, err);
		goto failed;
	}
	/* The file's own directory, and the root for a directory that is new. */
	if (sync_dir_of(to.text) == -1 || (*strrchr(to.text, '/') = '\0', sync_dir_of(to.text)) == -1) {
		fail(p->local, "write", errno, err);
		unlink(path_of(p->local, false, p->key, &to));
		goto failed;
	}
	close(p->fd);
	free(p);
	return 0;
failed:
	local_put_abort(p);
	return -1;
}

/* A root that is gone is not an object that is gone. errno stays. */
static bool root_is_there(const struct local *l)
{
	int error = errno;
	bool there = access(l->root, F_OK) == 0;

	errno = error;
	return there;
}

/* Opens an object; -1 with err. */
static int open_object(struct local *l, const char *key, struct err *err)
{
	struct local_path path;
	int fd = open(path_of(l, false, key, &path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd != -1)
		return fd;
	if (errno == ENOENT && root_is_there(l))
		return err_set(err, ERR_NOT_FOUND, "there is no stored object %s", key);
	return fail(l, "open a file", errno, err);
}

static int local_stat(void *handle, const char *key, struct store_object *object, struct err *err)
{
	struct stat st;
	int fd = open_object(handle, key, err), rc;

	if (fd == -1)
		return -1;
	rc = fstat(fd, &st);
	close(fd);
	if (rc == -1)
		return fail(handle, "look at a file", errno, err);
	*object = (struct store_object){.size = st.st_size, .modified = st.st_mtime};
	return 0;
}

static void *local_reader_open(
	void *handle, const char *key, long long offset, long long length, struct err *err)
{
	int fd = open_object(handle, key, err);
	struct local_reader *r;

	if (fd == -1)
		return NULL;
	if (lseek(fd, offset, SEEK_SET) == -1) {
		fail(handle, "read", errno, err);
		close(fd);
		return NULL;
	}
	posix_fadvise(fd, offset, length, POSIX_FADV_SEQUENTIAL);
	r = mem_alloc(sizeof(*r));
	*r = (struct local_reader){fd, length};
	return r;
}

static ssize_t local_reader_read(void *reader, void *data, size_t size, struct err *err)
{
	struct local_reader *r = reader;
	ssize_t n;

	if ((long long)size > r->left)
		size = (size_t)r->left;
	if (size == 0)
		return 0;
	do
		n = read(r->fd, data, size);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return err_set(err, ERR_AWAY, "could not read a stored object: %s", strerror(errno));
	if (n == 0)
		return err_set(err, ERR_AWAY, "a stored object is %lld bytes too short", r->left);
	r->left -= n;
	return n;
}

static void local_reader_close(void *reader)
{
	struct local_reader *r = reader;

	close(r->fd);
	free(r);
}

static const char *local_path(void *handle, struct arena *a, const char *key)
{
	struct local_path path;

	return arena_strdup(a, path_of(handle, false, key, &path));
}

static int local_drop(void *handle, const struct store_entry *entry, struct err *err)
{
	struct local_path path;

	if (entry->lost)
		path_in(handle, LOST_DIR, entry->key, &path);
	else
		path_of(handle, entry->pending, entry->key, &path);
	if (unlink(path.text) == 0)
		return 0;
	if (errno == ENOENT && root_is_there(handle))
		return 0;
	return fail(handle, "delete a file", errno, err);
}

/* Moves a finished file, durably; its directory is made. 1, 0 when it is not there, -1 with err. */
static int move(struct local *l, const struct local_path *from, struct local_path *to, struct err *err)
{
	if (make_dir(l, to->text, err) == -1)
		return -1;
	if (rename(from->text, to->text) == -1)
		return errno == ENOENT && root_is_there(l) ? 0 : fail(l, "move a file", errno, err);
	if (sync_dir_of(to->text) == -1 || sync_dir_of(from->text) == -1)
		return fail(l, "write", errno, err);
	return 1;
}

static int local_lose(void *handle, const char *key, struct err *err)
{
	struct local_path from, to;

	path_of(handle, false, key, &from);
	path_in(handle, LOST_DIR, key, &to);
	/* Before it is moved: what lies there is never older than it says. */
	if (utimensat(AT_FDCWD, from.text, NULL, AT_SYMLINK_NOFOLLOW) == -1 && errno != ENOENT)
		return fail(handle, "date a file", errno, err);
	return move(handle, &from, &to, err) == -1 ? -1 : 0;
}

static int local_regain(void *handle, const char *key, struct err *err)
{
	struct local_path from, to;
	int rc;

	path_in(handle, LOST_DIR, key, &from);
	path_of(handle, false, key, &to);
	rc = move(handle, &from, &to, err);
	return rc == 0 ? err_set(err, ERR_NOT_FOUND, "object %s is not put aside", key) : rc == -1 ? -1 : 0;
}

/* The objects of one directory; name is TMP_DIR, LOST_DIR or two hex digits. */
static int list_dir(struct local *l, const char *name, store_each_fn *each, void *ctx, struct err *err)
{
	struct local_path path;
	struct store_entry entry = {
		.pending = strcmp(name, TMP_DIR) == 0, .lost = strcmp(name, LOST_DIR) == 0};
	struct dirent *d;
	struct stat st;
	DIR *dir;
	int rc = 0;

	snprintf(path.text, sizeof(path.text), "%.4096s/%s", l->root, name);
	dir = opendir(path.text);
	if (!dir)
		return errno == ENOENT ? 0 : fail(l, "read a directory", errno, err);
	while (rc == 0 && (d = readdir(dir))) {
		if (!store_key_valid(d->d_name, strlen(d->d_name)) ||
			(!entry.pending && !entry.lost && strncmp(d->d_name, name, 2) != 0) ||
			fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
			!S_ISREG(st.st_mode))
			continue;
		entry.key = d->d_name;
		entry.object = (struct store_object){.size = st.st_size, .modified = st.st_mtime};
		rc = each(ctx, &entry, err);
	}
	closedir(dir);
	return rc;
}

static int local_list(void *handle, store_each_fn *each, void *ctx, struct err *err)
{
	struct local *l = handle;
	char name[3];

	if (access(l->root, R_OK | X_OK) == -1)
		return fail(l, "read a directory", errno, err);
	for (int i = 0; i < 256; i++) {
		snprintf(name, sizeof(name), "%02x", (unsigned)i);
		if (list_dir(l, name, each, ctx, err) == -1)
			return -1;
	}
	return list_dir(l, TMP_DIR, each, ctx, err);
}

static int local_list_lost(void *handle, store_each_fn *each, void *ctx, struct err *err)
{
	struct local *l = handle;

	if (access(l->root, R_OK | X_OK) == -1)
		return fail(l, "read a directory", errno, err);
	return list_dir(l, LOST_DIR, each, ctx, err);
}

const struct store_backend store_local = {
	.open = local_open,
	.close = local_close,
	.make = local_make,
	.free_bytes = local_free_bytes,
	.put_begin = local_put_begin,
	.put_write = local_put_write,
	.put_commit = local_put_commit,
	.put_abort = local_put_abort,
	.stat = local_stat,
	.reader_open = local_reader_open,
	.reader_read = local_reader_read,
	.reader_close = local_reader_close,
	.path = local_path,
	.drop = local_drop,
	.list = local_list,
	.lose = local_lose,
	.regain = local_regain,
	.list_lost = local_list_lost,
};
