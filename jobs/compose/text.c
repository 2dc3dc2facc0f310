/* SPDX-License-Identifier: ISC */
/* Lines of text by pango: where they break does not depend on the zoom, nor on who shows them. */
#include "config.h"
#include "compose.h"

#include <pango/pangocairo.h>
#include <math.h>
#include <string.h>

struct text_maker {
	PangoFontMap *map;
	PangoContext *context;
	PangoFontDescription *fonts[4][2]; /* by family and weight */
};

/* What stands first is what the packages recommend; the rest is what else may be there. */
static const char *const families[] = {
	"Liberation Sans, Arial, Sans",
	"Liberation Serif, Serif",
	"Liberation Mono, Monospace",
	"Comic Neue, Liberation Sans, Sans",
};

struct text_maker *text_maker_new(void)
{
	struct text_maker *t = mem_zalloc(sizeof(*t));
	cairo_font_options_t *options = cairo_font_options_create();

	t->map = pango_cairo_font_map_new();
	t->context = pango_font_map_create_context(t->map);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(t->context, options);
	pango_cairo_context_set_resolution(t->context, 96);
	cairo_font_options_destroy(options);
	for (int f = 0; f < 4; f++) {
		for (int bold = 0; bold < 2; bold++) {
			t->fonts[f][bold] = pango_font_description_new();
			pango_font_description_set_family_static(t->fonts[f][bold], families[f]);
			pango_font_description_set_weight(
				t->fonts[f][bold], bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
		}
	}
	return t;
}

void text_maker_free(struct text_maker *t)
{
	if (!t)
		return;
	for (int f = 0; f < 4; f++)
		for (int bold = 0; bold < 2; bold++)
			pango_font_description_free(t->fonts[f][bold]);
	g_object_unref(t->context);
	g_object_unref(t->map);
	free(t);
}

/* In Pango's units, within what they can be: the recording may say any number. */
static int units(double pixels)
{
	return (int)(fmin(fmax(pixels, -1e6), 1e6) * PANGO_SCALE);
}

static PangoLayout *layout_of(struct text_maker *t, const struct pres_part *part)
{
	PangoLayout *layout = pango_layout_new(t->context);
	PangoFontDescription *font = t->fonts[part->text.family & 3][part->text.bold];

	pango_font_description_set_absolute_size(font, units(part->text.size));
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, part->text.text, -1);
	pango_layout_set_auto_dir(layout, TRUE);
	if (part->text.w > 0) {
		pango_layout_set_width(layout, units(part->text.w));
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	}
	if (part->text.spacing != 0) {
		PangoAttrList *list = pango_attr_list_new();

		pango_attr_list_insert(
			list, pango_attr_letter_spacing_new(units(part->text.spacing * part->text.size)));
		pango_layout_set_attributes(layout, list);
		pango_attr_list_unref(list);
	}
	return layout;
}

/* Calls each with every line that has text, and where its baseline starts. */
static void each_line(struct text_maker *t, const struct pres_part *part,
	void (*each)(void *to, PangoLayoutLine *line, double dx, double dy, const char *text), void *to)
{
	PangoLayout *layout = layout_of(t, part);
	int count = pango_layout_get_line_count(layout), natural_w, natural_h;
	double width, pitch, top = 0;

	pango_layout_get_size(layout, &natural_w, &natural_h);
	width = part->text.w > 0 ? part->text.w : (double)natural_w / PANGO_SCALE;
	pitch = part->text.line_height > 0 ? part->text.line_height * part->text.size
					   : (double)natural_h / PANGO_SCALE / (count ? count : 1);
	if (part->text.h > 0)
		top = (part->text.h - pitch * count) * part->text.valign / 2;
	for (int i = 0; i < count; i++) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
		PangoRectangle box;
		double height, dx;

		pango_layout_line_get_extents(line, NULL, &box);
		height = (double)box.height / PANGO_SCALE;
		dx = (width - (double)box.width / PANGO_SCALE) * part->text.align / 2;
		if (line->length)
			each(to, line, dx,
				top + pitch * i + (pitch - height) / 2 - (double)box.y / PANGO_SCALE,
				pango_layout_get_text(layout) + line->start_index);
	}
	g_object_unref(layout);
}

struct teller {
	pres_line_fn line;
	void *to;
};

static void tell(void *to, PangoLayoutLine *line, double dx, double dy, const char *text)
{
	const struct teller *t = to;

	t->line(t->to, dx, dy, text, (size_t)line->length);
}

void text_lines(void *ctx, const struct pres_part *part, pres_line_fn line, void *to)
{
	struct teller t = {line, to};

	each_line(ctx, part, tell, &t);
}

static void show(void *to, PangoLayoutLine *line, double dx, double dy, const char *text)
{
	(void)text;
	cairo_move_to(to, dx, dy);
	pango_cairo_show_layout_line(to, line);
}

void text_draw(struct text_maker *t, cairo_t *c, const struct pres_part *part)
{
	int colour = part->text.colour;

	cairo_save(c);
	cairo_translate(c, part->text.x, part->text.y);
	cairo_rotate(c, part->text.angle);
	cairo_set_source_rgba(c, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
		(colour & 255) / 255.0, part->opacity);
	each_line(t, part, show, c);
	cairo_restore(c);
}
