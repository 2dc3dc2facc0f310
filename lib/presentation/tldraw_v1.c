/* SPDX-License-Identifier: ISC */
/* Shapes of tldraw v1 (BigBlueButton 2.6 and 2.7). */
#include "config.h"
#include "presentation/tldraw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAPER	       0xFAFAFA
#define STICKY_SIDE    200
#define STICKY_PADDING 16
#define TEXT_PADDING   4
#define SPACING	       (-0.03)

/* What style says. */
struct look {
	const json_t *style;
	int colour;
	double sw, scale;
	const char *size, *dash, *font, *align;
	bool filled;
};

static struct look look_of(const json_t *shape)
{
	const json_t *s = json_object_get(shape, "style");
	struct look look = {.style = s,
		.size = pres_json_text(s, "size", "small"),
		.dash = pres_json_text(s, "dash", "draw"),
		.font = pres_json_text(s, "font", "script"),
		.align = pres_json_text(s, "textAlign", "middle"),
		.scale = pres_json_number(s, "scale", 1),
		.filled = json_is_true(json_object_get(s, "isFilled")),
		.colour = tl_colour(pres_json_text(s, "color", "black"))->v1};

	look.sw = *look.size == 'l' ? 5 : *look.size == 'm' ? 3.5 : 2;
	return look;
}

static bool pair(const json_t *array, double *x, double *y)
{
	const json_t *a = json_array_get(array, 0), *b = json_array_get(array, 1);

	if (!json_is_number(a) || !json_is_number(b))
		return false;
	*x = json_number_value(a);
	*y = json_number_value(b);
	return true;
}

static struct tl_line line_of(const struct look *look, double width)
{
	return (struct tl_line){look->colour, look->filled ? tl_mix(look->colour, PAPER, 0.82) : PRES_NONE,
		width, look->dash};
}

static double by_size(const struct look *look, double small, double medium, double large)
{
	return *look->size == 'l' ? large : *look->size == 'm' ? medium : small;
}

static bool draw(struct tl *t, const json_t *shape, const struct look *look)
{
	const json_t *list = json_object_get(shape, "points"), *one;
	size_t count = json_array_size(list), i;
	struct pres_point *points;
	double *pressures;
	struct tl_line line = line_of(look, 1 + 1.5 * look->sw);
	int n = 0;

	if (count > TL_POINTS_MAX)
		return false;
	points = mem_alloc(sizeof(*points) * (count + 1));
	pressures = mem_alloc(sizeof(*pressures) * (count + 1));
	json_array_foreach(list, i, one)
	{
		const json_t *z = json_array_get(one, 2);

		pressures[n] = json_is_number(z) ? json_number_value(z) : 0.5;
		n += pair(one, &points[n].x, &points[n].y);
	}
	tl_add_freehand(t, points, pressures, n, json_is_true(json_object_get(shape, "isComplete")), &line,
		look->sw / 2);
	free(points);
	free(pressures);
	return n > 0;
}

/* A form of this size at its place. */
static void outline(struct tl *t, const char *form, double w, double h, const struct tl_line *line)
{
	struct pres_pen pen = pres_pen_begin(t->p, pres_matrix_mul(t->page_m, t->local));

	tl_geo(&pen, form, w, h);
	tl_add_path(t, &pen, line);
}

/* What all text has; sizes in pixels of a small, a medium and a large one. */
static struct tl_text text_of(const json_t *shape, const char *key, const struct look *look, double small,
	double medium, double large)
{
	return (struct tl_text){.text = pres_json_text(shape, key, ""),
		.size = by_size(look, small, medium, large) * look->scale,
		.line_height = 1,
		.spacing = SPACING,
		.colour = look->colour,
		.font = look->font,
		.align = look->align};
}

static void label(struct tl *t, const json_t *shape, const struct look *look, double w, double h)
{
	double x = 0.5, y = 0.5;
	struct tl_text text = text_of(shape, "label", look, 28, 48, 96);

	text.w = w;
	text.h = h;
	text.align = "middle";
	text.valign = PRES_MIDDLE;
	pair(json_object_get(shape, "labelPoint"), &x, &y);
	text.x = (x - 0.5) * w;
	text.y = (y - 0.5) * h;
	tl_add_text(t, &text);
}

