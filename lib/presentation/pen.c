/* SPDX-License-Identifier: ISC */
/* Draws paths of the model. */
#include "config.h"
#include "presentation/pen.h"

#include "presentation/parse.h"

#include <math.h>
#include <string.h>

/* Farther than any slide: what is there is no drawing. */
#define FAR 1e6
/* A cubic curve is next to a quarter of a circle with this. */
#define KAPPA 0.5522847498307936

struct pres_matrix pres_matrix_mul(struct pres_matrix o, struct pres_matrix i)
{
	return (struct pres_matrix){
		o.a * i.a + o.c * i.b,
		o.b * i.a + o.d * i.b,
		o.a * i.c + o.c * i.d,
		o.b * i.c + o.d * i.d,
		o.a * i.e + o.c * i.f + o.e,
		o.b * i.e + o.d * i.f + o.f,
	};
}

struct pres_matrix pres_matrix_move(struct pres_matrix m, double x, double y)
{
	return pres_matrix_mul(m, (struct pres_matrix){1, 0, 0, 1, x, y});
}

struct pres_matrix pres_matrix_turn(struct pres_matrix m, double angle)
{
	double c = cos(angle), s = sin(angle);

	return angle == 0 ? m : pres_matrix_mul(m, (struct pres_matrix){c, s, -s, c, 0, 0});
}

struct pres_point pres_matrix_apply(const struct pres_matrix *m, double x, double y)
{
	return (struct pres_point){m->a * x + m->c * y + m->e, m->b * x + m->d * y + m->f};
}

double pres_matrix_scale(const struct pres_matrix *m)
{
	return sqrt(fabs(m->a * m->d - m->b * m->c));
}

struct pres_pen pres_pen_begin(struct pres *p, struct pres_matrix m)
{
	return (struct pres_pen){.p = p, .m = m, .line = pres_line_new(p)};
}

static void put(struct pres_pen *pen, enum pres_op op, const double *xy)
{
	if (pen->p->floats + pres_op_floats[op] > PRES_FLOATS_MAX)
		pen->bad = true;
	for (int i = 0; i < pres_op_floats[op] && !pen->bad; i += 2) {
		struct pres_point q = pres_matrix_apply(&pen->m, xy[i], xy[i + 1]);

		/* Not a number compares false. */
		if (!(fabs(q.x) < FAR && fabs(q.y) < FAR)) {
			pen->bad = true;
			return;
		}
		*pres_add(&pen->line->xy) = (float)q.x;
		*pres_add(&pen->line->xy) = (float)q.y;
		pen->at = (struct pres_point){xy[i], xy[i + 1]};
	}
	pen->p->floats += pres_op_floats[op];
	if (!pen->bad)
		*pres_add(&pen->line->ops) = (unsigned char)op;
}

void pres_pen_move(struct pres_pen *pen, double x, double y)
{
	put(pen, PRES_MOVE, (const double[]){x, y});
}

void pres_pen_line(struct pres_pen *pen, double x, double y)
{
	put(pen, PRES_LINE, (const double[]){x, y});
}

void pres_pen_curve(struct pres_pen *pen, double x1, double y1, double x2, double y2, double x, double y)
{
	put(pen, PRES_CURVE, (const double[]){x1, y1, x2, y2, x, y});
}

void pres_pen_quad(struct pres_pen *pen, double x1, double y1, double x, double y)
{
	struct pres_point a = pen->at;

	pres_pen_curve(pen, a.x + 2 * (x1 - a.x) / 3, a.y + 2 * (y1 - a.y) / 3, x + 2 * (x1 - x) / 3,
		y + 2 * (y1 - y) / 3, x, y);
}

void pres_pen_close(struct pres_pen *pen)
{
	put(pen, PRES_CLOSE, NULL);
}

void pres_pen_ellipse(struct pres_pen *pen, double x, double y, double rx, double ry)
{
	double kx = rx * KAPPA, ky = ry * KAPPA;

	pres_pen_move(pen, x + rx, y);
	pres_pen_curve(pen, x + rx, y + ky, x + kx, y + ry, x, y + ry);
	pres_pen_curve(pen, x - kx, y + ry, x - rx, y + ky, x - rx, y);
	pres_pen_curve(pen, x - rx, y - ky, x - kx, y - ry, x, y - ry);
	pres_pen_curve(pen, x + kx, y - ry, x + rx, y - ky, x + rx, y);
	pres_pen_close(pen);
}

/* Pieces of at most a quarter of an arc about (cx, cy), by angles on the unit circle. */
static void arc_pieces(
	struct pres_pen *pen, const double *r, struct pres_point c, double turn, double from, double by)
{
	int pieces = (int)ceil(fabs(by) / (M_PI / 2) - 1e-9);
	double ct = cos(turn), st = sin(turn), step, k;

