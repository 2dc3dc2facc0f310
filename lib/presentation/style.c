/* SPDX-License-Identifier: ISC */
/* The style of an old annotation. */
#include "config.h"
#include "presentation/style.h"

#include "presentation/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FONT_MAX 2000

int pres_colour_of(const char *text, int otherwise)
{
	char *end;
	unsigned long n;

	if (*text != '#')
		return strncmp(text, "none", 4) == 0 ? PRES_NONE : otherwise;
	n = strtoul(text + 1, &end, 16);
	if (end == text + 4)
		n = (n & 0xF00) * 0x1100 | (n & 0xF0) * 0x110 | (n & 0xF) * 0x11;
	return end == text + 7 || end == text + 4 ? (int)(n & 0xFFFFFF) : otherwise;
}

static double number_or(const char *text, double otherwise)
{
	const char *end;
	double n;

	return pres_number(text, &end, &n) && n >= 0 ? n : otherwise;
}

struct pres_style pres_style_of(const char *text)
{
	struct pres_style style = {PRES_NONE, PRES_NONE, 0, 1, 18};

	while (text && *text) {
		const char *value = strchr(text, ':');
		size_t len = value ? (size_t)(value - text) : 0;

		if (!value)
			break;
		value += 1 + strspn(value + 1, " ");
		if (strncmp(text, "stroke", len) == 0 && len == 6)
			style.stroke = pres_colour_of(value, style.stroke);
		else if (strncmp(text, "stroke-width", len) == 0 && len == 12)
			style.width = number_or(value, style.width);
		else if (strncmp(text, "fill", len) == 0 && len == 4)
			style.fill = pres_colour_of(value, style.fill);
		else if (strncmp(text, "color", len) == 0 && len == 5)
			style.color = pres_colour_of(value, style.color);
		else if (strncmp(text, "font-size", len) == 0 && len == 9)
			style.font_size = fmin(number_or(value, style.font_size), FONT_MAX);
		text = strchr(value, ';');
		text = text ? text + 1 + strspn(text + 1, " ") : NULL;
	}
	return style;
}
