/* SPDX-License-Identifier: ISC */
/* Lines drawn by hand. */
#include "config.h"
#include "presentation/freehand.h"

#include <math.h>
#include <stdlib.h>

/* How fast pressure follows speed. */
#define PRESSURE_RATE 0.275
/* Pieces of a half circle: at a sharp corner, and at the ends. */
#define CORNER_PIECES 13
#define CAP_PIECES    9

struct sample {
	struct pres_point at, from; /* from: unit vector to the one before */
	double pressure, run;	    /* run: length of the line until here */
};
struct samples {
	PRES_LIST(struct sample) list;
};
struct edge {
	PRES_LIST(struct pres_point) list;
};

static struct pres_point minus(struct pres_point a, struct pres_point b)
{
	return (struct pres_point){a.x - b.x, a.y - b.y};
}

static struct pres_point between(struct pres_point a, struct pres_point b, double t)
{
	return (struct pres_point){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

static struct pres_point unit(struct pres_point a)
{
	double length = hypot(a.x, a.y);

	return length > 0 ? (struct pres_point){a.x / length, a.y / length} : a;
}

static double dot(struct pres_point a, struct pres_point b)
{
	return a.x * b.x + a.y * b.y;
}

/* The point turned about a centre. */
static struct pres_point turned(struct pres_point p, struct pres_point c, double angle)
{
	struct pres_point d = minus(p, c);

	return (struct pres_point){
		c.x + d.x * cos(angle) - d.y * sin(angle), c.y + d.x * sin(angle) + d.y * cos(angle)};
}

/* A running mean, so that a shaking hand is not seen. */
static void smooth(const struct pres_stroke *stroke, const struct pres_point *points, const double *pressures,
	int count, struct samples *out)
{
	double t = 0.15 + (1 - stroke->streamline) * 0.85, run = 0;
	bool started = false;

	*pres_add(&out->list) = (struct sample){points[0], {1, 1}, pressures[0], 0};
	for (int i = 1; i < count; i++) {
		struct sample *last = &out->list.at[out->list.count - 1], next;
		bool end = i == count - 1;

		next.at = stroke->complete && end ? points[i] : between(last->at, points[i], t);
		next.from = minus(last->at, next.at);
		if (next.from.x == 0 && next.from.y == 0)
			continue;
		run += hypot(next.from.x, next.from.y);
		/* What is nearer to the start than the line is wide tells no direction. */
		if (!end && !started && run < stroke->size)
			continue;
		started = true;
		next.from = unit(next.from);
		next.pressure = pressures[i];
		next.run = run;
		*pres_add(&out->list) = next;
	}
	out->list.at[0].from = out->list.count > 1 ? out->list.at[1].from : (struct pres_point){0, 0};
}

static double radius_of(const struct pres_stroke *stroke, double pressure)
{
	double x = 0.5 - stroke->thinning * (0.5 - pressure);

	return stroke->size * (stroke->simulate ? sin(x * M_PI / 2) : x * x);
}

static double pressure_of(const struct pres_stroke *stroke, const struct samples *s, int i, double before)
{
	double speed, rate;

	if (!stroke->simulate)
		return s->list.at[i].pressure;
	speed = i ? fmin(1, (s->list.at[i].run - s->list.at[i - 1].run) / stroke->size) : 0;
	rate = fmin(1, 1 - speed);
	return fmin(1, before + (rate - before) * (speed * PRESSURE_RATE));
}

/* Half a circle on each side, where the line turns back. */
static void corner(const struct sample *s, const struct sample *before, double radius, struct edge *left,
	struct edge *right)
{
	struct pres_point a = {s->at.x - before->from.y * radius, s->at.y + before->from.x * radius};
	struct pres_point b = {s->at.x + before->from.y * radius, s->at.y - before->from.x * radius};

	for (int k = 0; k <= CORNER_PIECES; k++) {
		*pres_add(&left->list) = turned(a, s->at, M_PI * k / CORNER_PIECES);
		*pres_add(&right->list) = turned(b, s->at, -M_PI * k / CORNER_PIECES);
	}
}

static void add_far(struct edge *edge, struct pres_point p, double min, bool always)
{
	struct pres_point d = edge->list.count ? minus(p, edge->list.at[edge->list.count - 1]) : p;

	if (always || dot(d, d) > min * min)
		*pres_add(&edge->list) = p;
}

static void edges(
	const struct pres_stroke *stroke, const struct samples *s, struct edge *left, struct edge *right)
{
	double pressure = 0.5;

	for (int i = 0; i < s->list.count; i++) {
		const struct sample *here = &s->list.at[i], *next = i + 1 < s->list.count ? here + 1 : here;
		double turn = next == here ? 1 : dot(here->from, next->from), radius;
		struct pres_point o;

		pressure = pressure_of(stroke, s, i, pressure);
		radius = radius_of(stroke, pressure);
		if (turn < 0 && i > 0) {
			corner(here, here - 1, radius, left, right);
			continue;
		}
		o = next == here ? here->from : between(next->from, here->from, turn);
		o = (struct pres_point){o.y * radius, -o.x * radius};
		add_far(left, minus(here->at, o), stroke->size * stroke->smoothing, i <= 1);
		add_far(right, (struct pres_point){here->at.x + o.x, here->at.y + o.y},
			stroke->size * stroke->smoothing, i <= 1);
	}
}

/* Quadratic curves through the middles between points. */
static void through(struct pres_pen *pen, const struct pres_point *p, int count, bool closed)
{
	struct pres_point first = closed ? between(p[count - 1], p[0], 0.5) : p[0], middle;

	pres_pen_move(pen, first.x, first.y);
	for (int i = 1; i < count; i++) {
		middle = between(p[i - 1], p[i], 0.5);
		pres_pen_quad(pen, p[i - 1].x, p[i - 1].y, middle.x, middle.y);
	}
	middle = closed ? first : p[count - 1];
	pres_pen_quad(pen, p[count - 1].x, p[count - 1].y, middle.x, middle.y);
	if (closed)
		pres_pen_close(pen);
}

static void middle_line(struct pres_pen *pen, const struct samples *s)
{
	struct edge line = {0};

	for (int i = 0; i < s->list.count; i++)
		*pres_add(&line.list) = s->list.at[i].at;
	through(pen, line.list.at, line.list.count, false);
	free(line.list.at);
}

static void outline(struct pres_pen *pen, const struct pres_stroke *stroke, const struct samples *s)
{
	struct edge left = {0}, right = {0};
	struct pres_point start = s->list.at[0].at, end = s->list.at[s->list.count - 1].at, from;

	edges(stroke, s, &left, &right);
	from = left.list.at[left.list.count - 1];
	for (int k = 1; k < CAP_PIECES; k++)
		*pres_add(&left.list) = turned(from, end, M_PI * k / CAP_PIECES);
	for (int i = right.list.count - 1; i >= 0; i--)
		*pres_add(&left.list) = right.list.at[i];
	from = right.list.at[0];
	for (int k = 1; k < CAP_PIECES; k++)
		*pres_add(&left.list) = turned(from, start, M_PI * k / CAP_PIECES);
	through(pen, left.list.at, left.list.count, true);
	free(left.list.at);
	free(right.list.at);
}

void pres_freehand(struct pres_pen *pen, const struct pres_stroke *stroke, const struct pres_point *points,
	const double *pressures, int count, bool as_line)
{
	struct samples s = {0};

	if (count <= 0)
		return;
	smooth(stroke, points, pressures, count, &s);
	if (s.list.count == 1)
		pres_pen_ellipse(pen, points[0].x, points[0].y, stroke->size / 2, stroke->size / 2);
	else if (as_line)
		middle_line(pen, &s);
	else
		outline(pen, stroke, &s);
	free(s.list.at);
}
