/* SPDX-License-Identifier: ISC */
/* Shapes of tldraw v2 (BigBlueButton 3.0 and newer). */
#include "config.h"
#include "presentation/tldraw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define INK	     0x1D1D1D
#define NOTE_SIDE    200
#define PADDING	     16
#define TEXT_PADDING 4
#define LINE_HEIGHT  1.35
#define POLL_PADDING 12
#define POLL_FONT    18
#define POLL_MAX     100
#define HANDLES_MAX  1000

struct look {
	const json_t *props;
	const struct tl_colour *colour;
	const char *dash, *font, *align, *valign;
	int size; /* 0..3: s m l xl */
	double sw;
};

static struct look look_of(const json_t *shape)
{
	static const double widths[] = {2, 3.5, 5, 10};
	const json_t *p = json_object_get(shape, "props");
	const char *size = pres_json_text(p, "size", "m");
	struct look look = {.props = p,
		.colour = tl_colour(pres_json_text(p, "color", "black")),
		.dash = pres_json_text(p, "dash", "draw"),
		.font = pres_json_text(p, "font", "draw"),
		.align = pres_json_text(p, "align", "middle"),
		.valign = pres_json_text(p, "verticalAlign", "middle"),
		.size = *size == 's'   ? 0
			: *size == 'l' ? 2
			: *size == 'x' ? 3
				       : 1};

	look.sw = widths[look.size];
	return look;
}

static int fill_of(const struct look *look)
{
	const char *fill = pres_json_text(look->props, "fill", "none");

	if (strcmp(fill, "none") == 0)
		return PRES_NONE;
	if (strcmp(fill, "semi") == 0)
		return 0xFCFFFE;
	/* A pattern is as dark as its hatching makes it. */
	return strcmp(fill, "pattern") == 0 ? tl_mix(look->colour->tint, look->colour->v2, 0.2)
					    : look->colour->tint;
}

static struct pres_pen pen_of(struct tl *t)
{
	return pres_pen_begin(t->p, pres_matrix_mul(t->page_m, t->local));
}

static void label(struct tl *t, const struct look *look, double w, double h)
{
	static const double sizes[] = {18, 22, 26, 32};
	struct tl_text text = {.text = pres_json_text(look->props, "text", ""),
		.x = PADDING,
		.y = PADDING,
		.w = fmax(w - 2 * PADDING, PADDING),
		.h = fmax(h - 2 * PADDING, 1),
		.size = sizes[look->size],
		.line_height = LINE_HEIGHT,
		.colour = INK,
		.font = look->font,
		.align = look->align,
		.valign = *look->valign == 's'	 ? PRES_START
			  : *look->valign == 'e' ? PRES_END
						 : PRES_MIDDLE};

	tl_add_text(t, &text);
}

static bool draw(struct tl *t, const json_t *shape, const struct look *look)
{
	const json_t *segments = json_object_get(look->props, "segments"), *segment, *one;
	bool marker = strcmp(pres_json_text(shape, "type", ""), "highlight") == 0;
	struct tl_line line = {marker ? look->colour->highlight : look->colour->v2, PRES_NONE,
		marker ? 5 * look->sw : 1 + 1.5 * look->sw, marker ? "solid" : look->dash};
	PRES_LIST(struct pres_point) points = {0};
	PRES_LIST(double) pressures = {0};
	size_t i, k;

	json_array_foreach(segments, i, segment)
	{
		json_array_foreach(json_object_get(segment, "points"), k, one)
		{
			if (points.count >= TL_POINTS_MAX)
				break;
			*pres_add(&points) = (struct pres_point){
				pres_json_number(one, "x", NAN), pres_json_number(one, "y", NAN)};
			*pres_add(&pressures) = pres_json_number(one, "z", 0.5);
		}
	}
	if (marker)
		t->opacity *= 0.7;
	if (points.count)
		tl_add_freehand(t, points.at, pressures.at, points.count,
			json_is_true(json_object_get(look->props, "isComplete")), &line, look->sw / 2);
	free(pressures.at);
	free(points.at);
	return points.count > 0;
}

