/* SPDX-License-Identifier: ISC */
/* The picture at a time, in layers: the slide with what is finished on it, what is being drawn, the pointer. */
#include "config.h"
#include "compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What stays for so many seconds is drawn into the lower layer. */
#define SETTLED_SECONDS 1.0
/* The pointer: its radius as a part of the picture's diagonal. */
#define CURSOR_RADIUS 0.005
#define OUTSIDE	      0xF9FAFB

/* What the lower layer shows, but for the shapes. */
struct scene {
	bool blank; /* nothing but white: the share or the webcams stand there */
	const char *file;
	float w, h;
	enum pres_board board;
	struct pres_view view;
};

struct stage {
	struct pres *p;
	const struct compose_options *options;
	struct text_maker *text;
	struct pictures *pictures;
	struct rect content;
	cairo_surface_t *base, *frame;
	bool valid; /* base shows scene and shapes */
	struct scene scene;
	PRES_LIST(int) drawn; /* shapes in base */
	struct rect above;    /* what stands on base in frame */
};

struct stage *stage_new(struct pres *p, const struct compose_options *options)
{
	struct stage *s = mem_zalloc(sizeof(*s));
	static const char *const webcams[] = {"video/webcams.mp4", "video/webcams.webm", NULL};
	bool room = options->webcams && pres_first(p, webcams);

	s->p = p;
	s->options = options;
	s->content =
		(struct rect){0, 0, room ? options->width * 3 / 4 & ~1 : options->width, options->height};
	s->text = text_maker_new();
	s->pictures = pictures_new(p);
	s->base = cairo_image_surface_create(CAIRO_FORMAT_RGB24, options->width, options->height);
	s->frame = cairo_image_surface_create(CAIRO_FORMAT_RGB24, options->width, options->height);
	return s;
}

void stage_free(struct stage *s)
{
	if (!s)
		return;
	text_maker_free(s->text);
	pictures_free(s->pictures);
	cairo_surface_destroy(s->base);
	cairo_surface_destroy(s->frame);
	free(s->drawn.at);
	free(s);
}

const struct pictures *stage_pictures(const struct stage *s)
{
	return s->pictures;
}

static struct rect whole(const struct stage *s)
{
	return (struct rect){0, 0, s->options->width, s->options->height};
}

static struct rect united(struct rect a, struct rect b)
{
	int x, y;

	if (!a.w)
		return b;
	if (!b.w)
		return a;
	x = a.x < b.x ? a.x : b.x;
	y = a.y < b.y ? a.y : b.y;
	return (struct rect){x, y, (a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w) - x,
		(a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h) - y};
}

/* The rectangle of whole pixel pairs around these edges, within the content. */
static struct rect around(const struct stage *s, double left, double top, double right, double bottom)
{
	struct rect r;

	left = fmin(fmax(floor(left) - 1, 0), s->content.w);
	top = fmin(fmax(floor(top) - 1, 0), s->content.h);
	right = fmin(fmax(ceil(right) + 1, 0), s->content.w);
	bottom = fmin(fmax(ceil(bottom) + 1, 0), s->content.h);
	r = (struct rect){(int)left & ~1, (int)top & ~1, 0, 0};
	r.w = ((int)right - r.x + 1) & ~1;
	r.h = ((int)bottom - r.y + 1) & ~1;
	return r.w > 0 && r.h > 0 ? r : (struct rect){0};
}

static double scale_of(const struct stage *s, const struct pres_view *v)
{
	return fmin(s->content.w / v->w, s->content.h / v->h);
}

/* The view fitted into the content, and nothing outside of it. */
static void look_through(const struct stage *s, cairo_t *c, const struct pres_view *v)
{
	double k = scale_of(s, v), left = (s->content.w - v->w * k) / 2, top = (s->content.h - v->h * k) / 2;

	cairo_translate(c, s->content.x + left, s->content.y + top);
	cairo_scale(c, k, k);
	cairo_rectangle(c, 0, 0, v->w, v->h);
	cairo_clip(c);
	cairo_translate(c, -v->x, -v->y);
}

static struct scene scene_at(const struct stage *s, double t)
{
	struct scene scene = {0};
	int i = pres_slide_at(s->p, t);

	scene.blank = i < 0 || pres_in_spans(s->p->shares.at, s->p->shares.count, t) ||
		      (s->options->webcams && pres_in_spans(s->p->hidden.at, s->p->hidden.count, t));
	if (scene.blank)
		return scene;
	scene.file = s->p->slides.at[i].file;
	scene.w = s->p->slides.at[i].w;
	scene.h = s->p->slides.at[i].h;
	scene.board = s->p->slides.at[i].board;
	pres_view_at(s->p, t, &scene.view);
	return scene;
}

static bool same_scene(const struct scene *a, const struct scene *b)
{
	return a->blank == b->blank && a->file == b->file && a->w == b->w && a->h == b->h &&
	       a->board == b->board && a->view.x == b->view.x && a->view.y == b->view.y &&
	       a->view.w == b->view.w && a->view.h == b->view.h;
}

/* The scale at which the whole slide is seen. */
static double fit_of(const struct stage *s)
{
	return fmin(s->content.w / s->scene.w, s->content.h / s->scene.h);
}

