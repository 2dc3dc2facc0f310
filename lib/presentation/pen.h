/* SPDX-License-Identifier: ISC */
/* Draws paths of the model: points go through a transformation into a line of the presentation. */
#ifndef B3LB_PRESENTATION_PEN_H
#define B3LB_PRESENTATION_PEN_H

#include "presentation/model.h"

struct pres_point {
	double x, y;
};
/* x' = a x + c y + e, y' = b x + d y + f */
struct pres_matrix {
	double a, b, c, d, e, f;
};
#define PRES_IDENTITY ((struct pres_matrix){1, 0, 0, 1, 0, 0})

/* First inner, then outer. */
struct pres_matrix pres_matrix_mul(struct pres_matrix outer, struct pres_matrix inner);
struct pres_matrix pres_matrix_move(struct pres_matrix m, double x, double y);
struct pres_matrix pres_matrix_turn(struct pres_matrix m, double angle);
struct pres_point pres_matrix_apply(const struct pres_matrix *m, double x, double y) b3lb_nonnull;
/* By how much it makes lengths longer. */
double pres_matrix_scale(const struct pres_matrix *m) b3lb_nonnull;

/* A path that is drawn. bad: a number was none, or a limit was reached; then nothing comes of it. */
struct pres_pen {
	struct pres *p;
	struct pres_matrix m;
	struct pres_line *line;
	struct pres_point at; /* not transformed */
	bool bad;
};
struct pres_pen pres_pen_begin(struct pres *p, struct pres_matrix m) b3lb_nonnull;
void pres_pen_move(struct pres_pen *pen, double x, double y) b3lb_nonnull;
void pres_pen_line(struct pres_pen *pen, double x, double y) b3lb_nonnull;
void pres_pen_curve(
	struct pres_pen *pen, double x1, double y1, double x2, double y2, double x, double y) b3lb_nonnull;
void pres_pen_quad(struct pres_pen *pen, double x1, double y1, double x, double y) b3lb_nonnull;
/* An elliptic arc as SVG's path has it (SVG 1.1, F.6). */
void pres_pen_arc(struct pres_pen *pen, double rx, double ry, double turn, bool large, bool sweep, double x,
	double y) b3lb_nonnull;
void pres_pen_ellipse(struct pres_pen *pen, double x, double y, double rx, double ry) b3lb_nonnull;
void pres_pen_close(struct pres_pen *pen) b3lb_nonnull;
/* SVG's path data, absolute commands M L H V C Q A Z; false when it holds others. */
bool pres_pen_path(struct pres_pen *pen, const char *d) b3lb_nonnull;
/* What was drawn as a part, without colours; kind PRES_PATH with no operators when it is bad. */
struct pres_part pres_pen_end(const struct pres_pen *pen) b3lb_nonnull;

#endif
