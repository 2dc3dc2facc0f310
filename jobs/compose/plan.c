/* SPDX-License-Identifier: ISC */
/* What ffmpeg has to be told of a presentation. */
#include "config.h"
#include "compose.h"

#include "presentation/json_put.h"

#include <stdlib.h>
#include <string.h>

static void spans(struct json_put *j, const char *name, const struct pres_span *at, int count)
{
	json_put_begin(j, name, '[');
	for (int i = 0; i < count; i++) {
		json_put_begin(j, NULL, '[');
		json_put_number(j, at[i].from);
		json_put_number(j, at[i].to);
		json_put_end(j, ']');
	}
	json_put_end(j, ']');
}

/* N of slide-N.png or slideN.svg; 0: it is no slide. */
static int slide_number(const char *file)
{
	const char *name = file ? strrchr(file, '/') : NULL;

	if (!name || strncmp(name, "/slide", 6) != 0)
		return 0;
	return atoi(name + 6 + (name[6] == '-'));
}

/* A chapter for each slide, whatever happens while it is shown. */
static void chapters(struct pres *p, struct json_put *j)
{
	const char *before = NULL;

	json_put_begin(j, "chapters", '[');
	for (int i = 0; i < p->slides.count; i++) {
		const struct pres_slide *s = &p->slides.at[i];
		int number = slide_number(s->file);

		if (!number || s->from >= s->to || (before && strcmp(before, s->file) == 0))
			continue;
		before = s->file;
		json_put_begin(j, NULL, '[');
		json_put_number(j, s->from);
		json_put_number(j, number);
		json_put_end(j, ']');
	}
	json_put_end(j, ']');
}

void plan_write(struct pres *p, struct buf *out)
{
	struct json_put j = {out, true};

	json_put_begin(&j, NULL, '{');
	json_put_key(&j, "duration");
	json_put_number(&j, p->duration);
	json_put_key(&j, "slides");
	json_put_number(&j, p->slides.count);
	spans(&j, "share", p->shares.at, p->shares.count);
	spans(&j, "hidden", p->hidden.at, p->hidden.count);
	json_put_begin(&j, "captions", '[');
	for (int i = 0; i < p->captions.count; i++) {
		json_put_begin(&j, NULL, '[');
		json_put_text(&j, p->captions.at[i].locale);
		json_put_text(&j, p->captions.at[i].file);
		json_put_end(&j, ']');
	}
	json_put_end(&j, ']');
	chapters(p, &j);
	json_put_begin(&j, "broken", '[');
	for (int i = 0; i < p->broken.count; i++)
		json_put_text(&j, p->broken.at[i]);
	json_put_end(&j, ']');
	json_put_end(&j, '}');
}
