/* SPDX-License-Identifier: ISC */
/* A published presentation as one timeline: everything that is seen, with the times when it is. */
#ifndef B3LB_PRESENTATION_MODEL_H
#define B3LB_PRESENTATION_MODEL_H

#include "base/mem.h"

#include <stdbool.h>

/* Limits: what is over them is left out, or its file is. */
#define PRES_SECONDS_MAX  86400
#define PRES_PERIODS_MAX  100000
#define PRES_VERSIONS_MAX 2000000
#define PRES_FLOATS_MAX	  20000000
#define PRES_VIEWS_MAX	  1000000
#define PRES_CURSORS_MAX  2000000
#define PRES_SPANS_MAX	  10000
#define PRES_ENTRIES_MAX  200000 /* of chat, polls, texts ... */
#define PRES_TEXT_MAX	  65536	 /* bytes of a shape's text */
#define PRES_SIDE_MAX	  20000	 /* pixels of a slide */

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

/* A display period. */
struct pres_slide {
	double from, to;
	const char *file; /* NULL: nothing to show */
	float w, h;
	int number; /* N of imageN */
	enum pres_board board;
	float scale, offset; /* tldraw: page units = pixels * scale + offset */
};

struct pres_view {
	double t;
	float x, y, w, h;
};
struct pres_cursor {
	double t;
	float x, y;
	bool hidden;
};
struct pres_span {
	double from, to;
	int w, h;
};
struct pres_swap {
	double t;
	signed char share, slides; /* shown: 1, 0; -1: not said */
};
struct pres_reaction {
	const char *emoji;
	int count;
};
struct pres_chat {
	double t, out; /* out < 0: never */
	const char *name, *text, *id, *reply;
	double edited; /* < 0: never */
	bool moderator, strong;
	PRES_LIST(struct pres_reaction) reactions;
};
struct pres_caption {
	const char *locale, *name, *file;
};
struct pres_answer {
	const char *key;
	int votes;
};
struct pres_poll {
	double t;
	const char *type, *question;
	int responders, respondents;
	PRES_LIST(struct pres_answer) answers;
};
struct pres_text {
	const char *slide; /* PRES/slide-N */
	const char *text;
};
struct pres_video {
	double t;
	const char *url;
};

/* All of it. Texts are the arena's. Zero-initialise; one thread. */
struct pres {
	struct arena arena;
	int dir; /* descriptor of the directory it is read from */
	double duration;
	const char *title;
	const char *notes; /* file, or NULL */
	PRES_LIST(struct pres_slide) slides;
	PRES_LIST(struct pres_shape) shapes;
	PRES_LIST(struct pres_view) views;
	PRES_LIST(struct pres_cursor) cursors;
	PRES_LIST(struct pres_span) shares;
	PRES_LIST(struct pres_span) hidden; /* the webcams take the whole picture */
	PRES_LIST(struct pres_swap) swaps;
	PRES_LIST(struct pres_chat) chat;
	PRES_LIST(struct pres_caption) captions;
	PRES_LIST(struct pres_poll) polls;
	PRES_LIST(struct pres_text) texts;
	PRES_LIST(struct pres_video) videos;
	PRES_LIST(const char *) broken; /* files that are there and could not be read */
	PRES_LIST(struct pres_line *) lines;
	long long floats;
	int keys;
	bool tldraw_views, tldraw_cursors; /* what panzooms.xml and cursor.xml say */
	int left_out;			   /* shapes that are over a limit or make no sense */
};

/* Whether the archive has that file (an empty one counts: it was not copied). name is below the directory. */
bool pres_has(struct pres *p, const char *name) b3lb_nonnull;
/* The first that is there of "a", "b", NULL; NULL when none is. */
const char *pres_first(struct pres *p, const char *const names[]) b3lb_nonnull;
/* Opens it for reading; -1 when it is not there. */
int pres_open_file(struct pres *p, const char *name) b3lb_nonnull;
/* A new line, owned by p. */
struct pres_line *pres_line_new(struct pres *p) b3lb_nonnull;
/* The period at t, or -1. */
int pres_slide_at(const struct pres *p, double t) b3lb_nonnull;
/* What is seen at t: false when nothing was said, or a list is empty. Binary searches. */
bool pres_view_at(const struct pres *p, double t, struct pres_view *view) b3lb_nonnull;
bool pres_cursor_at(const struct pres *p, double t, struct pres_cursor *cursor) b3lb_nonnull;
/* Whether t is in one of a sorted list of spans. */
bool pres_in_spans(const struct pres_span *spans, int count, double t);
/* Frees what it holds. */
void pres_free(struct pres *p) b3lb_nonnull;

#endif