static bool geo(struct tl *t, const json_t *shape, const struct look *look)
{
	const char *type = pres_json_text(shape, "type", "");
	struct tl_line line = line_of(look, 1 + 1.618 * look->sw);
	double w = 1, h = 1;

	if (strcmp(type, "ellipse") == 0 && pair(json_object_get(shape, "radius"), &w, &h)) {
		w *= 2;
		h *= 2;
	} else if (!pair(json_object_get(shape, "size"), &w, &h)) {
		return false;
	}
	outline(t, type, w, h, &line);
	label(t, shape, look, w, h);
	return true;
}

static bool arrow(struct tl *t, const json_t *shape, const struct look *look)
{
	static const char *const names[] = {"start", "bend", "end"};
	const json_t *handles = json_object_get(shape, "handles"),
		     *heads = json_object_get(shape, "decorations");
	struct tl_line line = line_of(look, 1 + 1.618 * look->sw);
	struct pres_point at[3];

	for (int i = 0; i < 3; i++)
		if (!pair(json_object_get(json_object_get(handles, names[i]), "point"), &at[i].x, &at[i].y))
			return false;
	line.fill = PRES_NONE;
	tl_add_arrow(t, at[0], at[1], at[2], json_is_string(json_object_get(heads, "start")),
		json_is_string(json_object_get(heads, "end")), &line, look->sw);
	label(t, shape, look, at[2].x, at[2].y);
	return true;
}

static bool text(struct tl *t, const json_t *shape, const struct look *look)
{
	struct tl_text text = text_of(shape, "text", look, 28, 48, 96);

	text.x = text.y = TEXT_PADDING;
	tl_add_text(t, &text);
	return true;
}

static bool sticky(struct tl *t, const json_t *shape, const struct look *look)
{
	const char *name = pres_json_text(look->style, "color", "yellow");
	bool plain = strcmp(name, "black") == 0 || strcmp(name, "white") == 0;
	struct tl_line line = {
		PRES_NONE, tl_mix(tl_colour(plain ? "yellow" : name)->v1, PAPER, 0.55), 0, "solid"};
	double w = STICKY_SIDE, h = STICKY_SIDE;
	struct tl_text text = text_of(shape, "text", look, 24, 36, 48);

	pair(json_object_get(shape, "size"), &w, &h);
	outline(t, "rectangle", w, h, &line);
	text.x = text.y = STICKY_PADDING;
	text.w = w - 2 * STICKY_PADDING;
	text.colour = 0x1D1D1D;
	tl_add_text(t, &text);
	return true;
}

static bool nothing(struct tl *t, const json_t *shape, const struct look *look)
{
	(void)t, (void)shape, (void)look;
	return true;
}

/* Turned about the middle of its size; an arrow has none, its end says where it ends. */
static void turn(struct tl *t, const json_t *shape)
{
	double angle = pres_json_number(shape, "rotation", 0), w = 0, h = 0;

	if (!pair(json_object_get(shape, "size"), &w, &h))
		pair(json_object_get(json_object_get(json_object_get(shape, "handles"), "end"), "point"), &w,
			&h);
	t->local = pres_matrix_move(t->local, w / 2, h / 2);
	t->local = pres_matrix_turn(t->local, angle);
	t->local = pres_matrix_move(t->local, -w / 2, -h / 2);
}

bool tl_v1_shape(struct tl *t, const json_t *shape)
{
	static const struct {
		const char *type;
		bool (*draw)(struct tl *t, const json_t *shape, const struct look *look);
	} types[] = {{"draw", draw}, {"rectangle", geo}, {"ellipse", geo}, {"triangle", geo},
		{"arrow", arrow}, {"line", arrow}, {"text", text}, {"sticky", sticky}, {"group", nothing}};
	const char *type = pres_json_text(shape, "type", "");
	struct look look = look_of(shape);
	double x, y;

	if (!pair(json_object_get(shape, "point"), &x, &y))
		return false;
	t->local = pres_matrix_move(t->local, x, y);
	turn(t, shape);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].draw(t, shape, &look);
	return false;
}