static bool geo(struct tl *t, const json_t *shape, const struct look *look)
{
	struct pres_pen pen = pen_of(t);
	double w = pres_json_number(look->props, "w", NAN);
	double h = pres_json_number(look->props, "h", NAN) + pres_json_number(look->props, "growY", 0);
	struct tl_line line = {look->colour->v2, fill_of(look), look->sw, look->dash};

	(void)shape;
	tl_geo(&pen, pres_json_text(look->props, "geo", "rectangle"), w, h);
	tl_add_path(t, &pen, &line);
	label(t, look, w, h);
	return !pen.bad;
}

/* An end of an arrow in page units: its own point, or one of the shape that it is bound to. */
static struct pres_point arrow_end(const struct tl *t, const json_t *end)
{
	const json_t *to = json_object_get(t->page, pres_json_text(end, "boundShapeId", ""));
	const json_t *anchor = json_object_get(end, "normalizedAnchor"),
		     *props = json_object_get(to, "props");

	if (!to)
		return pres_matrix_apply(
			&t->local, pres_json_number(end, "x", 0), pres_json_number(end, "y", 0));
	return (struct pres_point){
		pres_json_number(to, "x", 0) +
			pres_json_number(anchor, "x", 0.5) * pres_json_number(props, "w", NOTE_SIDE),
		pres_json_number(to, "y", 0) +
			pres_json_number(anchor, "y", 0.5) * (pres_json_number(props, "h", NOTE_SIDE) +
								     pres_json_number(props, "growY", 0))};
}

static bool has_head(const struct look *look, const char *key, const char *otherwise)
{
	return strcmp(pres_json_text(look->props, key, otherwise), "none") != 0;
}

static bool arrow(struct tl *t, const json_t *shape, const struct look *look)
{
	struct pres_point a = arrow_end(t, json_object_get(look->props, "start"));
	struct pres_point b = arrow_end(t, json_object_get(look->props, "end"));
	double length = hypot(b.x - a.x, b.y - a.y), bend = pres_json_number(look->props, "bend", 0);
	struct pres_point m = {(a.x + b.x) / 2, (a.y + b.y) / 2};
	struct tl_line line = {look->colour->v2, PRES_NONE, 1 + 1.618 * look->sw, look->dash};
	double wide;

	(void)shape;
	if (length == 0)
		return true;
	m.x -= (b.y - a.y) / length * bend;
	m.y += (b.x - a.x) / length * bend;
	t->local = PRES_IDENTITY;
	tl_add_arrow(t, a, m, b, has_head(look, "arrowheadStart", "none"),
		has_head(look, "arrowheadEnd", "arrow"), &line, look->sw);
	wide = fmax(length / 2, 60);
	t->local = pres_matrix_move(t->local, m.x - wide / 2, m.y - 30);
	label(t, look, wide, 60);
	return true;
}

struct handle {
	const char *index;
	struct pres_point at;
};

static int by_index(const void *a, const void *b)
{
	return strcmp(((const struct handle *)a)->index, ((const struct handle *)b)->index);
}

/* Through all points, each with the direction of its neighbours. */
static void spline(struct pres_pen *pen, const struct handle *h, int n)
{
	for (int i = 0; i + 1 < n; i++) {
		struct pres_point before = h[i ? i - 1 : 0].at, behind = h[i + 2 < n ? i + 2 : n - 1].at;
		struct pres_point a = h[i].at, b = h[i + 1].at;

		pres_pen_curve(pen, a.x + (b.x - before.x) / 6, a.y + (b.y - before.y) / 6,
			b.x - (behind.x - a.x) / 6, b.y - (behind.y - a.y) / 6, b.x, b.y);
	}
}