	pieces = pieces < 1 ? 1 : pieces;
	step = by / pieces;
	k = 4.0 / 3 * tan(step / 4);
	for (int i = 0; i < pieces; i++) {
		double a = from + i * step, b = a + step;
		double u[] = {cos(a) - k * sin(a), sin(a) + k * cos(a), cos(b) + k * sin(b),
			sin(b) - k * cos(b), cos(b), sin(b)};

		for (int n = 0; n < 6; n += 2) {
			double x = u[n] * r[0], y = u[n + 1] * r[1];

			u[n] = c.x + ct * x - st * y;
			u[n + 1] = c.y + st * x + ct * y;
		}
		pres_pen_curve(pen, u[0], u[1], u[2], u[3], u[4], u[5]);
	}
}

void pres_pen_arc(
	struct pres_pen *pen, double rx, double ry, double turn, bool large, bool sweep, double x, double y)
{
	double ct = cos(turn), st = sin(turn), dx = (pen->at.x - x) / 2, dy = (pen->at.y - y) / 2;
	double px = ct * dx + st * dy, py = -st * dx + ct * dy, r[] = {fabs(rx), fabs(ry)}, grow, k, from, by;
	struct pres_point c, end = {x, y};

	if ((dx == 0 && dy == 0) || r[0] == 0 || r[1] == 0) {
		pres_pen_line(pen, x, y);
		return;
	}
	grow = sqrt(px * px / (r[0] * r[0]) + py * py / (r[1] * r[1]));
	if (grow > 1) {
		r[0] *= grow;
		r[1] *= grow;
	}
	k = r[0] * r[0] * py * py + r[1] * r[1] * px * px;
	k = sqrt(fmax(0, (r[0] * r[0] * r[1] * r[1] - k) / k)) * (large == sweep ? -1 : 1);
	c = (struct pres_point){k * r[0] * py / r[1], -k * r[1] * px / r[0]};
	from = atan2((py - c.y) / r[1], (px - c.x) / r[0]);
	by = atan2((-py - c.y) / r[1], (-px - c.x) / r[0]) - from;
	/* Of numbers too large or small to be squared nothing is left: a line, as of a radius that is none. */
	if (!isfinite(by) || !isfinite(c.x) || !isfinite(c.y)) {
		pres_pen_line(pen, x, y);
		return;
	}
	if (sweep && by < 0)
		by += 2 * M_PI;
	else if (!sweep && by > 0)
		by -= 2 * M_PI;
	c = (struct pres_point){
		ct * c.x - st * c.y + (pen->at.x + end.x) / 2, st * c.x + ct * c.y + (pen->at.y + end.y) / 2};
	arc_pieces(pen, r, c, turn, from, by);
}

static void path_command(struct pres_pen *pen, char command, const double *n)
{
	switch (command) {
	case 'M':
		pres_pen_move(pen, n[0], n[1]);
		break;
	case 'L':
		pres_pen_line(pen, n[0], n[1]);
		break;
	case 'H':
		pres_pen_line(pen, n[0], pen->at.y);
		break;
	case 'V':
		pres_pen_line(pen, pen->at.x, n[0]);
		break;
	case 'Q':
		pres_pen_quad(pen, n[0], n[1], n[2], n[3]);
		break;
	case 'C':
		pres_pen_curve(pen, n[0], n[1], n[2], n[3], n[4], n[5]);
		break;
	default:
		pres_pen_arc(pen, n[0], n[1], n[2] * M_PI / 180, n[3] != 0, n[4] != 0, n[5], n[6]);
	}
}

bool pres_pen_path(struct pres_pen *pen, const char *d)
{
	static const char commands[] = "MLHVQCAZ";
	static const int numbers[] = {2, 2, 1, 1, 4, 6, 7, 0};
	char command = 0;
	double n[7];

	for (d += strspn(d, " \t\r\n,"); *d && !pen->bad; d += strspn(d, " \t\r\n,")) {
		const char *known = strchr(commands, *d);
		int count;

		if (known) {
			command = *d++;
		} else if (!command || command == 'Z') {
			return false;
		}
		count = numbers[strchr(commands, command) - commands];
		for (int i = 0; i < count; i++) {
			d += strspn(d, " \t\r\n,");
			if (!pres_number(d, &d, &n[i]))
				return false;
		}
		if (!pen->line->ops.count && command != 'M')
			return false;
		if (command == 'Z')
			pres_pen_close(pen);
		else
			path_command(pen, command, n);
		/* More numbers behind a move are lines. */
		command = command == 'M' ? 'L' : command;
	}
	return !pen->bad;
}

struct pres_part pres_pen_end(const struct pres_pen *pen)
{
	struct pres_part part = {.kind = PRES_PATH, .opacity = 1};

	part.path.line = pen->line;
	part.path.ops = pen->bad ? 0 : pen->line->ops.count;
	part.path.floats = pen->bad ? 0 : pen->line->xy.count;
	part.path.stroke = part.path.fill = PRES_NONE;
	return part;
}
