/* SPDX-License-Identifier: ISC */
/* Goes through all times at which the picture changes, on a grid of the frame rate. */
#include "config.h"
#include "compose.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shapes that are seen at a time, kept from one to the next. */
struct active {
	PRES_LIST(int) list; /* in drawing order */
	int next;	     /* of p->shapes: not yet seen */
};

struct frames {
	PRES_LIST(int) list;
	int fps, last;
};

static void add_frame(struct frames *f, double t)
{
	double frame = floor(t * f->fps + 1e-6);

	if (frame > 0 && frame <= f->last)
		*pres_add(&f->list) = (int)frame;
}

static int by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void add_spans(struct frames *f, const struct pres_span *at, int count)
{
	for (int i = 0; i < count; i++) {
		add_frame(f, at[i].from);
		add_frame(f, at[i].to);
	}
}

/* Share and hidden presentation go on and off with the frames that ffmpeg lays over ours. */
static void to_frames(struct pres_span *at, int count, int fps)
{
	for (int i = 0; i < count; i++) {
		at[i].from = pres_frame_of(at[i].from, fps) / fps;
		at[i].to = pres_frame_of(at[i].to, fps) / fps;
	}
}

/* Every frame in which something changes, sorted, each once; the first and the last too. */
static void collect(const struct pres *p, struct frames *f)
{
	int kept = 1;

	f->last = (int)fmax(0, ceil(p->duration * f->fps) - 1);
	*pres_add(&f->list) = 0;
	*pres_add(&f->list) = f->last;
	for (int i = 0; i < p->slides.count; i++) {
		add_frame(f, p->slides.at[i].from);
		add_frame(f, p->slides.at[i].to);
	}
	for (int i = 0; i < p->shapes.count; i++) {
		add_frame(f, p->shapes.at[i].from);
		add_frame(f, p->shapes.at[i].to);
	}
	for (int i = 0; i < p->views.count; i++)
		add_frame(f, p->views.at[i].t);
	for (int i = 0; i < p->cursors.count; i++)
		add_frame(f, p->cursors.at[i].t);
	add_spans(f, p->shares.at, p->shares.count);
	add_spans(f, p->hidden.at, p->hidden.count);
	qsort(f->list.at, (size_t)f->list.count, sizeof(*f->list.at), by_number);
	for (int i = 1; i < f->list.count; i++)
		if (f->list.at[i] != f->list.at[kept - 1])
			f->list.at[kept++] = f->list.at[i];
	f->list.count = kept;
}

static bool drawn_after(const struct pres_shape *a, const struct pres_shape *b)
{
	return a->slide != b->slide ? a->slide > b->slide : a->z > b->z;
}

static void insert(const struct pres *p, struct active *a, int shape)
{
	int at = a->list.count;

	pres_add(&a->list);
	while (at > 0 && drawn_after(&p->shapes.at[a->list.at[at - 1]], &p->shapes.at[shape]))
		at--;
	memmove(a->list.at + at + 1, a->list.at + at, sizeof(int) * (size_t)(a->list.count - 1 - at));
	a->list.at[at] = shape;
}

static void advance(const struct pres *p, struct active *a, double t)
{
	int kept = 0;

	for (int i = 0; i < a->list.count; i++)
		if (p->shapes.at[a->list.at[i]].to > t)
			a->list.at[kept++] = a->list.at[i];
	a->list.count = kept;
	for (; a->next < p->shapes.count && p->shapes.at[a->next].from <= t; a->next++)
		if (p->shapes.at[a->next].to > t)
			insert(p, a, a->next);
}

/* What could not be drawn is said once: the rest is there. */
static void say_bad(const struct stage *stage, FILE *say)
{
	const char *why;
	int bad = pictures_bad(stage_pictures(stage), &why);

	if (bad)
		fprintf(say, "%d pictures could not be drawn, the first: %s\n", bad, why);
}

int states_play(struct pres *p, const struct compose_options *options, int fd, FILE *say, struct err *err)
{
	struct frames frames = {.fps = options->fps};
	struct active active = {0};
	struct stage *stage = stage_new(p, options);
	struct film film;
	int rc = film_begin(&film, fd, options->width, options->height, err);

	to_frames(p->shares.at, p->shares.count, options->fps);
	to_frames(p->hidden.at, p->hidden.count, options->fps);
	collect(p, &frames);
	for (int i = 0; rc == 1 && i < frames.list.count; i++) {
		/* All that happens until the next frame belongs to this one. */
		double t = fmin((frames.list.at[i] + 1.0) / frames.fps - 1e-6, p->duration - 1e-6);
		struct rect changed;
		cairo_surface_t *surface;

		advance(p, &active, t);
		surface = stage_draw(stage, t, active.list.at, active.list.count, &changed);
		if (!changed.w && i && i + 1 < frames.list.count)
			continue;
		film_convert(&film, surface, changed);
		rc = film_write(&film, llround(frames.list.at[i] * 1000.0 / frames.fps), err);
	}
	say_bad(stage, say);
	film_end(&film);
	stage_free(stage);
	free(frames.list.at);
	free(active.list.at);
	return rc == -1 ? -1 : 0;
}