static bool line(struct tl *t, const json_t *shape, const struct look *look)
{
	json_t *handles = json_object_get(look->props, "handles"), *one;
	struct tl_line how = {look->colour->v2, PRES_NONE, 1 + 1.618 * look->sw, look->dash};
	struct handle *h = mem_alloc(sizeof(*h) * HANDLES_MAX);
	struct pres_pen pen = pen_of(t);
	const char *key;
	int n = 0;

	(void)shape;
	/* Newer ones are called points. */
	handles = handles ? handles : json_object_get(look->props, "points");
	json_object_foreach(handles, key, one)
	{
		if (n < HANDLES_MAX)
			h[n++] = (struct handle){pres_json_text(one, "index", key),
				{pres_json_number(one, "x", NAN), pres_json_number(one, "y", NAN)}};
	}
	if (n > 1) {
		qsort(h, (size_t)n, sizeof(*h), by_index);
		pres_pen_move(&pen, h[0].at.x, h[0].at.y);
		if (strcmp(pres_json_text(look->props, "spline", "line"), "cubic") == 0)
			spline(&pen, h, n);
		for (int i = 1; i < n && pen.line->ops.count < n; i++)
			pres_pen_line(&pen, h[i].at.x, h[i].at.y);
		tl_add_path(t, &pen, &how);
	}
	free(h);
	return n > 1 && !pen.bad;
}

static bool text(struct tl *t, const json_t *shape, const struct look *look)
{
	static const double sizes[] = {18, 24, 36, 44};
	bool own_width = json_is_true(json_object_get(look->props, "autoSize"));
	double scale = pres_json_number(look->props, "scale", 1);
	struct tl_text text = {.text = pres_json_text(look->props, "text", ""),
		.x = TEXT_PADDING * scale,
		.y = TEXT_PADDING * scale,
		.w = own_width
			     ? 0
			     : fmax(pres_json_number(look->props, "w", 0) * scale - 2 * TEXT_PADDING * scale,
				       0),
		.size = sizes[look->size] * scale,
		.line_height = LINE_HEIGHT,
		.colour = look->colour->v2,
		.font = look->font,
		.align = look->align};

	(void)shape;
	tl_add_text(t, &text);
	return true;
}

static void box(struct tl *t, double x, double y, double w, double h, const struct tl_line *look)
{
	struct pres_matrix local = t->local;
	struct pres_pen pen;

	t->local = pres_matrix_move(t->local, x, y);
	pen = pen_of(t);
	tl_geo(&pen, "rectangle", w, h);
	tl_add_path(t, &pen, look);
	t->local = local;
}

static bool note(struct tl *t, const json_t *shape, const struct look *look)
{
	const char *name = pres_json_text(look->props, "color", "yellow");
	double h = NOTE_SIDE + pres_json_number(look->props, "growY", 0);
	struct tl_line paper = {
		PRES_NONE, tl_colour(strcmp(name, "black") == 0 ? "yellow" : name)->v2, 0, "solid"};

	(void)shape;
	box(t, 0, 0, NOTE_SIDE, h, &paper);
	label(t, look, NOTE_SIDE, h);
	return true;
}

static bool frame(struct tl *t, const json_t *shape, const struct look *look)
{
	double w = pres_json_number(look->props, "w", NAN), h = pres_json_number(look->props, "h", NAN);
	struct tl_line border = {INK, 0xFFFFFF, 1, "solid"};
	struct tl_text name = {.text = pres_json_text(look->props, "name", ""),
		.y = -20,
		.size = 12,
		.colour = INK,
		.font = "sans",
		.align = "start"};

	(void)shape;
	box(t, 0, 0, w, h, &border);
	tl_add_text(t, &name);
	return true;
}

static void poll_text(
	struct tl *t, const char *words, double x, double y, double w, double h, const char *align)
{
	struct tl_text text = {.text = words,
		.x = x,
		.y = y,
		.w = w,
		.h = h,
		.size = POLL_FONT,
		.font = "sans",
		.align = align,
		.valign = PRES_MIDDLE};

	tl_add_text(t, &text);
}

/* A row: what was to be answered, a bar, its share. */
static void poll_row(
	struct tl *t, const struct look *look, const json_t *answer, double y, double w, double h)
{
	double all = pres_json_number(look->props, "numResponders", 0),
	       votes = pres_json_number(answer, "numVotes", 0);
	double share = all > 0 ? fmin(fmax(votes / all, 0), 1) : 0, left = w * 0.3, right = 60;
	struct tl_line bar = {PRES_NONE, look->colour->v2, 0, "solid"};
	char percent[16];

