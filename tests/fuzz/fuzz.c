/* SPDX-License-Identifier: ISC */
/* What fuzz targets share: inputs cut into fields, and a request in memory. */
#include "config.h"
#include "fuzz.h"

char *fuzz_text(struct arena *a, const uint8_t *data, size_t size)
{
	/* Exactly as long as it is: the sanitizer sees the first byte that is read behind it. */
	return arena_strndup(a, (const char *)data, strnlen((const char *)data, size));
}

ssize_t fuzz_source_read(void *ctx, void *data, size_t size, struct err *err)
{
	struct fuzz_source *s = ctx;
	size_t n = s->left < s->piece ? s->left : s->piece;

	(void)err;
	if (n > size)
		n = size;
	memcpy(data, s->data, n);
	s->data += n;
	s->left -= n;
	return (ssize_t)n;
}

char *fuzz_line(char **rest)
{
	char *line = *rest, *end = strchr(line, '\n');

	if (end)
		*end = '\0';
	*rest = end ? end + 1 : line + strlen(line);
	return line;
}

static const char *memory_env(struct io *io, const char *name, int *count)
{
	struct fuzz_io *f = io->handle;
	const char *found = NULL;

	*count = 0;
	for (int i = 0; i < f->count; i++)
		if (strcmp(f->name[i], name) == 0) {
			found = f->value[i];
			++*count;
		}
	return found;
}

static size_t memory_read(struct io *io, char *data, size_t len, bool *ok)
{
	struct fuzz_io *f = io->handle;
	size_t n = len < f->body_len ? len : f->body_len;

	(void)ok;
	if (n)
		memcpy(data, f->body, n);
	f->body += n;
	f->body_len -= n;
	return n;
}

static bool memory_write(struct io *io, const char *data, size_t len)
{
	struct fuzz_io *f = io->handle;

	f->written = mem_realloc(f->written, f->written_len + len + 1);
	if (len)
		memcpy(f->written + f->written_len, data, len);
	f->written_len += len;
	f->written[f->written_len] = '\0';
	return true;
}

static void memory_send(struct io *io, const struct io_source *source)
{
	struct err ignored = {0};

	(void)!io_copy(io, source, &ignored);
}

static const struct io_ops memory_ops = {memory_env, memory_read, memory_write, memory_send};

void fuzz_io_init(struct fuzz_io *f, char *text, size_t len)
{
	char *end = text + len;

	*f = (struct fuzz_io){.io = {&memory_ops, f}};
	while (text < end && *text != '\n' && f->count < FUZZ_VARIABLES_MAX) {
		char *line_end = memchr(text, '\n', (size_t)(end - text)), *eq = strchr(text, '=');

		if (!line_end)
			line_end = end;
		*line_end = '\0';
		if (eq && eq < line_end) {
			*eq = '\0';
			f->name[f->count] = text;
			f->value[f->count++] = eq + 1;
		}
		text = line_end < end ? line_end + 1 : end;
	}
	if (text < end && *text == '\n')
		text++;
	f->body = text;
	f->body_len = (size_t)(end - text);
}

void fuzz_io_free(struct fuzz_io *f)
{
	free(f->written);
}
