/* SPDX-License-Identifier: ISC */
/* What a presentation draws on its slides: versions of shapes, made of a few kinds of parts. */
#ifndef B3LB_PRESENTATION_SHAPE_H
#define B3LB_PRESENTATION_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#define PRES_LIST(type)                                                                                      \
	struct {                                                                                             \
		type *at;                                                                                    \
		int count, cap;                                                                              \
	}
/* A new element at a list's end, zeroed. */
#define pres_add(list)                                                                                       \
	(__extension__({                                                                                     \
		(list)->at = pres_list_grow((list)->at, (list)->count, &(list)->cap, sizeof(*(list)->at));   \
		&(list)->at[(list)->count++];                                                                \
	}))
void *pres_list_grow(void *at, int count, int *cap, size_t size);

/* Path operators, with so many numbers each: 2, 2, 6, 0. */
enum pres_op { PRES_MOVE, PRES_LINE, PRES_CURVE, PRES_CLOSE };
extern const int pres_op_floats[];

/* Points that versions of a line share: a version is the first so many of them. */
struct pres_line {
	PRES_LIST(unsigned char) ops;
	PRES_LIST(float) xy;
};

enum pres_kind { PRES_PATH, PRES_TEXT, PRES_IMAGE };
enum pres_family { PRES_SANS, PRES_SERIF, PRES_MONO, PRES_HAND };
enum pres_align { PRES_START, PRES_MIDDLE, PRES_END };

#define PRES_NONE (-1) /* no colour */

/* One thing to draw, in pixels of the slide. */
struct pres_part {
	unsigned char kind;
	float opacity;
	const float *clip; /* four corners, or NULL */
	union {
		struct {
			const struct pres_line *line;
			int ops, floats;
			int stroke, fill; /* 0xRRGGBB or PRES_NONE */
			float width, dash[2];
		} path;
		struct {
			const char *text;
			float x, y, w, h; /* w 0: no wrapping; aligned in h when it is not 0 */
			float angle;	  /* radians about x,y */
			float size, line_height, spacing; /* line_height 0: the font's own; spacing: em */
			int colour;
			unsigned char family, align, valign;
			bool bold;
		} text;
		struct {
			const char *file;
			float x, y, w, h, angle;
		} image;
	};
};

/* A version of a shape, in [from, to). */
struct pres_shape {
	double from, to;
	int slide, key; /* key: the same for all versions of one shape in one period */
	int z;		/* drawing order within the period */
	int count;
	const struct pres_part *parts;
};

enum pres_board { PRES_LEGACY, PRES_TLDRAW };

#endif
