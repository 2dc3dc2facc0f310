/* SPDX-License-Identifier: ISC */
/* What shapes of both tldraw versions are made of: lines, text, arrows, geometric outlines, colours. */
#include "config.h"
#include "presentation/freehand.h"
#include "presentation/tldraw.h"

#include <math.h>
#include <string.h>

/* How far slanted sides of geometric shapes go in. */
#define SLANT	    0.38
#define CLOUD_BUMPS 9

static const struct tl_colour colours[] = {
	{"black", 0x1D1D1D, 0x1D1D1D, 0xE8E8E8, 0xFDDD00},
	{"white", 0x1D1D1D, 0x1D1D1D, 0xE8E8E8, 0xFDDD00},
	{"lightGray", 0xC6CBD1, 0x1D1D1D, 0xE8E8E8, 0xFDDD00},
	{"gray", 0x788492, 0x1D1D1D, 0xE8E8E8, 0xFDDD00},
	{"cyan", 0x0E98AD, 0x1D1D1D, 0xE8E8E8, 0xFDDD00},
	{"indigo", 0x4263EB, 0x1D1D1D, 0xE8E8E8, 0xFDDD00},
	{"blue", 0x1C7ED6, 0x4263EB, 0xDCE1F8, 0x10ACFF},
	{"green", 0x36B24D, 0x099268, 0xD3E9E3, 0x00FFC8},
	{"grey", 0x1D1D1D, 0xADB5BD, 0xECEEF0, 0xCBE7F1},
	{"light-blue", 0x1D1D1D, 0x4DABF7, 0xDDEDFA, 0x00F4FF},
	{"light-green", 0x1D1D1D, 0x40C057, 0xDBF0E0, 0x65F641},
	{"light-red", 0x1D1D1D, 0xFF8787, 0xF4DADB, 0xFF7FA3},
	{"light-violet", 0x1D1D1D, 0xE599F7, 0xF5EAFA, 0xFF88FF},
	{"orange", 0xFF9433, 0xF76707, 0xF8E2D4, 0xFFA500},
	{"red", 0xFF2133, 0xE03131, 0xF4DADB, 0xFF636E},
	{"violet", 0x7746F1, 0xAE3EC9, 0xECDCF2, 0xC77CFF},
	{"yellow", 0xFFC936, 0xFFC078, 0xF9F0E6, 0xFDDD00},
};

const struct tl_colour *tl_colour(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(colours); i++)
		if (strcmp(colours[i].name, name) == 0)
			return &colours[i];
	return &colours[0];
}

int tl_mix(int a, int b, double share)
{
	int mixed = 0;

	for (int shift = 0; shift <= 16; shift += 8) {
		int x = a >> shift & 255, y = b >> shift & 255;

		mixed |= (int)lround(x + (y - x) * share) << shift;
	}
	return mixed;
}

static void add(struct tl *t, struct pres_part part)
{
	part.clip = t->clip;
	part.opacity = (float)t->opacity;
	*pres_add(&t->parts) = part;
}

void tl_add_path(struct tl *t, struct pres_pen *pen, const struct tl_line *line)
{
	struct pres_part part = pres_pen_end(pen);
	double k = pres_matrix_scale(&t->page_m), width = line->width * k;
	bool dotted = strcmp(line->dash, "dotted") == 0;

	if (!part.path.ops)
		return;
	part.path.stroke = line->stroke;
	part.path.fill = line->fill;
	part.path.width = (float)width;
	if (dotted || strcmp(line->dash, "dashed") == 0) {
		/* With round ends a dot is a line of no length. */
		part.path.dash[0] = dotted ? 0.01f : (float)(2 * width);
		part.path.dash[1] = (float)(2 * width);
	}
	add(t, part);
}

void tl_add_freehand(struct tl *t, const struct pres_point *points, const double *pressures, int count,
	bool complete, const struct tl_line *line, double stroke_width)
{
	struct pres_stroke stroke = {.size = line->width,
		.thinning = 0.65,
		.smoothing = 0.65,
		.streamline = 0.65,
		.simulate = true,
		.complete = complete};
	struct pres_pen pen = pres_pen_begin(t->p, pres_matrix_mul(t->page_m, t->local));
	bool as_line = strcmp(line->dash, "draw") != 0;
	struct tl_line look = *line;

	for (int i = 0; i < count; i++)
		stroke.simulate = stroke.simulate && pressures[i] == 0.5;
	pres_freehand(&pen, &stroke, points, pressures, count, as_line);
	if (!as_line) {
		look.fill = line->stroke;
		look.width = stroke_width;
	}
	tl_add_path(t, &pen, &look);
}

static enum pres_family family_of(const char *font)
{
	static const struct {
		const char *font;
		enum pres_family family;
	} families[] = {
		{"sans", PRES_SANS}, {"serif", PRES_SERIF}, {"erif", PRES_SERIF}, {"mono", PRES_MONO}};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (strcmp(families[i].font, font) == 0)
			return families[i].family;
	return PRES_HAND;
}

