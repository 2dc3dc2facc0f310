/* SPDX-License-Identifier: ISC */
/* The last step of reading a presentation: times within it, and what one part says about another. */
#include "config.h"
#include "presentation/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DESKSHARE "presentation/deskshare.png"
#define OLD_SHARE "presentation/deskshare/"
#define LOGO	  "presentation/logo.png"
/* Pixels of the whiteboard that very old cursor.xml are in. */
#define OLD_WIDTH  800.f
#define OLD_HEIGHT 600.f

/* Shapes end with their period, and go with one that is behind the end. */
static void clamp_shapes(struct pres *p)
{
	int kept = 0;

	for (int i = 0; i < p->shapes.count; i++) {
		struct pres_shape shape = p->shapes.at[i];

		if (shape.slide >= p->slides.count)
			continue;
		shape.to = fmin(shape.to, p->slides.at[shape.slide].to);
		if (shape.from < shape.to)
			p->shapes.at[kept++] = shape;
	}
	p->shapes.count = kept;
}

static int by_start(const void *a, const void *b)
{
	const struct pres_shape *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->slide != y->slide)
		return x->slide < y->slide ? -1 : 1;
	return x->z != y->z ? (x->z < y->z ? -1 : 1) : (x->to > y->to) - (x->to < y->to);
}

/* The slide that was seen before this one; -1 when it is the first. A period without length is never seen. */
static int seen_before(const struct pres *p, int slide)
{
	do
		slide--;
	while (slide >= 0 && p->slides.at[slide].from >= p->slides.at[slide].to);
	return slide;
}

/* The last real slide stays below a screen share, with what was drawn on it and its view. */
static void cover(struct pres *p, int slide)
{
	struct pres_slide *s = &p->slides.at[slide];
	int seen = seen_before(p, slide), count = p->shapes.count;
	const struct pres_slide *before = seen >= 0 ? &p->slides.at[seen] : NULL;

	s->file = before ? before->file : NULL;
	if (!before)
		return;
	s->w = before->w;
	s->h = before->h;
	s->board = before->board;
	s->scale = before->scale;
	s->offset = before->offset;
	/* A share that was over at once shows nothing. */
	for (int i = 0; i < count && s->from < s->to; i++) {
		struct pres_shape copy = p->shapes.at[i];

		if (copy.slide != seen || copy.to < before->to || p->shapes.count >= PRES_VERSIONS_MAX)
			continue;
		copy.slide = slide;
		copy.from = s->from;
		copy.to = s->to;
		copy.key = p->keys++;
		*pres_add(&p->shapes) = copy;
	}
}

static bool is_share(const struct pres_slide *s)
{
	return s->file &&
	       (strcmp(s->file, DESKSHARE) == 0 || strncmp(s->file, OLD_SHARE, strlen(OLD_SHARE)) == 0);
}

/* Views during a share are the share's own. */
static void drop_share_views(struct pres *p, int slide)
{
	const struct pres_slide *s = &p->slides.at[slide];
	int kept = 0;

	for (int i = 0; i < p->views.count; i++)
		if (p->views.at[i].t < s->from || p->views.at[i].t >= s->to)
			p->views.at[kept++] = p->views.at[i];
	p->views.count = kept;
}

static void finish_slides(struct pres *p)
{
	struct pres_slide *s = p->slides.at;

	for (int i = 0; i < p->slides.count; i++) {
		if (is_share(&s[i])) {
			drop_share_views(p, i);
			cover(p, i);
		} else if (s[i].file && strcmp(s[i].file, LOGO) == 0) {
			s[i].file = NULL;
		}
		if (s[i].file && !pres_has(p, s[i].file))
			s[i].file = NULL;
	}
}

static struct pres_view whole(const struct pres_slide *s, double t)
{
	return (struct pres_view){t, 0, 0, s ? s->w : 1600, s ? s->h : 900};
}

/* A view of panzooms.xml in pixels of the slide that is there then; the whole slide when it makes no sense. */
static struct pres_view resolve_view(const struct pres *p, struct pres_view v)
{
	int i = pres_slide_at(p, v.t);
	const struct pres_slide *s = i >= 0 ? &p->slides.at[i] : NULL;

	if (!(v.w > 0 && v.h > 0 && v.w < 1e6f && v.h < 1e6f && fabsf(v.x) < 1e6f && fabsf(v.y) < 1e6f))
		return whole(s, v.t);
	if (p->tldraw_views && s) {
		v.x = (0 - v.x - s->offset) / s->scale;
		v.y = (0 - v.y - s->offset) / s->scale;
	}
	return v;
}

static bool same_view(const struct pres_view *a, const struct pres_view *b)
{
	return a->x == b->x && a->y == b->y && a->w == b->w && a->h == b->h;
}

