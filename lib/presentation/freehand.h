/* SPDX-License-Identifier: ISC */
/* Lines drawn by hand whose width follows the pen (the public "perfect freehand" algorithm, as tldraw uses it). */
#ifndef B3LB_PRESENTATION_FREEHAND_H
#define B3LB_PRESENTATION_FREEHAND_H

#include "presentation/pen.h"

struct pres_stroke {
	double size; /* diameter at a pressure of 1/2 */
	double thinning, smoothing, streamline;
	bool simulate; /* no pressure was recorded: it follows from speed */
	bool complete; /* the line ends at its last point, not at the mean of the last ones */
};

/*
 * Draws the outline of the points, to be filled, or (as_line) the smoothed points as a line, to be stroked. pressures:
 * 0..1 for each point. Nothing for count 0. Any thread.
 */
void pres_freehand(struct pres_pen *pen, const struct pres_stroke *stroke, const struct pres_point *points,
	const double *pressures, int count, bool as_line) b3lb_nonnull;

#endif
