/* SPDX-License-Identifier: ISC */
/* shapes.svg: the periods of slides and, until BigBlueButton 2.5, what was drawn on them. */
#include "config.h"
#include "presentation/build.h"
#include "presentation/file.h"
#include "presentation/parse.h"
#include "presentation/pen.h"
#include "presentation/read.h"
#include "presentation/style.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a picture, in pixels of the slide. */
#define SIDE_LEAST 0.01

struct shapes {
	struct pres *p;
	struct pres_style style;
	struct pres_versions versions; /* of the canvas that is open */
	struct pres_ids ids;
	PRES_LIST(struct pres_line *) last; /* of each id: later versions may continue it */
	struct pres_line scratch;
	PRES_LIST(struct pres_part) parts; /* of the shape that is open */
	int canvas;			   /* N of its imageN, -1: none is open */
	bool open, in_text;
	int depth;   /* of <g> in the shape that is open */
	int outside; /* <g> of the canvas that are open and no shapes */
	int id;
	double t, undo, box[4];
	struct buf text;
};

/* How many elements of two lists are the same at their start. */
static int common(const void *a, const void *b, int count, size_t size)
{
	int i = 0;

	while (i < count &&
		memcmp((const char *)a + (size_t)i * size, (const char *)b + (size_t)i * size, size) == 0)
		i++;
	return i;
}

/* Puts what was drawn into the line of that id where it continues it, else into a new one. */
static struct pres_line *keep_line(struct shapes *s, const struct pres_line *drawn)
{
	struct pres_line *line;
	int ops, floats;

	while (s->last.count <= s->id)
		*pres_add(&s->last) = NULL;
	line = s->last.at[s->id];
	if (line) {
		ops = line->ops.count < drawn->ops.count ? line->ops.count : drawn->ops.count;
		floats = line->xy.count < drawn->xy.count ? line->xy.count : drawn->xy.count;
		if (common(line->ops.at, drawn->ops.at, ops, 1) != ops ||
			common(line->xy.at, drawn->xy.at, floats, sizeof(float)) != floats)
			line = NULL;
	}
	if (!line)
		line = s->last.at[s->id] = pres_line_new(s->p);
	s->p->floats += drawn->xy.count > line->xy.count ? drawn->xy.count - line->xy.count : 0;
	for (int i = line->ops.count; i < drawn->ops.count; i++)
		*pres_add(&line->ops) = drawn->ops.at[i];
	for (int i = line->xy.count; i < drawn->xy.count; i++)
		*pres_add(&line->xy) = drawn->xy.at[i];
	return line;
}

/* Of a line: no wider than any slide. */
static float width_of(double width)
{
	return width > 0 ? (float)fmin(width, PRES_SIDE_MAX) : 0;
}

static struct pres_pen pen_begin(struct shapes *s)
{
	s->scratch.ops.count = s->scratch.xy.count = 0;
	return (struct pres_pen){.p = s->p, .m = PRES_IDENTITY, .line = &s->scratch};
}

static void pen_end(struct shapes *s, struct pres_pen *pen, bool good)
{
	struct pres_part part = pres_pen_end(pen);

	s->p->floats -= s->scratch.xy.count;
	if (!good || !part.path.ops) {
		s->p->left_out++;
		return;
	}
	part.path.line = keep_line(s, &s->scratch);
	part.path.stroke = s->style.stroke;
	part.path.fill = s->style.fill;
	part.path.width = width_of(s->style.width);
	*pres_add(&s->parts) = part;
}

static void add_path(struct shapes *s, const struct pres_attrs *attrs)
{
	const char *d = pres_attr(attrs, "d");
	struct pres_pen pen = pen_begin(s);
	bool good = d && pres_pen_path(&pen, d);

	pen_end(s, &pen, good);
}

static void add_line(struct shapes *s, const struct pres_attrs *attrs)
{
	struct pres_pen pen = pen_begin(s);

	pres_pen_move(&pen, pres_attr_number(attrs, "x1", NAN), pres_attr_number(attrs, "y1", NAN));
	pres_pen_line(&pen, pres_attr_number(attrs, "x2", NAN), pres_attr_number(attrs, "y2", NAN));
	pen_end(s, &pen, true);
}

static void add_circle(struct shapes *s, const struct pres_attrs *attrs)
{
	double r = pres_attr_number(attrs, "r", 0);
	struct pres_pen pen = pen_begin(s);

	pres_pen_ellipse(&pen, pres_attr_number(attrs, "cx", NAN), pres_attr_number(attrs, "cy", NAN), r, r);
	pen_end(s, &pen, r > 0);
}

static void add_points(struct shapes *s, const struct pres_attrs *attrs, bool closed)
{
	const char *points = pres_attr(attrs, "points");
	struct pres_pen pen = pen_begin(s);
	double n[2];

	while (points && pres_number(points, &points, &n[0])) {
		points += strspn(points, " \t\r\n,");
		if (!pres_number(points, &points, &n[1]))
			break;
		points += strspn(points, " \t\r\n,");
		if (s->scratch.ops.count)
			pres_pen_line(&pen, n[0], n[1]);
		else
			pres_pen_move(&pen, n[0], n[1]);
	}
	if (closed)
		pres_pen_close(&pen);
	pen_end(s, &pen, true);
}