static enum pres_align align_of(const char *align)
{
	if (strncmp(align, "middle", 6) == 0 || strcmp(align, "center") == 0)
		return PRES_MIDDLE;
	return strncmp(align, "end", 3) == 0 ? PRES_END : PRES_START;
}

void tl_add_text(struct tl *t, const struct tl_text *text)
{
	struct pres_matrix m = pres_matrix_mul(t->page_m, t->local);
	double k = pres_matrix_scale(&m);
	struct pres_point at = pres_matrix_apply(&m, text->x, text->y);
	struct pres_part part = {.kind = PRES_TEXT};

	if (!*text->text || !(text->size > 0 && text->size < 2000 && fabs(at.x) < 1e6 && fabs(at.y) < 1e6))
		return;
	part.text.text = arena_strndup(&t->p->arena, text->text, utf8_prefix(text->text, PRES_TEXT_MAX));
	part.text.x = (float)at.x;
	part.text.y = (float)at.y;
	part.text.w = (float)(fmin(fmax(text->w, 0), 1e5) * k);
	part.text.h = (float)(fmin(fmax(text->h, 0), 1e5) * k);
	part.text.angle = (float)atan2(m.b, m.a);
	part.text.size = (float)(text->size * k);
	part.text.line_height = (float)text->line_height;
	part.text.spacing = (float)text->spacing;
	part.text.colour = text->colour;
	part.text.family = (unsigned char)family_of(text->font);
	part.text.align = (unsigned char)align_of(text->align);
	part.text.valign = (unsigned char)text->valign;
	part.text.bold = text->bold;
	add(t, part);
}

/* Two strokes at the end of a line that comes from there. */
static void add_head(
	struct tl *t, struct pres_point from, struct pres_point at, double length, const struct tl_line *line)
{
	struct pres_pen pen = pres_pen_begin(t->p, pres_matrix_mul(t->page_m, t->local));
	double dx = from.x - at.x, dy = from.y - at.y, l = hypot(dx, dy);
	struct tl_line solid = *line;

	if (l == 0)
		return;
	for (int side = -1; side <= 1; side += 2) {
		double c = cos(side * M_PI / 6), s = sin(side * M_PI / 6);
		double x = at.x + (dx * c - dy * s) / l * length, y = at.y + (dx * s + dy * c) / l * length;

		if (side < 0)
			pres_pen_move(&pen, x, y);
		else
			pres_pen_line(&pen, x, y);
		if (side < 0)
			pres_pen_line(&pen, at.x, at.y);
	}
	solid.dash = "solid";
	solid.fill = PRES_NONE;
	tl_add_path(t, &pen, &solid);
}

void tl_add_arrow(struct tl *t, struct pres_point a, struct pres_point m, struct pres_point b,
	bool start_head, bool end_head, const struct tl_line *line, double sw)
{
	struct pres_pen pen = pres_pen_begin(t->p, pres_matrix_mul(t->page_m, t->local));
	struct pres_point c = {2 * m.x - (a.x + b.x) / 2, 2 * m.y - (a.y + b.y) / 2};
	double head = fmin(hypot(b.x - a.x, b.y - a.y) / 3, 8 * sw);

	pres_pen_move(&pen, a.x, a.y);
	pres_pen_quad(&pen, c.x, c.y, b.x, b.y);
	tl_add_path(t, &pen, line);
	if (start_head)
		add_head(t, c, a, head, line);
	if (end_head)
		add_head(t, c, b, head, line);
}

static void polygon(struct pres_pen *pen, const double (*at)[2], int count)
{
	for (int i = 0; i < count; i++) {
		if (i)
			pres_pen_line(pen, at[i][0], at[i][1]);
		else
			pres_pen_move(pen, at[i][0], at[i][1]);
	}
	pres_pen_close(pen);
}

/* Corners on an ellipse, the first on top, every second one on one that is smaller; stretched to fill w x h. */
static void regular(struct pres_pen *pen, double w, double h, int corners, double inner)
{
	double at[16][2], min[2] = {2, 2}, max[2] = {-2, -2};

	for (int i = 0; i < corners; i++) {
		double angle = -M_PI / 2 + 2 * M_PI * i / corners, r = i % 2 ? inner : 1;

		at[i][0] = r * cos(angle);
		at[i][1] = r * sin(angle);
		for (int k = 0; k < 2; k++) {
			min[k] = fmin(min[k], at[i][k]);
			max[k] = fmax(max[k], at[i][k]);
		}
	}
	for (int i = 0; i < corners; i++) {
		at[i][0] = (at[i][0] - min[0]) / (max[0] - min[0]) * w;
		at[i][1] = (at[i][1] - min[1]) / (max[1] - min[1]) * h;
	}
	polygon(pen, at, corners);
}

