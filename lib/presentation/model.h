/* SPDX-License-Identifier: ISC */
/* A published presentation as one timeline: everything that is seen, with the times when it is. */
#ifndef B3LB_PRESENTATION_MODEL_H
#define B3LB_PRESENTATION_MODEL_H

#include "base/mem.h"
#include "presentation/shape.h"

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
/* The first frame that begins at t or behind it, as the two decimals of a timeline have it: where share and hidden presentation begin
 * and end in a film, for who draws it and for who lays the share over it. */
double pres_frame_of(double t, int fps);
/* Frees what it holds. */
void pres_free(struct pres *p) b3lb_nonnull;

#endif