static bool box_is_sound(const double *box)
{
	for (int i = 0; i < 4; i++)
		if (!(fabs(box[i]) <= 1e6))
			return false;
	return box[2] >= SIDE_LEAST && box[3] >= SIDE_LEAST;
}

static bool read_box(const struct pres_attrs *attrs, double *box)
{
	box[0] = pres_attr_number(attrs, "x", 0);
	box[1] = pres_attr_number(attrs, "y", 0);
	box[2] = pres_attr_number(attrs, "width", 0);
	box[3] = pres_attr_number(attrs, "height", 0);
	return box_is_sound(box);
}

/* Stands behind the picture of a poll. */
static void add_rect(struct shapes *s, const struct pres_attrs *attrs)
{
	const char *fill = pres_attr(attrs, "fill"), *stroke = pres_attr(attrs, "stroke");
	struct pres_pen pen = pen_begin(s);
	double b[4];

	if (!read_box(attrs, b))
		return;
	pres_pen_move(&pen, b[0], b[1]);
	pres_pen_line(&pen, b[0] + b[2], b[1]);
	pres_pen_line(&pen, b[0] + b[2], b[1] + b[3]);
	pres_pen_line(&pen, b[0], b[1] + b[3]);
	pres_pen_close(&pen);
	pen_end(s, &pen, true);
	if (s->parts.count && s->parts.at[s->parts.count - 1].kind == PRES_PATH) {
		struct pres_part *part = &s->parts.at[s->parts.count - 1];

		part->path.fill = fill ? pres_colour_of(fill, 0xFFFFFF) : part->path.fill;
		part->path.stroke = stroke ? pres_colour_of(stroke, 0) : part->path.stroke;
		part->path.width = width_of(pres_attr_number(attrs, "stroke-width", s->style.width));
	}
}

/* Turns the box's corner about a point. */
static void turn(double *box, double angle, const double *about)
{
	double x = box[0] - about[0], y = box[1] - about[1];

	box[0] = about[0] + x * cos(angle) - y * sin(angle);
	box[1] = about[1] + x * sin(angle) + y * cos(angle);
}

/* translate(x[,y]), scale(x[,y]) and rotate(degrees[,x,y]), as old files place pictures of polls: those of BigBlueButton until 2.2
 * lie on their side and are turned. Returns by how much it is turned, in radians. */
static double transform(const char *text, double *box)
{
	double angle = 0;

	while (text && *text) {
		const char *open = strchr(text, '(');
		double n[3] = {0, 0, 0}, scale[2] = {1, 1};
		int count = open ? pres_numbers(open + 1, n, 3) : 0;

		if (count < 1)
			break;
		if (strncmp(text, "rotate", 6) == 0) {
			turn(box, n[0] * M_PI / 180, n + 1);
			angle += n[0] * M_PI / 180;
		} else if (strncmp(text, "translate", 9) == 0) {
			box[0] += n[0];
			box[1] += count > 1 ? n[1] : 0;
		} else if (strncmp(text, "scale", 5) == 0) {
			scale[0] = n[0];
			scale[1] = count > 1 ? n[1] : n[0];
			box[2] *= scale[0];
			box[3] *= scale[1];
		}
		text = strchr(open, ')');
		text += text ? 1 + strspn(text + 1, " ,") : 0;
	}
	return angle;
}

static void add_picture(struct shapes *s, const struct pres_attrs *attrs)
{
	const char *href = pres_attr(attrs, "href");
	struct pres_part part = {.kind = PRES_IMAGE, .opacity = 1};
	double b[4], angle = 0;
	bool good = pres_is_picture(href) && read_box(attrs, b) && pres_has(s->p, href);

	if (good)
		angle = transform(pres_attr(attrs, "transform"), b);
	if (!good || !box_is_sound(b) || !(fabs(angle) <= 1e6)) {
		s->p->left_out++;
		return;
	}
	part.image.file = arena_strdup(&s->p->arena, href);
	part.image.x = (float)b[0];
	part.image.y = (float)b[1];
	part.image.w = (float)b[2];
	part.image.h = (float)b[3];
	part.image.angle = (float)angle;
	*pres_add(&s->parts) = part;
}

static void text_begin(struct shapes *s, const struct pres_attrs *attrs)
{
	const char *colour = pres_attr(attrs, "color");

	buf_clear(&s->text);
	/* Until BigBlueButton 2.0 it has no style. */
	if (colour)
		s->style.color = pres_colour_of(colour, s->style.color);
	/* Its height is what the browser had; text is not cut there. */
	s->in_text = read_box(attrs, s->box);
}

static void text_end(struct shapes *s)
{
	struct pres_part part = {.kind = PRES_TEXT, .opacity = 1};
	const char *text = buf_str(&s->text);

	s->in_text = false;
	text += strspn(text, " \t\r\n");
	if (!*text || s->style.font_size <= 0)
		return;
	part.text.text = arena_strndup(&s->p->arena, text, utf8_prefix(text, PRES_TEXT_MAX));
	part.text.x = (float)s->box[0];
	part.text.y = (float)s->box[1];
	part.text.w = (float)s->box[2];
	part.text.size = (float)s->style.font_size;
	part.text.colour = s->style.color;
	*pres_add(&s->parts) = part;
}

