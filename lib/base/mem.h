/* SPDX-License-Identifier: ISC */
/* Memory: allocation that cannot return NULL, and arenas that a request frees at once. */
#ifndef B3LB_BASE_MEM_H
#define B3LB_BASE_MEM_H

#include <stddef.h>

#define b3lb_printf(a, b) __attribute__((format(printf, a, b)))
#define b3lb_nonnull	  __attribute__((nonnull))
#define b3lb_mustcheck	  __attribute__((warn_unused_result))

/*
 * Like malloc, calloc, realloc and strdup, but where the system has no memory left the process writes one
 * line to stderr and aborts: its supervisor starts it anew, and any process may be killed at any moment
 * anyway. Every size that comes from outside is bounded before it gets here. The caller frees with free().
 * Any thread.
 */
void *mem_alloc(size_t size) b3lb_mustcheck;
void *mem_zalloc(size_t size) b3lb_mustcheck;
void *mem_realloc(void *ptr, size_t size) b3lb_mustcheck;
char *mem_strdup(const char *s) b3lb_mustcheck;
/* Frees the text there, and puts a copy of this one in its place; NULL: none. */
void mem_replace(char **at, const char *text) __attribute__((nonnull(1)));
char *mem_strndup(const char *s, size_t len) b3lb_mustcheck;

/* A list of chunks that is freed as a whole. Owned by one thread at a time. Zero-initialise it to start. */
struct arena {
	struct arena_chunk *head;
	size_t total; /* bytes held, for limits */
};

/* Returns size bytes, zeroed and aligned for any type; they live until arena_free. */
void *arena_alloc(struct arena *a, size_t size) b3lb_nonnull b3lb_mustcheck;
/* Return NUL-terminated copies that live until arena_free; arena_strdup(a, NULL) is NULL. */
char *arena_strdup(struct arena *a, const char *s) b3lb_mustcheck;
char *arena_strndup(struct arena *a, const char *s, size_t len) b3lb_mustcheck;
char *arena_printf(struct arena *a, const char *fmt, ...) b3lb_printf(2, 3) b3lb_mustcheck;
/* Frees all but one small chunk, which the next request uses again. */
void arena_reset(struct arena *a) b3lb_nonnull;
void arena_free(struct arena *a) b3lb_nonnull;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
