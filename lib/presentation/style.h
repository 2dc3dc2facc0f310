/* SPDX-License-Identifier: ISC */
/* The style of an old annotation: the few properties that BigBlueButton's scripts write. */
#ifndef B3LB_PRESENTATION_STYLE_H
#define B3LB_PRESENTATION_STYLE_H

#include "presentation/model.h"

struct pres_style {
	int stroke, fill, color; /* 0xRRGGBB or PRES_NONE */
	double width, font_size;
};

/* "#rgb", "#rrggbb" or "none"; otherwise for anything else. */
int pres_colour_of(const char *text, int otherwise) b3lb_nonnull;
/* Of style="", which may be NULL. What is no property of ours, or no value, is passed over. */
struct pres_style pres_style_of(const char *text);

#endif
