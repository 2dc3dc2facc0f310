/* SPDX-License-Identifier: ISC */
/* Files of timed events: panzooms.xml, cursor.xml, deskshare.xml, layout.xml. */
#include "config.h"
#include "presentation/parse.h"
#include "presentation/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct events {
	struct pres *p;
	bool tldraw;
	double t;	 /* of the event that is open; NAN: none, or it has no time */
	struct buf text; /* of the viewBox or cursor that is open */
};

static bool is_true(const char *text)
{
	return text && strcmp(text, "true") == 0;
}

static double time_of(const struct pres *p, const struct pres_attrs *attrs, const char *name)
{
	double t = pres_attr_number(attrs, name, NAN);

	/* Behind the end nothing is seen; before the start it holds from the start. */
	return isnan(t) || t > p->duration ? NAN : fmax(t, 0);
}

static void point_start(void *ctx, const char *name, const struct pres_attrs *attrs)
{
	struct events *e = ctx;

	if (strcmp(name, "recording") == 0)
		e->tldraw = is_true(pres_attr(attrs, "tldraw"));
	else if (strcmp(name, "event") == 0)
		e->t = time_of(e->p, attrs, "timestamp");
	buf_clear(&e->text);
}

static void point_text(void *ctx, const char *text, size_t len)
{
	struct events *e = ctx;

	if (e->text.len + len <= 1024)
		buf_add(&e->text, text, len);
}

/* Times of a list never go back, whatever the file says: the order in it decides. */
static double not_before(double t, double last)
{
	return fmax(t, last);
}

static void view_end(void *ctx, const char *name)
{
	struct events *e = ctx;
	struct pres *p = e->p;
	double n[4];

	if (strcmp(name, "viewBox") != 0 || isnan(e->t) || p->views.count >= PRES_VIEWS_MAX ||
		pres_numbers(buf_str(&e->text), n, 4) != 4)
		return;
	if (p->views.count)
		e->t = not_before(e->t, p->views.at[p->views.count - 1].t);
	*pres_add(&p->views) = (struct pres_view){e->t, (float)n[0], (float)n[1], (float)n[2], (float)n[3]};
}

int pres_read_views(struct pres *p, int fd)
{
	static const struct pres_xml xml = {point_start, point_text, view_end};
	struct events e = {.p = p, .t = NAN};
	int rc = pres_xml_read(fd, &xml, &e);

	buf_free(&e.text);
	p->tldraw_views = e.tldraw;
	if (rc == -1)
		p->views.count = 0;
	return rc;
}

static void cursor_end(void *ctx, const char *name)
{
	struct events *e = ctx;
	struct pres *p = e->p;
	bool hidden;
	double n[2];

	if (strcmp(name, "cursor") != 0 || isnan(e->t) || p->cursors.count >= PRES_CURSORS_MAX ||
		pres_numbers(buf_str(&e->text), n, 2) != 2 || fabs(n[0]) > 1e6 || fabs(n[1]) > 1e6)
		return;
	if (p->cursors.count)
		e->t = not_before(e->t, p->cursors.at[p->cursors.count - 1].t);
	/* On an infinite whiteboard the pointer may well be left of the slide. */
	hidden = e->tldraw ? n[0] == -1 && n[1] == -1 : n[0] < 0 || n[1] < 0;
	*pres_add(&p->cursors) = (struct pres_cursor){e->t, (float)n[0], (float)n[1], hidden};
}

int pres_read_cursor(struct pres *p, int fd)
{
	static const struct pres_xml xml = {point_start, point_text, cursor_end};
	struct events e = {.p = p, .t = NAN};
	int rc = pres_xml_read(fd, &xml, &e);

	buf_free(&e.text);
	p->tldraw_cursors = e.tldraw;
	if (rc == -1)
		p->cursors.count = 0;
	return rc;
}

static int side(const struct pres_attrs *attrs, const char *name)
{
	double n = pres_attr_number(attrs, name, 0);

	return n >= 1 && n <= PRES_SIDE_MAX ? (int)n : 0;
}

static void share_start(void *ctx, const char *name, const struct pres_attrs *attrs)
{
	struct pres *p = ctx;
	double from, to;

	if (strcmp(name, "event") != 0 || p->shares.count >= PRES_SPANS_MAX)
		return;
	from = pres_attr_number(attrs, "start_timestamp", NAN);
	to = pres_attr_number(attrs, "stop_timestamp", INFINITY);
	if (isnan(from))
		return;
	from = fmax(from, 0);
	to = fmin(to, p->duration);
	if (p->shares.count)
		from = fmax(from, p->shares.at[p->shares.count - 1].to);
	if (from < to)
		*pres_add(&p->shares) =
			(struct pres_span){from, to, side(attrs, "video_width"), side(attrs, "video_height")};
}

int pres_read_shares(struct pres *p, int fd)
{
	static const struct pres_xml xml = {.start = share_start};
	int rc = pres_xml_read(fd, &xml, p);

	if (rc == -1)
		p->shares.count = 0;
	return rc;
}

static signed char shown(const char *text)
{
	return text ? strcmp(text, "false") != 0 : -1;
}

static void swap_start(void *ctx, const char *name, const struct pres_attrs *attrs)
{
	struct pres *p = ctx;
	double t = strcmp(name, "event") == 0 ? time_of(p, attrs, "timestamp") : NAN;

	if (isnan(t) || p->swaps.count >= PRES_SPANS_MAX)
		return;
	if (p->swaps.count)
		t = not_before(t, p->swaps.at[p->swaps.count - 1].t);
	*pres_add(&p->swaps) = (struct pres_swap){
		t, shown(pres_attr(attrs, "show_screenshare")), shown(pres_attr(attrs, "show_presentation"))};
}

int pres_read_layout(struct pres *p, int fd)
{
	static const struct pres_xml xml = {.start = swap_start};
	int rc = pres_xml_read(fd, &xml, p);

	if (rc == -1)
		p->swaps.count = 0;
	return rc;
}
