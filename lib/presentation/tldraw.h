/* SPDX-License-Identifier: ISC */
/* tldraw shapes of BigBlueButton 2.6 (v1) and 3.0 (v2): what its readers share. */
#ifndef B3LB_PRESENTATION_TLDRAW_H
#define B3LB_PRESENTATION_TLDRAW_H

#include "presentation/parse.h"
#include "presentation/pen.h"

#define TL_DEPTH_MAX  8
#define TL_POINTS_MAX 100000

/* A shape that is turned into parts. */
struct tl {
	struct pres *p;
	const json_t *page;	   /* the last shape_data of each id, for what an arrow is bound to */
	struct pres_matrix page_m; /* page units to pixels of the slide */
	struct pres_matrix local;  /* the shape's own to page units */
	const float *clip;
	double opacity;
	PRES_LIST(struct pres_part) parts;
};

/* Colours of one name. */
struct tl_colour {
	const char *name;
	int v1, v2, tint, highlight;
};
const struct tl_colour *tl_colour(const char *name) b3lb_nonnull;
/* A share of a colour mixed with another: 0 is the first, 1 the second. */
int tl_mix(int a, int b, double share);

/* How a line of tldraw looks. */
struct tl_line {
	int stroke, fill;
	double width;
	const char *dash; /* draw, solid, dashed, dotted */
};
/* Ends a path and adds it; widths and dashes are in page units. */
void tl_add_path(struct tl *t, struct pres_pen *pen, const struct tl_line *line) b3lb_nonnull;
/* A line by hand: as an outline, or stroked when its dash is another than draw. */
void tl_add_freehand(struct tl *t, const struct pres_point *points, const double *pressures, int count,
	bool complete, const struct tl_line *line, double stroke_width) b3lb_nonnull;

struct tl_text {
	const char *text;
	double x, y, w, h; /* w 0: not wrapped */
	double size, line_height, spacing;
	int colour;
	const char *font, *align; /* align: start, middle, end and synonyms */
	enum pres_align valign;
	bool bold;
};
void tl_add_text(struct tl *t, const struct tl_text *text) b3lb_nonnull;

/* A curve from a to b through m, with heads where wanted. */
void tl_add_arrow(struct tl *t, struct pres_point a, struct pres_point m, struct pres_point b,
	bool start_head, bool end_head, const struct tl_line *line, double sw) b3lb_nonnull;

/* Draws the outline of a geometric shape of that name into w x h. */
void tl_geo(struct pres_pen *pen, const char *name, double w, double h) b3lb_nonnull;

/* Each turns a shape into parts of t; false: left out. */
bool tl_v1_shape(struct tl *t, const json_t *shape) b3lb_nonnull;
bool tl_v2_shape(struct tl *t, const json_t *shape) b3lb_nonnull;

#endif
