/* SPDX-License-Identifier: ISC */
/* The console's files: read at start from where it is installed, sent with the headers that bind it. */
#include "config.h"
#include "manage.h"

#include "base/sha.h"
#include "http/accept.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 64
#define FILE_MAX  (1u << 20)
/* As tried in browsers: nothing from elsewhere, no text that becomes a script. */
#define CSP                                                                                                  \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "              \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "                  \
	"require-trusted-types-for 'script'; trusted-types 'none'"

static const struct {
	const char *suffix, *mime;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".svg", "image/svg+xml"},
};
static struct file {
	char *name, *data; /* name: as it stands in the address; "" is the page */
	const char *mime;
	size_t len;
	char *packed; /* the same as gzip; NULL: that would not be smaller */
	size_t packed_len;
	char etag[40], packed_etag[48];
} files[FILES_MAX];
static size_t file_count;

static const char *mime_of(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		size_t n = strlen(types[i].suffix);

		if (len > n && strcmp(name + len - n, types[i].suffix) == 0)
			return types[i].mime;
	}
	return NULL;
}

/* Once, at start: three fifths of the bytes need not go out. */
static void pack(struct file *file)
{
	struct archive *a = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	size_t used = 0;
	bool good;

	file->packed = mem_alloc(file->len + 1);
	archive_entry_set_pathname(entry, "file");
	archive_entry_set_filetype(entry, AE_IFREG);
	/* It fails where the room of the file itself is not enough. */
	good = archive_write_set_format_raw(a) == ARCHIVE_OK &&
	       archive_write_add_filter_gzip(a) == ARCHIVE_OK &&
	       archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK &&
	       archive_write_open_memory(a, file->packed, file->len, &used) == ARCHIVE_OK &&
	       archive_write_header(a, entry) == ARCHIVE_OK &&
	       archive_write_data(a, file->data, file->len) == (la_ssize_t)file->len &&
	       archive_write_close(a) == ARCHIVE_OK;
	archive_entry_free(entry);
	archive_write_free(a);
	file->packed_len = used;
	if (good && used < file->len)
		return;
	free(file->packed);
	file->packed = NULL;
}

static void load_one(const char *path, const char *name)
{
	const char *mime = mime_of(path);
	FILE *f = mime && file_count < FILES_MAX ? fopen(path, "re") : NULL;
	struct file *file = &files[file_count];
	char hex[SHA_HEX_MAX + 1];

	if (!f)
		return;
	file->data = mem_alloc(FILE_MAX);
	file->len = fread(file->data, 1, FILE_MAX, f);
	fclose(f);
	file->name = mem_strdup(name);
	file->mime = mime;
	sha_hex(SHA_ALG_256, &(const struct sha_part){file->data, file->len}, 1, hex);
	snprintf(file->etag, sizeof(file->etag), "\"%.32s\"", hex);
	snprintf(file->packed_etag, sizeof(file->packed_etag), "\"%.32s-gzip\"", hex);
	file->data = mem_realloc(file->data, file->len ? file->len : 1);
	pack(file);
	file_count++;
}

/* What lies in a directory of the console, by the names that it has there. */
static void load_directory(const char *below)
{
	char path[512], name[300];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", CONSOLEDIR, below);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		snprintf(name, sizeof(name), "%s%s", below, entry->d_name);
		snprintf(path, sizeof(path), "%s/%s", CONSOLEDIR, name);
		load_one(path, strcmp(name, "index.html") == 0 ? "" : name);
	}
	closedir(dir);
}

static const struct file *find_file(const char *name)
{
	for (size_t i = 0; i < file_count; i++)
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	return NULL;
}

void manage_load_files(void)
{
	load_directory("");
	load_directory("js/");
	load_directory("js/views/");
	if (find_file(""))
		load_one(CHARTJS, "vendor/chart.min.js");
}

static void send_file(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct file *file = find_file(x->rq->path + strlen(MANAGE_BASE));
	bool packed;

	if (!file) {
		manage_refuse(x, 404, "there is nothing here");
		return;
	}
	m->type = file->mime;
	packed = file->packed && accept_names_type(request_env(x->rq, "HTTP_ACCEPT_ENCODING"), "gzip");
	m->etag = packed ? file->packed_etag : file->etag;
	m->encoding = packed ? "gzip" : "";
	m->csp = CSP;
	/* Asked for anew each time, and mostly answered 304. */
	m->cache = "no-cache";
	manage_send(m, 200, packed ? file->packed : file->data, packed ? file->packed_len : file->len);
}

/* The page's own addresses are below it. */
static void send_slash(struct exchange *x)
{
	struct manage *m = (struct manage *)x;

	if (!find_file("")) {
		manage_refuse(x, 404, "there is nothing here");
		return;
	}
	m->location = MANAGE_BASE;
	m->type = "text/plain; charset=utf-8";
	manage_send(m, 302, "it is below\n", 12);
}

static const struct endpoint rows[] = {
	ROW("", ON_GET_HEAD, MAY_READ, ROW_OPEN | ROW_FILE, "The console", send_file, ),
	ROW("/b3lb/admin", ON_GET_HEAD, MAY_READ, ROW_OPEN | ROW_FILE, "The console", send_slash, ),
	ROW("{name}", ON_GET_HEAD, MAY_READ, ROW_OPEN | ROW_FILE, "Its files", send_file, ),
	ROW("js/{name}", ON_GET_HEAD, MAY_READ, ROW_OPEN | ROW_FILE, "Its files", send_file, ),
	ROW("js/views/{name}", ON_GET_HEAD, MAY_READ, ROW_OPEN | ROW_FILE, "Its files", send_file, ),
	ROW("vendor/{name}", ON_GET_HEAD, MAY_READ, ROW_OPEN | ROW_FILE, "Its files", send_file, ),
};
MANAGE_ROWS(files_rows, rows);
