/* SPDX-License-Identifier: ISC */
/* Draws one version of a shape: paths, text, pictures. */
#include "config.h"
#include "compose.h"

#include <math.h>

static void set_colour(cairo_t *c, int colour, double opacity)
{
	cairo_set_source_rgba(c, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
		(colour & 255) / 255.0, opacity);
}

static void trace(cairo_t *c, const struct pres_part *part)
{
	const float *xy = part->path.line->xy.at;

	cairo_new_path(c);
	for (int i = 0; i < part->path.ops; i++) {
		unsigned char op = part->path.line->ops.at[i];

		switch (op) {
		case PRES_MOVE:
			cairo_move_to(c, xy[0], xy[1]);
			break;
		case PRES_LINE:
			cairo_line_to(c, xy[0], xy[1]);
			break;
		case PRES_CURVE:
			cairo_curve_to(c, xy[0], xy[1], xy[2], xy[3], xy[4], xy[5]);
			break;
		default:
			cairo_close_path(c);
		}
		xy += pres_op_floats[op];
	}
}

/* Where outline and inside lie on each other they are one thing that is seen through, not two. */
static bool is_seen_through(const struct pres_part *part)
{
	if (part->opacity >= 1 || part->kind == PRES_TEXT)
		return false;
	return part->kind == PRES_IMAGE ||
	       (part->path.fill != PRES_NONE && part->path.stroke != PRES_NONE && part->path.width > 0);
}

static void draw_path(cairo_t *c, const struct pres_part *part, double opacity)
{
	double dash[] = {part->path.dash[0], part->path.dash[1]};

	trace(c, part);
	if (part->path.fill != PRES_NONE) {
		set_colour(c, part->path.fill, opacity);
		cairo_fill_preserve(c);
	}
	if (part->path.stroke != PRES_NONE && part->path.width > 0) {
		set_colour(c, part->path.stroke, opacity);
		cairo_set_line_width(c, part->path.width);
		cairo_set_dash(c, dash, dash[1] > 0 ? 2 : 0, 0);
		cairo_stroke(c);
	}
	cairo_new_path(c);
}

static void draw_image(
	cairo_t *c, const struct pres_part *part, struct pictures *pictures, double scale, double fit)
{
	cairo_translate(c, part->image.x, part->image.y);
	cairo_rotate(c, part->image.angle);
	pictures_paint(pictures, c, part->image.file, part->image.w, part->image.h, scale, fit);
}

static void clip(cairo_t *c, const float *corners)
{
	cairo_new_path(c);
	for (int i = 0; i < 4; i++)
		cairo_line_to(c, corners[2 * i], corners[2 * i + 1]);
	cairo_close_path(c);
	cairo_clip(c);
}

void shape_draw(cairo_t *c, const struct pres_shape *shape, struct text_maker *text,
	struct pictures *pictures, double scale, double fit)
{
	cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
	for (int i = 0; i < shape->count; i++) {
		const struct pres_part *part = &shape->parts[i];

		bool through = is_seen_through(part);

		cairo_save(c);
		if (part->clip)
			clip(c, part->clip);
		if (through)
			cairo_push_group(c);
		if (part->kind == PRES_PATH)
			draw_path(c, part, through ? 1 : part->opacity);
		else if (part->kind == PRES_TEXT)
			text_draw(text, c, part);
		else
			draw_image(c, part, pictures, scale, fit);
		if (through) {
			cairo_pop_group_to_source(c);
			cairo_paint_with_alpha(c, part->opacity);
		}
		cairo_restore(c);
	}
}

bool shape_box(const struct pres_shape *shape, double box[4])
{
	box[0] = box[1] = INFINITY;
	box[2] = box[3] = -INFINITY;
	for (int i = 0; i < shape->count; i++) {
		const struct pres_part *part = &shape->parts[i];

		if (part->kind != PRES_PATH)
			return false;
		for (int k = 0; k < part->path.floats; k += 2) {
			const float *xy = part->path.line->xy.at + k;

			box[0] = fmin(box[0], xy[0] - part->path.width);
			box[1] = fmin(box[1], xy[1] - part->path.width);
			box[2] = fmax(box[2], xy[0] + part->path.width);
			box[3] = fmax(box[3], xy[1] + part->path.width);
		}
	}
	return true;
}
