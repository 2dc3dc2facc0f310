/* SPDX-License-Identifier: ISC */
/* A published presentation as one timeline. */
#include "config.h"
#include "presentation/model.h"

#include "presentation/file.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const int pres_op_floats[] = {2, 2, 6, 0};

void *pres_list_grow(void *at, int count, int *cap, size_t size)
{
	if (count == *cap) {
		*cap = *cap ? *cap * 2 : 16;
		at = mem_realloc(at, (size_t)*cap * size);
	}
	memset((char *)at + (size_t)count * size, 0, size);
	return at;
}

int pres_open_file(struct pres *p, const char *name)
{
	return openat(p->dir, pres_flat_name(&p->arena, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

bool pres_has(struct pres *p, const char *name)
{
	return pres_file_of(name) && faccessat(p->dir, pres_flat_name(&p->arena, name), R_OK, 0) == 0;
}

const char *pres_first(struct pres *p, const char *const names[])
{
	for (; *names; names++)
		if (pres_has(p, *names))
			return *names;
	return NULL;
}

struct pres_line *pres_line_new(struct pres *p)
{
	struct pres_line *line = arena_alloc(&p->arena, sizeof(*line));

	*pres_add(&p->lines) = line;
	return line;
}

/* The last of a list, sorted by a double at the start of each element, that is <= t; -1 when none is. */
static int last_before(const void *at, int count, size_t size, double t)
{
	int low = 0, high = count;

	while (low < high) {
		int middle = low + (high - low) / 2;
		double value;

		memcpy(&value, (const char *)at + (size_t)middle * size, sizeof(value));
		if (value <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

int pres_slide_at(const struct pres *p, double t)
{
	int i = last_before(p->slides.at, p->slides.count, sizeof(*p->slides.at), t);

	return i >= 0 && t < p->slides.at[i].to ? i : -1;
}

bool pres_view_at(const struct pres *p, double t, struct pres_view *view)
{
	int i = last_before(p->views.at, p->views.count, sizeof(*p->views.at), t);

	if (i >= 0)
		*view = p->views.at[i];
	return i >= 0;
}

bool pres_cursor_at(const struct pres *p, double t, struct pres_cursor *cursor)
{
	int i = last_before(p->cursors.at, p->cursors.count, sizeof(*p->cursors.at), t);

	if (i >= 0)
		*cursor = p->cursors.at[i];
	return i >= 0 && !cursor->hidden;
}

bool pres_in_spans(const struct pres_span *spans, int count, double t)
{
	int i = last_before(spans, count, sizeof(*spans), t);

	return i >= 0 && t < spans[i].to;
}

double pres_frame_of(double t, int fps)
{
	return ceil(round(t * 100) / 100 * fps - 1e-6);
}

void pres_free(struct pres *p)
{
	for (int i = 0; i < p->lines.count; i++) {
		free(p->lines.at[i]->ops.at);
		free(p->lines.at[i]->xy.at);
	}
	for (int i = 0; i < p->chat.count; i++)
		free(p->chat.at[i].reactions.at);
	for (int i = 0; i < p->polls.count; i++)
		free(p->polls.at[i].answers.at);
	free(p->slides.at);
	free(p->shapes.at);
	free(p->views.at);
	free(p->cursors.at);
	free(p->shares.at);
	free(p->hidden.at);
	free(p->swaps.at);
	free(p->chat.at);
	free(p->captions.at);
	free(p->polls.at);
	free(p->texts.at);
	free(p->videos.at);
	free(p->broken.at);
	free(p->lines.at);
	if (p->dir > 0)
		close(p->dir);
	arena_free(&p->arena);
	*p = (struct pres){0};
}
