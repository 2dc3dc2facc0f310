/* SPDX-License-Identifier: ISC */
/* Memory: allocation that cannot return NULL, and arenas that a request frees at once. */
#include "config.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 0 under AddressSanitizer (configure.ac): each piece is a chunk of its own, no byte longer than asked for.
 */
#ifndef ARENA_CHUNK
#define ARENA_CHUNK 16384
#endif
#define ARENA_ALIGN 16

struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used;
	_Alignas(ARENA_ALIGN) char data[];
};

static void mem_abort(void)
{
	static const char msg[] = "b3lb: out of memory\n";

	/* Nothing that allocates may be called here. */
	if (write(STDERR_FILENO, msg, sizeof(msg) - 1) == -1)
		abort();
	abort();
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		mem_abort();
	return p;
}

void *mem_zalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		mem_abort();
	return p;
}

void *mem_realloc(void *ptr, size_t size)
{
	void *p = realloc(ptr, size ? size : 1);

	if (!p)
		mem_abort();
	return p;
}

char *mem_strndup(const char *s, size_t len)
{
	char *p = mem_alloc(len + 1);

	if (len)
		memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

void mem_replace(char **at, const char *text)
{
	free(*at);
	*at = text ? mem_strdup(text) : NULL;
}

char *mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->head;
	size_t want = ARENA_CHUNK ? (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1) : size;

	if (want < size)
		mem_abort();
	if (!c || c->size - c->used < want) {
		size_t chunk = want > ARENA_CHUNK ? want : ARENA_CHUNK;

		c = mem_alloc(sizeof(*c) + chunk);
		c->size = chunk;
		c->used = 0;
		/* An oversized chunk is full at once: keep filling the one before it. */
		if (a->head && want > ARENA_CHUNK) {
			c->next = a->head->next;
			a->head->next = c;
		} else {
			c->next = a->head;
			a->head = c;
		}
		a->total += chunk;
	}
	void *p = c->data + c->used;

	c->used += want;
	memset(p, 0, size);
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	if (len)
		memcpy(p, s, len);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p = NULL;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		return arena_strdup(a, "");
	p = arena_alloc(a, (size_t)len + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return p;
}

void arena_reset(struct arena *a)
{
	struct arena_chunk *keep = NULL, *c = a->head, *next;

	for (; c; c = next) {
		next = c->next;
		if (!keep && c->size == ARENA_CHUNK) {
			keep = c;
			continue;
		}
		free(c);
	}
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
	}
	a->head = keep;
	a->total = keep ? ARENA_CHUNK : 0;
}

void arena_free(struct arena *a)
{
	struct arena_chunk *c = a->head, *next;

	for (; c; c = next) {
		next = c->next;
		free(c);
	}
	a->head = NULL;
	a->total = 0;
}
