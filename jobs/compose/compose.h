/* SPDX-License-Identifier: ISC */
/* b3lb-compose: what its parts share. */
#ifndef B3LB_COMPOSE_H
#define B3LB_COMPOSE_H

#include "base/err.h"
#include "presentation/json.h"
#include "presentation/model.h"

#include <cairo.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* What is asked for; sizes are even. */
struct compose_options {
	int width, height, fps;
	bool webcams; /* room for them on the right */
	bool annotations, cursor;
};

/* A rectangle of whole pixels; w 0: empty. */
struct rect {
	int x, y, w, h;
};

/* text.c: lines by pango, the same for the picture and for the player. One thread. */
struct text_maker;
struct text_maker *text_maker_new(void);
void text_maker_free(struct text_maker *t);
/* A pres_layout_fn whose ctx is a text_maker. */
void text_lines(void *ctx, const struct pres_part *part, pres_line_fn line, void *to);
/* Draws it in pixels of the slide. */
void text_draw(struct text_maker *t, cairo_t *c, const struct pres_part *part) b3lb_nonnull;

/* pictures.c: pictures of the presentation as pixels, kept while there is room. */
struct pictures;
struct pictures *pictures_new(struct pres *p) b3lb_nonnull;
void pictures_free(struct pictures *pictures);
/* Paints a file into w x h at the origin; scale: pixels of the surface for one of those, fit: the scale that is wanted most
 * of the time. Nothing when it cannot be drawn. */
void pictures_paint(struct pictures *pictures, cairo_t *c, const char *file, double w, double h, double scale,
	double fit) b3lb_nonnull;
/* How many files could not be drawn, and what is wrong with the first. */
int pictures_bad(const struct pictures *pictures, const char **why) b3lb_nonnull;

/* shape.c: one version of a shape; scale and fit as for pictures_paint. */
void shape_draw(cairo_t *c, const struct pres_shape *shape, struct text_maker *text,
	struct pictures *pictures, double scale, double fit) b3lb_nonnull;
/* Its box in pixels of the slide: false when only drawing it would tell. */
bool shape_box(const struct pres_shape *shape, double box[4]) b3lb_nonnull;

/* stage.c: the picture at a time, in layers, each drawn anew only when it changes. */
struct stage;
struct stage *stage_new(struct pres *p, const struct compose_options *options) b3lb_nonnull;
void stage_free(struct stage *s);
/*
 * Makes the picture that of time t, with these shapes (places in p->shapes, in drawing order; NULL for none); *changed is the part that is
 * another than before. The surface is RGB24, the stage's own.
 */
cairo_surface_t *stage_draw(struct stage *s, double t, const int *shapes, int count, struct rect *changed)
	__attribute__((nonnull(1, 5)));
const struct pictures *stage_pictures(const struct stage *s) b3lb_nonnull;

/* film.c: raw video in Matroska on a descriptor. */
struct film {
	int fd, width, height;
	uint8_t *picture; /* I420 */
};
int film_begin(struct film *f, int fd, int width, int height, struct err *err) b3lb_nonnull;
/* Takes a part of the surface over into its picture (BT.709, limited range). */
void film_convert(struct film *f, cairo_surface_t *from, struct rect part) b3lb_nonnull;
/* Writes the picture. 1, or 0 when the reader has gone: it has what it wants. */
int film_write(struct film *f, long long ms, struct err *err) b3lb_nonnull;
void film_end(struct film *f) b3lb_nonnull;

/* states.c: goes through all times at which the picture changes. What of it could not be drawn is said on `say`. */
int states_play(struct pres *p, const struct compose_options *options, int fd, FILE *say,
	struct err *err) b3lb_nonnull;

/* sandbox.c: from here on only files below dir and fonts can be read, nothing opened for writing, no program or
 * connection started. What the kernel does not have is left out. */
void sandbox_enter(const char *dir) b3lb_nonnull;

/* consumer.c: the program that reads the pictures. */
struct consumer {
	const char *name;
	pid_t pid;
	int fd; /* write to it */
};
/* argv ends with NULL and is found in PATH. It is killed when we end first. */
int consumer_start(char **argv, struct consumer *c, struct err *err) b3lb_nonnull;
/* Closes its input and waits for its end: -1 when it failed. */
int consumer_wait(struct consumer *c, struct err *err) b3lb_nonnull;

/* plan.c: what ffmpeg has to be told, as JSON. */
void plan_write(struct pres *p, struct buf *out) b3lb_nonnull;

#endif
