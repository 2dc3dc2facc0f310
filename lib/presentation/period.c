/* SPDX-License-Identifier: ISC */
/* The periods of shapes.svg: which slide is shown when. */
#include "config.h"
#include "presentation/build.h"
#include "presentation/file.h"
#include "presentation/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PERIODS_OF_IMAGE_MAX 1000

int pres_image_number(const char *id)
{
	char *end = NULL;
	long n = id && strncmp(id, "image", 5) == 0 ? strtol(id + 5, &end, 10) : -1;

	return end && end != id + 5 && !*end && n >= 0 && n <= 10 * PRES_PERIODS_MAX ? (int)n : -1;
}

static double side(const struct pres_attrs *attrs, const char *name, double otherwise)
{
	double n = pres_attr_number(attrs, name, otherwise);

	return n >= 1 && n <= PRES_SIDE_MAX ? n : otherwise;
}

/* Periods of old files come in any order; where each ends is seen when all are there. */
static void add_period(struct pres *p, const struct pres_slide *like, double from, double to)
{
	struct pres_slide *slide;
	int at = p->slides.count;

	from = fmax(from, 0);
	/* What is never seen must not cut what is; one that is the only one is better than none. */
	if (p->slides.count >= PRES_PERIODS_MAX || (to <= from && at))
		return;
	while (at && p->slides.at[at - 1].from > from)
		at--;
	pres_add(&p->slides);
	slide = &p->slides.at[at];
	memmove(slide + 1, slide, sizeof(*slide) * (size_t)(p->slides.count - 1 - at));
	for (int i = 0; at < p->slides.count - 1 && i < p->shapes.count; i++)
		p->shapes.at[i].slide += p->shapes.at[i].slide >= at;
	*slide = *like;
	slide->from = from;
	slide->to = to;
}

bool pres_is_picture(const char *href)
{
	const struct pres_file *file = href ? pres_file_of(href) : NULL;

	return file && file->kind == PRES_FILE_PICTURE;
}

void pres_add_image(struct pres *p, const struct pres_attrs *attrs)
{
	const char *href = pres_attr(attrs, "href"), *in = pres_attr(attrs, "in"),
		   *out = pres_attr(attrs, "out");
	struct pres_slide like = {.w = (float)side(attrs, "width", 1600),
		.h = (float)side(attrs, "height", 900),
		.number = pres_image_number(pres_attr(attrs, "id")),
		.scale = 1};
	double from, to;

	if (pres_is_picture(href))
		like.file = arena_strdup(&p->arena, href);
	for (int i = 0; in && i < PERIODS_OF_IMAGE_MAX && pres_number(in, &in, &from); i++) {
		if (!out || !pres_number(out, &out, &to))
			to = PRES_SECONDS_MAX;
		add_period(p, &like, from, to);
	}
}

void pres_close_periods(struct pres *p)
{
	int count = p->slides.count;

	if (p->duration <= 0 && count)
		p->duration = fmin(p->slides.at[count - 1].to, PRES_SECONDS_MAX);
	while (count && p->slides.at[count - 1].from >= p->duration)
		count--;
	for (int i = 0; i < count; i++)
		p->slides.at[i].to = i + 1 < count ? p->slides.at[i + 1].from : p->duration;
	p->slides.count = count;
}