	snprintf(percent, sizeof(percent), "%d%%", (int)lround(share * 100));
	poll_text(t, pres_json_text(answer, "key", ""), POLL_PADDING, y, left - POLL_PADDING, h, "end");
	if (share > 0)
		box(t, left + POLL_PADDING, y, (w - left - 2 * POLL_PADDING - right) * share, h, &bar);
	poll_text(t, percent, w - right, y, right - POLL_PADDING, h, "end");
}

static bool poll(struct tl *t, const json_t *shape, const struct look *look)
{
	double w = pres_json_number(look->props, "w", NAN), h = pres_json_number(look->props, "h", NAN), row,
	       y;
	const json_t *answers = json_object_get(look->props, "answers"), *answer;
	struct tl_line border = {look->colour->v2, look->colour->tint, 2, "solid"};
	struct tl_text title = {.text = pres_json_text(look->props, "questionText", ""),
		.x = POLL_PADDING,
		.y = POLL_PADDING,
		.size = POLL_FONT,
		.font = "sans",
		.align = "middle",
		.bold = true};
	size_t count = json_array_size(answers), i;

	(void)shape;
	if (count > POLL_MAX)
		return false;
	box(t, 0, 0, w, h, &border);
	title.w = w - 2 * POLL_PADDING;
	tl_add_text(t, &title);
	y = POLL_PADDING + (*title.text ? POLL_FONT * 1.5 : 0);
	row = count ? (h - y) / (double)count : 0;
	json_array_foreach(answers, i, answer)
	{
		poll_row(t, look, answer, y, w, fmax(row - POLL_PADDING, 1));
		y += row;
	}
	return true;
}

/* Its file has the name of the asset. */
static bool image(struct tl *t, const json_t *shape, const struct look *look)
{
	static const char *const endings[] = {"png", "jpg", "jpeg"};
	const char *asset = pres_json_text(look->props, "assetId", "");
	struct pres_matrix m = pres_matrix_mul(t->page_m, t->local);
	double w = pres_json_number(look->props, "w", 0), h = pres_json_number(look->props, "h", 0);
	struct pres_part part = {.kind = PRES_IMAGE, .opacity = (float)t->opacity, .clip = t->clip};
	double k = pres_matrix_scale(&m);

	(void)shape;
	asset += strncmp(asset, "asset:", 6) == 0 ? 6 : 0;
	for (size_t i = 0; i < ARRAY_SIZE(endings) && !part.image.file; i++) {
		const char *name = arena_printf(&t->p->arena, "file-uploads/%.128s.%s", asset, endings[i]);

		part.image.file = pres_has(t->p, name) ? name : NULL;
	}
	if (!part.image.file || !(w > 0 && h > 0 && w < 1e5 && h < 1e5 && fabs(m.e) < 1e6 && fabs(m.f) < 1e6))
		return false;
	part.image.x = (float)m.e;
	part.image.y = (float)m.f;
	part.image.w = (float)(w * k);
	part.image.h = (float)(h * k);
	part.image.angle = (float)atan2(m.b, m.a);
	*pres_add(&t->parts) = part;
	return true;
}

static bool nothing(struct tl *t, const json_t *shape, const struct look *look)
{
	(void)t, (void)shape, (void)look;
	return true;
}

bool tl_v2_shape(struct tl *t, const json_t *shape)
{
	static const struct {
		const char *type;
		bool (*draw)(struct tl *t, const json_t *shape, const struct look *look);
	} types[] = {{"draw", draw}, {"highlight", draw}, {"geo", geo}, {"arrow", arrow}, {"line", line},
		{"text", text}, {"note", note}, {"frame", frame}, {"poll", poll}, {"image", image},
		{"group", nothing}};
	const char *type = pres_json_text(shape, "type", "");
	struct look look = look_of(shape);

	t->local =
		pres_matrix_move(t->local, pres_json_number(shape, "x", 0), pres_json_number(shape, "y", 0));
	t->local = pres_matrix_turn(t->local, pres_json_number(shape, "rotation", 0));
	t->opacity = fmin(fmax(pres_json_number(shape, "opacity", 1), 0), 1);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].draw(t, shape, &look);
	return false;
}