static void shape_begin(struct shapes *s, const struct pres_attrs *attrs)
{
	const char *shape = pres_attr(attrs, "shape"), *id = pres_attr(attrs, "id");

	s->parts.count = 0;
	s->t = pres_attr_number(attrs, "timestamp", NAN);
	s->undo = pres_attr_number(attrs, "undo", -1);
	s->style = pres_style_of(pres_attr(attrs, "style"));
	s->open = !isnan(s->t) && (shape || id) && s->versions.list.count < PRES_VERSIONS_MAX;
	if (s->open)
		s->id = pres_id(&s->ids, shape ? shape : id);
	s->depth = 0;
}

static void shape_end(struct shapes *s)
{
	struct pres_part *parts = arena_alloc(&s->p->arena, sizeof(*parts) * (size_t)(s->parts.count + 1));
	struct pres_version *v = pres_add(&s->versions.list);

	if (s->parts.count)
		memcpy(parts, s->parts.at, sizeof(*parts) * (size_t)s->parts.count);
	*v = (struct pres_version){s->t, s->undo, s->id, s->versions.list.count - 1, s->parts.count, parts};
	s->open = false;
}

static void canvas_begin(struct shapes *s, const struct pres_attrs *attrs)
{
	s->canvas = pres_image_number(pres_attr(attrs, "image"));
	s->outside = 0;
	s->versions.list.count = 0;
	s->last.count = 0;
	pres_ids_free(&s->ids);
}

static void canvas_end(struct shapes *s)
{
	s->versions.ids = s->ids.count;
	for (int i = 0; s->canvas >= 0 && i < s->p->slides.count; i++)
		if (s->p->slides.at[i].number == s->canvas)
			pres_place(s->p, i, &s->versions);
	s->canvas = -1;
}

static bool has_class(const struct pres_attrs *attrs, const char *name)
{
	const char *class = pres_attr(attrs, "class");

	return class && strcmp(class, name) == 0;
}

static void add_element(struct shapes *s, const char *name, const struct pres_attrs *attrs)
{
	if (strcmp(name, "path") == 0)
		add_path(s, attrs);
	else if (strcmp(name, "line") == 0)
		add_line(s, attrs);
	else if (strcmp(name, "circle") == 0)
		add_circle(s, attrs);
	else if (strcmp(name, "polyline") == 0 || strcmp(name, "polygon") == 0)
		add_points(s, attrs, name[4] == 'g');
	else if (strcmp(name, "rect") == 0)
		add_rect(s, attrs);
	else if (strcmp(name, "image") == 0)
		add_picture(s, attrs);
	else if (strcmp(name, "foreignObject") == 0)
		text_begin(s, attrs);
	else if (strcmp(name, "br") == 0 && s->in_text)
		buf_putc(&s->text, '\n');
	else if (strcmp(name, "g") == 0)
		s->depth++;
}

static void on_start(void *ctx, const char *name, const struct pres_attrs *attrs)
{
	struct shapes *s = ctx;
	bool group = strcmp(name, "g") == 0;

	if (s->open)
		add_element(s, name, attrs);
	else if (group && has_class(attrs, "canvas"))
		canvas_begin(s, attrs);
	else if (group && s->canvas >= 0) {
		if (has_class(attrs, "shape"))
			shape_begin(s, attrs);
		/* One that is no shape, or has no time, ends before the canvas does. */
		s->outside += !s->open;
	} else if (strcmp(name, "image") == 0 && s->canvas < 0)
		pres_add_image(s->p, attrs);
}

static void on_text(void *ctx, const char *text, size_t len)
{
	struct shapes *s = ctx;

	if (s->open && s->in_text)
		buf_add(&s->text, text, len);
}

static void on_end(void *ctx, const char *name)
{
	struct shapes *s = ctx;

	if (s->open && s->in_text && strcmp(name, "foreignObject") == 0)
		text_end(s);
	if (strcmp(name, "g") != 0)
		return;
	if (s->open && s->depth > 0)
		s->depth--;
	else if (s->open)
		shape_end(s);
	else if (s->outside > 0)
		s->outside--;
	else if (s->canvas >= 0)
		canvas_end(s);
}

int pres_read_shapes(struct pres *p, int fd)
{
	static const struct pres_xml xml = {on_start, on_text, on_end};
	struct shapes s = {.p = p, .canvas = -1};
	int rc;

	buf_init_max(&s.text, PRES_TEXT_MAX);
	rc = pres_xml_read(fd, &xml, &s);
	if (rc == -1)
		p->slides.count = p->shapes.count = 0;
	else
		pres_close_periods(p);
	buf_free(&s.text);
	free(s.versions.list.at);
	free(s.last.at);
	free(s.parts.at);
	free(s.scratch.ops.at);
	free(s.scratch.xy.at);
	pres_ids_free(&s.ids);
	return rc;
}
