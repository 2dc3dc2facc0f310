/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording import --published: the directory of a BigBlueButton server or of Scalelite, where each
 * recording lies as FORMAT/RECORDID. All formats of one are one archive. */
#include "config.h"
#include "import.h"

#include "base/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* BigBlueButton has five, and people add theirs. */
#define FORMATS_MAX 32

struct place {
	const char *id, *format;
};
struct published {
	const char *root;
	struct place *places; /* those of one recording behind one another */
	int count, room;
	struct arena arena;
};
/* One recording on its way: tar, run as who ran us, packs it. */
struct packer {
	const struct published *from;
	const struct place *places;
	int count, fd;
	pid_t pid;
	bool ended;
	struct import_bar bar;
};

static int by_id(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	int diff = strcmp(a->id, b->id);

	return diff ? diff : strcmp(a->format, b->format);
}

static void look_at_format(struct published *p, DIR *root, const char *format)
{
	DIR *dir = dir_open(dirfd(root), format);
	struct dirent *d;
	struct stat st;

	while (dir && (d = readdir(dir))) {
		const char *meta = arena_printf(&p->arena, "%s/metadata.xml", d->d_name);

		if (d->d_name[0] == '.' || fstatat(dirfd(dir), meta, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
			!S_ISREG(st.st_mode))
			continue;
		if (p->count == p->room) {
			p->room = p->room ? p->room * 2 : 256;
			p->places = mem_realloc(p->places, sizeof(*p->places) * (size_t)p->room);
		}
		p->places[p->count++] =
			(struct place){arena_strdup(&p->arena, d->d_name), arena_strdup(&p->arena, format)};
	}
	if (dir)
		closedir(dir);
}

static int look(struct published *p, struct err *err)
{
	struct err again = {0};
	DIR *root = NULL;
	struct dirent *d;
	int rc = 0;

	if (admin_become_caller(err) == -1)
		return -1;
	root = opendir(p->root);
	if (!root)
		rc = err_set(err, ERR_INVALID, "%s: %s", p->root, strerror(errno));
	while (root && (d = readdir(root)))
		if (d->d_name[0] != '.')
			look_at_format(p, root, d->d_name);
	if (root)
		closedir(root);
	if (admin_become_service(&again) == -1) {
		*err = again;
		rc = -1;
	}
	if (rc == 0 && p->count == 0)
		rc = err_set(err, ERR_INVALID, "%s holds no FORMAT/RECORDID/metadata.xml", p->root);
	if (p->count)
		qsort(p->places, (size_t)p->count, sizeof(*p->places), by_id);
	return rc;
}

/* Bytes of its files. */
static int measure(struct packer *k, struct arena *a, struct err *err)
{
	struct err again = {0};
	int rc = 0;

	if (admin_become_caller(err) == -1)
		return -1;
	for (int i = 0; rc == 0 && i < k->count; i++) {
		char *path = arena_printf(a, "%s/%s/%s", k->from->root, k->places[i].format, k->places[i].id);
		char *const paths[] = {path, NULL};
		FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
		FTSENT *e;

		while (walk && (e = fts_read(walk)))
			k->bar.size += e->fts_info == FTS_F ? (long long)e->fts_statp->st_size : 0;
		if (!walk)
			rc = err_set(err, ERR_INVALID, "could not look at it: %s", strerror(errno));
		else
			fts_close(walk);
	}
	if (admin_become_service(&again) == -1) {
		*err = again;
		rc = -1;
	}
	return rc;
}

static int read_meta(const struct packer *k, struct arena *a, struct recording_meta *meta, struct err *err)
{
	const char *path =
		arena_printf(a, "%s/%s/%s/metadata.xml", k->from->root, k->places->format, k->places->id);
	int fd = admin_open(path, O_RDONLY | O_NOFOLLOW), rc = -1;
	struct buf text;
	char chunk[4096];
	ssize_t n = -1;

	buf_init_max(&text, RECORDING_META_BYTES_MAX + 1);
	while (fd != -1 && (n = read(fd, chunk, sizeof(chunk))) > 0 && !text.failed)
		buf_add(&text, chunk, (size_t)n);
	if (n < 0)
		err_set(err, ERR_INVALID, "could not read its metadata.xml: %s", strerror(errno));
	else
		rc = import_parse_meta(buf_str(&text), text.len, a, meta, err);
	if (rc == 0 && strcmp(meta->id, k->places->id) != 0)
		rc = err_set(err, ERR_INVALID, "its metadata.xml is that of recording %s", meta->id);
	if (fd != -1)
		close(fd);
	buf_free(&text);
	return rc;
}

/* In the child. Links to a file in the recording are packed as that file, others as links, which nobody follows. */
static void exec_tar(const struct packer *k, int out)
{
	const char *argv[FORMATS_MAX + 9] = {
		"tar", "-C", k->from->root, "--format=gnu", "--hard-dereference", "-cf", "-", "--"};
	struct arena a = {0};
	struct err err = {0};
	int n = 8;

	for (int i = 0; i < k->count; i++)
		argv[n + i] = arena_printf(&a, "%s/%s", k->places[i].format, k->places[i].id);
	argv[n + k->count] = NULL;
	signal(SIGPIPE, SIG_DFL);
	if (admin_become_caller(&err) == 0 && dup2(out, STDOUT_FILENO) != -1)
		execvp("tar", (char *const *)argv);
	_exit(127);
}

static int start(struct packer *k, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return err_set(err, ERR_INTERNAL, "could not make a pipe: %s", strerror(errno));
	k->pid = fork();
	if (k->pid == 0)
		exec_tar(k, ends[1]);
	close(ends[1]);
	k->fd = ends[0];
	return k->pid == -1 ? err_set(err, ERR_INTERNAL, "could not start tar: %s", strerror(errno)) : 0;
}

/* Waits for tar; true when it has packed all. */
static bool stop(struct packer *k)
{
	int status = -1;

	if (k->fd != -1)
		close(k->fd);
	k->fd = -1;
	while (k->pid > 0 && waitpid(k->pid, &status, 0) == -1 && errno == EINTR)
		continue;
	k->pid = 0;
	return status == 0;
}

static ssize_t read_packed(void *ctx, void *data, size_t size, struct err *err)
{
	struct packer *k = ctx;
	ssize_t n;

	if (k->ended)
		return 0;
	if (k->pid == 0 && start(k, err) == -1)
		return -1;
	do
		n = read(k->fd, data, size);
	while (n == -1 && errno == EINTR);
	if (n == 0) {
		k->ended = true;
		if (!stop(k))
			return err_set(err, ERR_INVALID, "tar could not pack it");
	}
	if (n == -1)
		return err_set(err, ERR_INTERNAL, "could not read what tar packs: %s", strerror(errno));
	k->bar.done += n;
	import_draw(&k->bar, false);
	return n;
}

/* The names of its formats. */
static const char *formats_of(const struct packer *k, struct arena *a)
{
	const char *text = k->places->format;

	for (int i = 1; i < k->count; i++)
		text = arena_printf(a, "%s, %s", text, k->places[i].format);
	return text;
}

/* 1 imported, 0 it is there already, -1. */
static int import_one(struct import *im, struct packer *k, struct err *err)
{
	struct recording_meta meta;
	struct arena a = {0};
	int rc = -1;

	if (k->count > FORMATS_MAX)
		err_set(err, ERR_INVALID, "it has more than %d formats", FORMATS_MAX);
	else if (read_meta(k, &a, &meta, err) == 0 && measure(k, &a, err) == 0)
		rc = im->dry ? import_foretell(im, &meta, k->bar.size, formats_of(k, &a), err)
			     : import_archive(im, &meta, k->bar.size, read_packed, k, &a, err);
	stop(k);
	import_draw(&k->bar, true);
	arena_free(&a);
	return rc;
}

/* Of the recordings that the places are. */
static int count_of(const struct published *p)
{
	int count = 0;

	for (int i = 0; i < p->count; i++)
		count += i == 0 || strcmp(p->places[i].id, p->places[i - 1].id) != 0;
	return count;
}

int import_published(struct import *im, const char *root, struct err *err)
{
	struct published p = {.root = root};
	bool away = false;
	int rc = look(&p, err), count = count_of(&p);

	for (int i = 0, n, number = 1; rc == 0 && !away && i < p.count; i += n, number++) {
		struct packer k = {.from = &p, .places = p.places + i, .fd = -1};
		struct err why = {0};

		for (n = 1; i + n < p.count && strcmp(p.places[i + n].id, p.places[i].id) == 0;)
			n++;
		k.count = n;
		k.bar = (struct import_bar){
			.number = number, .count = count, .on = !im->dry && isatty(STDERR_FILENO)};
		away = import_count(im, p.places[i].id, import_one(im, &k, &why), &why);
	}
	arena_free(&p.arena);
	free(p.places);
	return rc == -1 ? -1 : away;
}