static void draw_slide(struct stage *s, cairo_t *c)
{
	const struct scene *scene = &s->scene;
	int ground = scene->board == PRES_TLDRAW ? OUTSIDE : 0xFFFFFF;

	cairo_set_source_rgb(
		c, (ground >> 16 & 255) / 255.0, (ground >> 8 & 255) / 255.0, (ground & 255) / 255.0);
	cairo_paint(c);
	cairo_set_source_rgb(c, 1, 1, 1);
	cairo_rectangle(c, 0, 0, scene->w, scene->h);
	cairo_fill(c);
	if (scene->file)
		pictures_paint(s->pictures, c, scene->file, scene->w, scene->h, scale_of(s, &scene->view),
			fit_of(s));
}

static void draw_shapes(struct stage *s, cairo_t *c, const int *shapes, int count)
{
	for (int i = 0; i < count; i++)
		shape_draw(c, &s->p->shapes.at[shapes[i]], s->text, s->pictures, scale_of(s, &s->scene.view),
			fit_of(s));
}

/* Where shapes are in the picture; everything where only drawing would tell. */
static struct rect place_of(const struct stage *s, const int *shapes, int count)
{
	const struct pres_view *v = &s->scene.view;
	double k = scale_of(s, v), left = (s->content.w - v->w * k) / 2, top = (s->content.h - v->h * k) / 2;
	struct rect all = {0};

	for (int i = 0; i < count; i++) {
		double box[4];

		if (!shape_box(&s->p->shapes.at[shapes[i]], box))
			return s->content;
		all = united(all, around(s, (box[0] - v->x) * k + left, (box[1] - v->y) * k + top,
					  (box[2] - v->x) * k + left, (box[3] - v->y) * k + top));
	}
	return all;
}

/* How many shapes from the first on will stay for a while. */
static int settled(const struct stage *s, double t, const int *shapes, int count)
{
	int n = 0;

	while (n < count && s->p->shapes.at[shapes[n]].to - t > SETTLED_SECONDS)
		n++;
	return n;
}

/* Brings the lower layer up to the first so many shapes; what changed. */
static struct rect build_base(struct stage *s, const int *shapes, int count)
{
	bool goes_on = s->valid && s->drawn.count <= count &&
		       (!s->drawn.count ||
			       memcmp(s->drawn.at, shapes, sizeof(*shapes) * (size_t)s->drawn.count) == 0);
	cairo_t *c = cairo_create(s->base);
	struct rect changed;
	int from = goes_on ? s->drawn.count : 0;

	if (!goes_on) {
		cairo_set_source_rgb(c, 1, 1, 1);
		cairo_paint(c);
		s->drawn.count = 0;
	}
	if (!s->scene.blank) {
		look_through(s, c, &s->scene.view);
		if (!goes_on)
			draw_slide(s, c);
		draw_shapes(s, c, shapes + from, count - from);
	}
	changed = goes_on ? place_of(s, shapes + from, count - from) : whole(s);
	for (int i = from; i < count; i++)
		*pres_add(&s->drawn) = shapes[i];
	s->valid = true;
	cairo_destroy(c);
	return changed;
}

/* The pointer in the picture: false when it is not seen. */
static bool cursor_at(const struct stage *s, double t, double *x, double *y, double *radius)
{
	const struct pres_view *v = &s->scene.view;
	double k = scale_of(s, v);
	struct pres_cursor cursor;

	if (!s->options->cursor || s->scene.blank || !pres_cursor_at(s->p, t, &cursor))
		return false;
	*x = (cursor.x - v->x) * k + (s->content.w - v->w * k) / 2;
	*y = (cursor.y - v->y) * k + (s->content.h - v->h * k) / 2;
	*radius = CURSOR_RADIUS * hypot(s->content.w, s->content.h);
	return true;
}

cairo_surface_t *stage_draw(struct stage *s, double t, const int *shapes, int count, struct rect *changed)
{
	struct scene scene = scene_at(s, t);
	struct rect above = {0};
	double x, y, r;
	bool cursor;
	cairo_t *c;
	int n;

	count = scene.blank || !s->options->annotations ? 0 : count;
	s->valid = s->valid && same_scene(&scene, &s->scene);
	s->scene = scene;
	n = settled(s, t, shapes, count);
	*changed = united(build_base(s, shapes, n), s->above);
	if (n < count)
		above = place_of(s, shapes + n, count - n);
	cursor = cursor_at(s, t, &x, &y, &r);
	if (cursor)
		above = united(above, around(s, x - r, y - r, x + r, y + r));
	*changed = united(*changed, above);
	c = cairo_create(s->frame);
	cairo_rectangle(c, changed->x, changed->y, changed->w, changed->h);
	cairo_clip(c);
	cairo_set_source_surface(c, s->base, 0, 0);
	cairo_paint(c);
	if (n < count) {
		cairo_save(c);
		look_through(s, c, &s->scene.view);
		draw_shapes(s, c, shapes + n, count - n);
		cairo_restore(c);
	}
	if (cursor) {
		cairo_set_source_rgba(c, 1, 0, 0, 0.6);
		cairo_arc(c, x, y, r, 0, 2 * M_PI);
		cairo_fill(c);
	}
	cairo_destroy(c);
	cairo_surface_flush(s->frame);
	s->above = above;
	return s->frame;
}