static void rounded(struct pres_pen *pen, double w, double h, double r)
{
	pres_pen_move(pen, r, 0);
	pres_pen_line(pen, w - r, 0);
	pres_pen_arc(pen, r, r, 0, false, true, w, r);
	pres_pen_line(pen, w, h - r);
	pres_pen_arc(pen, r, r, 0, false, true, w - r, h);
	pres_pen_line(pen, r, h);
	pres_pen_arc(pen, r, r, 0, false, true, 0, h - r);
	pres_pen_line(pen, 0, r);
	pres_pen_arc(pen, r, r, 0, false, true, r, 0);
	pres_pen_close(pen);
}

static void cloud(struct pres_pen *pen, double w, double h)
{
	for (int i = 0; i <= CLOUD_BUMPS; i++) {
		double angle = 2 * M_PI * i / CLOUD_BUMPS, x = w / 2 + cos(angle) * w * 0.4;
		double y = h / 2 + sin(angle) * h * 0.4;

		if (i)
			pres_pen_arc(pen, w * 0.16, h * 0.16, 0, false, true, x, y);
		else
			pres_pen_move(pen, x, y);
	}
	pres_pen_close(pen);
}

static void marked_box(struct pres_pen *pen, bool check, double w, double h)
{
	double s = fmin(w, h) * 0.82, x = (w - s) / 2, y = (h - s) / 2;

	polygon(pen, (const double[][2]){{0, 0}, {w, 0}, {w, h}, {0, h}}, 4);
	if (check) {
		/* Round as the box: the other way round it would be a hole in what is filled. */
		pres_pen_move(pen, x + s * 0.82, y + s * 0.22);
		pres_pen_line(pen, x + s * 0.45, y + s * 0.82);
		pres_pen_line(pen, x + s * 0.25, y + s * 0.52);
	} else {
		pres_pen_move(pen, 0, 0);
		pres_pen_line(pen, w, h);
		pres_pen_move(pen, w, 0);
		pres_pen_line(pen, 0, h);
	}
}

/* An arrow to the right, turned as the name says. */
static void block_arrow(struct pres_pen *pen, const char *way, double w, double h)
{
	bool upright = strcmp(way, "up") == 0 || strcmp(way, "down") == 0;
	bool back = strcmp(way, "left") == 0 || strcmp(way, "up") == 0;
	double l = upright ? h : w, b = upright ? w : h, tip = fmin(w, h) * SLANT, in = b * 0.16;
	double at[7][2] = {{0, in}, {l - tip, in}, {l - tip, 0}, {l, b / 2}, {l - tip, b}, {l - tip, b - in},
		{0, b - in}};

	for (int i = 0; i < 7; i++) {
		double x = back ? l - at[i][0] : at[i][0], y = at[i][1];

		at[i][0] = upright ? y : x;
		at[i][1] = upright ? x : y;
	}
	polygon(pen, at, 7);
}

void tl_geo(struct pres_pen *pen, const char *name, double w, double h)
{
	double s = fmin(w, h) * SLANT;

	if (strcmp(name, "ellipse") == 0)
		pres_pen_ellipse(pen, w / 2, h / 2, w / 2, h / 2);
	else if (strcmp(name, "oval") == 0)
		rounded(pen, w, h, fmin(w, h) / 2);
	else if (strcmp(name, "triangle") == 0)
		polygon(pen, (const double[][2]){{w / 2, 0}, {w, h}, {0, h}}, 3);
	else if (strcmp(name, "diamond") == 0)
		polygon(pen, (const double[][2]){{w / 2, 0}, {w, h / 2}, {w / 2, h}, {0, h / 2}}, 4);
	else if (strcmp(name, "rhombus") == 0)
		polygon(pen, (const double[][2]){{s, 0}, {w, 0}, {w - s, h}, {0, h}}, 4);
	else if (strcmp(name, "rhombus-2") == 0)
		polygon(pen, (const double[][2]){{0, 0}, {w - s, 0}, {w, h}, {s, h}}, 4);
	else if (strcmp(name, "trapezoid") == 0)
		polygon(pen, (const double[][2]){{s, 0}, {w - s, 0}, {w, h}, {0, h}}, 4);
	else if (strcmp(name, "pentagon") == 0)
		regular(pen, w, h, 5, 1);
	else if (strcmp(name, "hexagon") == 0)
		regular(pen, w, h, 6, 1);
	else if (strcmp(name, "octagon") == 0)
		regular(pen, w, h, 8, 1);
	else if (strcmp(name, "star") == 0)
		regular(pen, w, h, 10, 0.5);
	else if (strcmp(name, "cloud") == 0)
		cloud(pen, w, h);
	else if (strcmp(name, "x-box") == 0 || strcmp(name, "check-box") == 0)
		marked_box(pen, *name == 'c', w, h);
	else if (strncmp(name, "arrow-", 6) == 0)
		block_arrow(pen, name + 6, w, h);
	else
		polygon(pen, (const double[][2]){{0, 0}, {w, 0}, {w, h}, {0, h}}, 4);
}