/* A list that starts at 0, without repetitions; without one of the archive the whole of each slide. */
static void finish_views(struct pres *p)
{
	struct pres_view *old = p->views.at;
	int count = p->views.count, first = 0, next = 0;
	bool said = false;

	p->views.at = NULL;
	p->views.count = p->views.cap = 0;
	for (int i = 0; i <= p->slides.count; i++) {
		double until = i < p->slides.count ? p->slides.at[i].from : INFINITY;

		for (; next < count && old[next].t < until; next++, said = true)
			*pres_add(&p->views) = resolve_view(p, old[next]);
		/* A slide before anything was said about views is whole. */
		if (i < p->slides.count && !said && !(next < count && old[next].t <= until))
			*pres_add(&p->views) = whole(&p->slides.at[i], until);
	}
	if (!p->views.count || p->views.at[0].t > 0) {
		struct pres_view v = whole(p->slides.count ? p->slides.at : NULL, 0);

		pres_add(&p->views);
		memmove(p->views.at + 1, p->views.at, sizeof(v) * (size_t)(p->views.count - 1));
		p->views.at[0] = v;
	}
	for (int i = 1; i < p->views.count; i++)
		if (!same_view(&p->views.at[first], &p->views.at[i]))
			p->views.at[++first] = p->views.at[i];
	p->views.count = first + 1;
	free(old);
}

/* Where the presenter points to, in pixels of the slide. */
static struct pres_cursor resolve_cursor(const struct pres *p, struct pres_cursor c, double t)
{
	struct pres_view v = {0};
	int i = pres_slide_at(p, t);

	c.t = t;
	if (c.hidden)
		return c;
	if (p->tldraw_cursors) {
		if (i >= 0) {
			c.x = (c.x - p->slides.at[i].offset) / p->slides.at[i].scale;
			c.y = (c.y - p->slides.at[i].offset) / p->slides.at[i].scale;
		}
		return c;
	}
	if (c.x > 1 || c.y > 1) {
		c.x /= OLD_WIDTH;
		c.y /= OLD_HEIGHT;
	}
	pres_view_at(p, t, &v);
	c.x = v.x + c.x * v.w;
	c.y = v.y + c.y * v.h;
	return c;
}

/* A cursor of old whiteboards moves with the view: a new place each time when that changes. */
static void finish_cursors(struct pres *p)
{
	struct pres_cursor *old = p->cursors.at;
	int count = p->cursors.count, view = 0;

	p->cursors.at = NULL;
	p->cursors.count = p->cursors.cap = 0;
	for (int i = 0; i < count; i++) {
		double until = i + 1 < count ? old[i + 1].t : p->duration;

		*pres_add(&p->cursors) = resolve_cursor(p, old[i], old[i].t);
		while (view < p->views.count && p->views.at[view].t <= old[i].t)
			view++;
		for (; !p->tldraw_cursors && !old[i].hidden && view < p->views.count &&
			p->views.at[view].t < until;
			view++)
			if (p->cursors.count < PRES_CURSORS_MAX * 2)
				*pres_add(&p->cursors) = resolve_cursor(p, old[i], p->views.at[view].t);
	}
	free(old);
}

static void add_span(struct pres *p, bool share, struct pres_span span)
{
	if (span.from >= span.to)
		return;
	if (share)
		*pres_add(&p->shares) = span;
	else
		*pres_add(&p->hidden) = span;
}

/* A share is seen where it is on and not hidden by the presenter; the presentation is hidden where he says so. */
static void finish_swaps(struct pres *p)
{
	struct pres_span *old = p->shares.at;
	int count = p->shares.count;
	bool shown = true, slides = true;
	double since = 0, hidden_since = 0;

	p->shares.at = NULL;
	p->shares.count = p->shares.cap = 0;
	for (int i = 0; i < count; i++) {
		struct pres_span span = old[i];

		shown = true;
		since = span.from;
		for (int k = 0; k < p->swaps.count && p->swaps.at[k].t < span.to; k++) {
			double t = fmax(p->swaps.at[k].t, span.from);

			if (p->swaps.at[k].share == -1 || p->swaps.at[k].share == shown)
				continue;
			if (shown)
				add_span(p, true, (struct pres_span){since, t, span.w, span.h});
			shown = p->swaps.at[k].share;
			since = t;
		}
		if (shown)
			add_span(p, true, (struct pres_span){since, span.to, span.w, span.h});
	}
	for (int k = 0; k < p->swaps.count; k++) {
		if (p->swaps.at[k].slides == -1 || p->swaps.at[k].slides == slides)
			continue;
		if (!slides)
			add_span(p, false, (struct pres_span){hidden_since, p->swaps.at[k].t, 0, 0});
		slides = p->swaps.at[k].slides;
		hidden_since = p->swaps.at[k].t;
	}
	if (!slides)
		add_span(p, false, (struct pres_span){hidden_since, p->duration, 0, 0});
	free(old);
}

void pres_finish(struct pres *p)
{
	/* Without a tldraw.json nothing was drawn, but views and pointer are in its units. */
	if ((p->tldraw_views || p->tldraw_cursors) && p->slides.count && p->slides.at[0].board == PRES_LEGACY)
		pres_set_boards(p, NULL, false);
	clamp_shapes(p);
	finish_slides(p);
	finish_views(p);
	finish_cursors(p);
	finish_swaps(p);
	if (p->shapes.count)
		qsort(p->shapes.at, (size_t)p->shapes.count, sizeof(*p->shapes.at), by_start);
}
