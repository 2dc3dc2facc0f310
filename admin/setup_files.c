/* SPDX-License-Identifier: ISC */
/* b3lb-admin setup: the configuration file's keys, and the web servers' domain files. */
#include "config.h"
#include "setup.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (1 << 20)

/* A missing file is an empty one; *there tells. */
static int read_file(const char *path, struct buf *text, bool *there, struct stat *st, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
	char chunk[4096];
	ssize_t n = -1;

	*there = fd != -1;
	if (fd == -1)
		return errno == ENOENT
			       ? 0
			       : err_set(err, ERR_INVALID, "could not read %s: %s", path, strerror(errno));
	buf_init_max(text, FILE_MAX);
	if (fstat(fd, st) == 0)
		while ((n = read(fd, chunk, sizeof(chunk))) > 0)
			buf_add(text, chunk, (size_t)n);
	if (n == -1 || text->failed)
		rc = err_set(err, ERR_INVALID, "could not read %s: %s", path,
			text->failed ? "it is too long" : strerror(errno));
	close(fd);
	return rc;
}

/* All of it; -1 with errno. */
static int write_all(int fd, const struct buf *text)
{
	size_t at = 0;

	while (at < text->len) {
		ssize_t n = write(fd, text->ptr + at, text->len - at);

		if (n == -1 && errno != EINTR)
			return -1;
		/* A disk that is full may take a part first, and says why with the next one. */
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* st NULL: the file is new. The old one is there until the new one is whole. */
static int write_file(const char *path, const struct buf *text, const struct stat *st, struct err *err)
{
	struct buf name = BUF_INIT;
	int fd, rc = 0;

	buf_printf(&name, "%s.new", path);
	unlink(buf_str(&name));
	fd = open(buf_str(&name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st ? 0600 : 0644);
	if (fd == -1) {
		rc = err_set(err, ERR_INVALID, "could not write %s: %s", path, strerror(errno));
		goto out;
	}
	/* The owner first: changing it may take bits of the mode away. */
	if ((st && (fchown(fd, st->st_uid, st->st_gid) == -1 || fchmod(fd, st->st_mode & 07777) == -1)) ||
		write_all(fd, text) == -1 || fsync(fd) == -1 || rename(buf_str(&name), path) == -1) {
		rc = err_set(err, ERR_INVALID, "could not write %s: %s", path, strerror(errno));
		unlink(buf_str(&name));
	}
	close(fd);
out:
	buf_free(&name);
	return rc;
}

/* Writes it as write_file does; a dry run looks whether it could. */
static int replace(const char *path, const struct buf *text, const struct stat *st, struct setup_files *files,
	struct err *err)
{
	const char *slash = strrchr(path, '/');
	struct buf dir = BUF_INIT;
	int rc = 0;

	files->changed = true;
	if (!files->dry)
		return write_file(path, text, st, err);
	buf_add(&dir, path, slash ? (size_t)(slash - path) + 1 : 0);
	if (faccessat(AT_FDCWD, dir.len ? buf_str(&dir) : ".", W_OK | X_OK, AT_EACCESS) == -1)
		rc = err_set(err, ERR_INVALID, "could not write %s: %s", path, strerror(errno));
	buf_free(&dir);
	return rc;
}

/* True when the line sets that key; commented: as a comment that shows it. */
static bool line_is(const char *line, const char *key, bool commented)
{
	size_t len = strlen(key);

	line += strspn(line, " \t");
	if (commented) {
		if (*line != '#')
			return false;
		line++;
	}
	if (strncmp(line, key, len) != 0)
		return false;
	line += len;
	return line[strspn(line, " \t")] == '=';
}

/* Writes the lines to out, the last that sets the key replaced; else behind the last comment that shows it,
 * or at the end. */
static void replace_key(const char *text, const char *key, const char *value, struct buf *out)
{
	const char *at = NULL, *shown = NULL, *next;

	for (const char *line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (line_is(line, key, false))
			at = line;
		else if (line_is(line, key, true))
			shown = line;
	}
	for (const char *line = text; *line; line = next) {
		size_t len = strcspn(line, "\n");

		next = line + len + (line[len] == '\n');
		if (line != at) {
			buf_add(out, line, len);
			buf_putc(out, '\n');
		}
		if (line == (at ? at : shown))
			buf_printf(out, "%s = %s\n", key, value);
	}
	if (!at && !shown)
		buf_printf(out, "%s = %s\n", key, value);
}

int setup_write_key(
	const char *path, const char *key, const char *value, struct setup_files *files, struct err *err)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct stat st;
	bool there = false;
	int rc;

	if (value[strcspn(value, "\r\n")])
		return err_set(err, ERR_INVALID, "%s must be one line", key);
	rc = read_file(path, &text, &there, &st, err);
	if (rc == 0) {
		replace_key(buf_str(&text), key, value, &out);
		if (strcmp(buf_str(&out), buf_str(&text)) != 0)
			rc = replace(path, &out, there ? &st : NULL, files, err);
	}
	buf_free(&text);
	buf_free(&out);
	return rc;
}

static int write_if_other(
	const char *path, const struct buf *wanted, struct setup_files *files, struct err *err)
{
	struct buf text = BUF_INIT;
	struct stat st;
	bool there = false;
	int rc = read_file(path, &text, &there, &st, err);

	if (rc == 0 && (!there || strcmp(buf_str(&text), buf_str(wanted)) != 0))
		rc = replace(path, wanted, there ? &st : NULL, files, err);
	buf_free(&text);
	return rc;
}

int setup_write_domain(const char *conf_path, const char *domain, struct setup_files *files, struct err *err)
{
	const char *slash = strrchr(conf_path, '/');
	struct buf path = BUF_INIT, text = BUF_INIT;
	int rc;

	buf_printf(&path, "%.*sapache2-domain.conf", slash ? (int)(slash - conf_path + 1) : 0, conf_path);
	buf_printf(&text, "# Written by b3lb-admin setup.\nDefine B3LB_DOMAIN %s\n", domain);
	rc = write_if_other(buf_str(&path), &text, files, err);
	buf_clear(&path);
	buf_clear(&text);
	buf_printf(&path, "%.*slighttpd-domain.conf", slash ? (int)(slash - conf_path + 1) : 0, conf_path);
	buf_puts(&text, "# Written by b3lb-admin setup. A regular expression.\nvar.b3lb_domain := \"");
	for (const char *p = domain; *p; p++)
		buf_printf(&text, *p == '.' ? "\\%c" : "%c", *p);
	buf_puts(&text, "\"\n");
	if (rc == 0)
		rc = write_if_other(buf_str(&path), &text, files, err);
	buf_free(&path);
	buf_free(&text);
	return rc;
}
