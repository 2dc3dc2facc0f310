/* SPDX-License-Identifier: ISC */
/* timeline.json. */
#include "config.h"
#include "presentation/json.h"

#include "presentation/file.h"
#include "presentation/json_put.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const pres_main_files[] = {
	"video/webcams.mp4", "video/webcams.webm", "audio/audio.webm", "audio/audio.ogg", NULL};
const char *const pres_share_files[] = {"deskshare/deskshare.mp4", "deskshare/deskshare.webm", NULL};

struct writer {
	struct pres *p;
	struct json_put j;
	pres_layout_fn layout;
	void *layout_ctx;
	int *last; /* of each key: the shape before, or -1 */
	struct buf path[2];
};

static void files(struct writer *w, const char *name, const char *const list[], bool wanted)
{
	json_put_begin(&w->j, name, '[');
	for (; wanted && *list; list++) {
		/* The sound stands in one kind of file alone. */
		if (!pres_has(w->p, *list))
			continue;
		json_put_begin(&w->j, NULL, '[');
		json_put_text(&w->j, *list);
		json_put_text(&w->j, pres_file_of(*list)->mime);
		json_put_end(&w->j, ']');
	}
	json_put_end(&w->j, ']');
}

/* Of presentation/P/slide-N.png and presentation/P/svgs/slideN.svg: P and N. */
static bool slide_name(struct writer *w, const char *file, char **deck, int *n)
{
	const char *begins = file ? file + strlen("presentation/") : NULL, *slash;
	const char *digits = file ? strstr(file, "/slide-") : NULL;

	if (digits)
		digits += 7;
	else if (file && (digits = strstr(file, "/svgs/slide")))
		digits += 11;
	slash = digits ? strchr(begins, '/') : NULL;
	if (!slash)
		return false;
	*deck = arena_strndup(&w->p->arena, begins, (size_t)(slash - begins));
	*n = atoi(digits);
	return true;
}

static const char *slide_text(struct writer *w, const char *deck, int n)
{
	const char *wanted = arena_printf(&w->p->arena, "%s/slide-%d", deck, n);

	for (int i = 0; i < w->p->texts.count; i++)
		if (strcmp(w->p->texts.at[i].slide, wanted) == 0)
			return w->p->texts.at[i].text;
	return "";
}

static void image(struct writer *w, const struct pres_slide *s)
{
	const char *thumb = NULL, *words = "";
	char *deck;
	int n;

	if (slide_name(w, s->file, &deck, &n)) {
		thumb = arena_printf(&w->p->arena, "presentation/%s/thumbnails/thumb-%d.png", deck, n);
		thumb = pres_has(w->p, thumb) ? thumb : NULL;
		words = slide_text(w, deck, n);
	}
	json_put_begin(&w->j, NULL, '[');
	json_put_text(&w->j, s->file);
	json_put_number(&w->j, s->w);
	json_put_number(&w->j, s->h);
	json_put_text(&w->j, thumb);
	json_put_text(&w->j, words);
	json_put_end(&w->j, ']');
}

static bool same_image(const struct pres_slide *a, const struct pres_slide *b)
{
	bool same = a->file && b->file ? strcmp(a->file, b->file) == 0 : a->file == b->file;

	return same && a->w == b->w && a->h == b->h;
}

/* Images once, then the periods with their numbers. */
static void slides(struct writer *w)
{
	const struct pres_slide *s = w->p->slides.at;
	int count = w->p->slides.count, images = 0, *number_of = mem_alloc(sizeof(int) * (size_t)(count + 1));

	json_put_begin(&w->j, "images", '[');
	for (int i = 0; i < count; i++) {
		number_of[i] = -1;
		/* Few images, and the one before is the likeliest. */
		for (int k = i - 1; k >= 0 && k >= i - 1000 && number_of[i] == -1; k--)
			if (same_image(&s[k], &s[i]))
				number_of[i] = number_of[k];
		if (number_of[i] == -1) {
			image(w, &s[i]);
			number_of[i] = images++;
		}
	}
	json_put_end(&w->j, ']');
	json_put_begin(&w->j, "slides", '[');
	for (int i = 0; i < count; i++) {
		if (s[i].from >= s[i].to)
			continue;
		json_put_begin(&w->j, NULL, '[');
		json_put_number(&w->j, s[i].from);
		json_put_number(&w->j, s[i].to);
		json_put_number(&w->j, number_of[i]);
		json_put_number(&w->j, s[i].board);
		json_put_end(&w->j, ']');
	}
	json_put_end(&w->j, ']');
	free(number_of);
}

/* Tenths of a pixel are finer than any screen shows. */
static double tenth(double value)
{
	return round(value * 10) / 10;
}

/* Relative commands are shorter; they start from rounded places, so that no error adds up. */
static void path_data(const struct pres_part *part, struct buf *out)
{
	const float *xy = part->path.line->xy.at;
	double x = 0, y = 0, start[2] = {0, 0};

	buf_clear(out);
	for (int i = 0; i < part->path.ops; i++) {
		unsigned char op = part->path.line->ops.at[i];
		int floats = pres_op_floats[op];

		buf_putc(out, "mlcz"[op]);
		for (int k = 0; k < floats; k += 2) {
			double dx = tenth(xy[k]) - x, dy = tenth(xy[k + 1]) - y;

			if (k && dx >= 0)
				buf_putc(out, ' ');
			pres_put_number(out, tenth(dx));
			if (dy >= 0)
				buf_putc(out, ' ');
			pres_put_number(out, tenth(dy));
		}
		if (op == PRES_CLOSE) {
			x = start[0];
			y = start[1];
			continue;
		}
		x = tenth(xy[floats - 2]);
		y = tenth(xy[floats - 1]);
		if (op == PRES_MOVE) {
			start[0] = x;
			start[1] = y;
		}
		xy += floats;
	}
}

/* What follows a part where it applies. */
static void extra(struct writer *w, const struct pres_part *part)
{
	const float *dash = part->kind == PRES_PATH ? part->path.dash : NULL;
	double angle = part->kind == PRES_IMAGE ? part->image.angle : 0;

	if (part->opacity >= 1 && !part->clip && !(dash && dash[1] > 0) && angle == 0)
		return;
	json_put_begin(&w->j, NULL, '{');
	if (part->opacity < 1) {
		json_put_key(&w->j, "o");
		json_put_number(&w->j, part->opacity);
	}
	if (dash && dash[1] > 0) {
		json_put_begin(&w->j, "dash", '[');
		json_put_number(&w->j, dash[0]);
		json_put_number(&w->j, dash[1]);
		json_put_end(&w->j, ']');
	}
	if (part->clip) {
		json_put_begin(&w->j, "clip", '[');
		for (int i = 0; i < 8; i++)
			json_put_number(&w->j, part->clip[i]);
		json_put_end(&w->j, ']');
	}
	if (angle != 0) {
		json_put_key(&w->j, "a");
		json_put_number(&w->j, angle * 180 / M_PI);
	}
	json_put_end(&w->j, '}');
}

static void path_part(struct writer *w, const struct pres_part *part, const struct pres_part *before)
{
	const char *now, *then;
	size_t keep = 0;

	path_data(part, &w->path[0]);
	buf_clear(&w->path[1]);
	if (before && before->kind == PRES_PATH)
		path_data(before, &w->path[1]);
	now = buf_str(&w->path[0]);
	then = buf_str(&w->path[1]);
	while (keep < w->path[0].len && keep < w->path[1].len && now[keep] == then[keep])
		keep++;
	json_put_number(&w->j, (double)keep);
	json_put_text(&w->j, now + keep);
	json_put_colour(&w->j, part->path.stroke);
	json_put_number(&w->j, part->path.width);
	json_put_colour(&w->j, part->path.fill);
}

static void on_line(void *to, double dx, double dy, const char *line, size_t len)
{
	struct writer *w = to;

	json_put_begin(&w->j, NULL, '[');
	json_put_number(&w->j, dx);
	json_put_number(&w->j, dy);
	json_put_comma(&w->j);
	json_put_text_of(&w->j, line, len);
	json_put_end(&w->j, ']');
}

static void text_part(struct writer *w, const struct pres_part *part)
{
	json_put_number(&w->j, part->text.x);
	json_put_number(&w->j, part->text.y);
	json_put_number(&w->j, part->text.angle * 180 / M_PI);
	json_put_number(&w->j, part->text.size);
	json_put_number(&w->j, part->text.family);
	json_put_number(&w->j, part->text.bold ? 700 : 400);
	json_put_colour(&w->j, part->text.colour);
	json_put_begin(&w->j, NULL, '[');
	w->layout(w->layout_ctx, part, on_line, w);
	json_put_end(&w->j, ']');
}

static void image_part(struct writer *w, const struct pres_part *part)
{
	json_put_number(&w->j, part->image.x);
	json_put_number(&w->j, part->image.y);
	json_put_number(&w->j, part->image.w);
	json_put_number(&w->j, part->image.h);
	json_put_text(&w->j, part->image.file);
}

static void shape(struct writer *w, int at)
{
	const struct pres_shape *s = &w->p->shapes.at[at], *before;

	before = w->last[s->key] >= 0 ? &w->p->shapes.at[w->last[s->key]] : NULL;
	w->last[s->key] = at;
	json_put_begin(&w->j, NULL, '[');
	json_put_number(&w->j, s->from);
	json_put_number(&w->j, s->to);
	json_put_number(&w->j, s->key);
	json_put_number(&w->j, s->z);
	json_put_begin(&w->j, NULL, '[');
	for (int i = 0; i < s->count; i++) {
		json_put_begin(&w->j, NULL, '[');
		json_put_number(&w->j, s->parts[i].kind);
		if (s->parts[i].kind == PRES_PATH)
			path_part(w, &s->parts[i], before && i < before->count ? &before->parts[i] : NULL);
		else if (s->parts[i].kind == PRES_TEXT)
			text_part(w, &s->parts[i]);
		else
			image_part(w, &s->parts[i]);
		extra(w, &s->parts[i]);
		json_put_end(&w->j, ']');
	}
	json_put_end(&w->j, ']');
	json_put_end(&w->j, ']');
}

static void shapes(struct writer *w)
{
	w->last = mem_alloc(sizeof(*w->last) * (size_t)(w->p->keys + 1));
	for (int i = 0; i <= w->p->keys; i++)
		w->last[i] = -1;
	json_put_begin(&w->j, "shapes", '[');
	for (int i = 0; i < w->p->shapes.count; i++)
		shape(w, i);
	json_put_end(&w->j, ']');
	free(w->last);
	buf_free(&w->path[0]);
	buf_free(&w->path[1]);
}

static void numbers(struct writer *w, const double *values, int count)
{
	json_put_begin(&w->j, NULL, '[');
	for (int i = 0; i < count; i++)
		json_put_number(&w->j, values[i]);
	json_put_end(&w->j, ']');
}

static void spans(struct writer *w, const char *name, const struct pres_span *at, int count, int fields)
{
	json_put_begin(&w->j, name, '[');
	for (int i = 0; i < count; i++)
		numbers(w, (const double[]){at[i].from, at[i].to, at[i].w, at[i].h}, fields);
	json_put_end(&w->j, ']');
}

static void moves(struct writer *w)
{
	json_put_begin(&w->j, "views", '[');
	for (int i = 0; i < w->p->views.count; i++) {
		const struct pres_view *v = &w->p->views.at[i];

		numbers(w, (const double[]){v->t, v->x, v->y, v->w, v->h}, 5);
	}
	json_put_end(&w->j, ']');
	json_put_begin(&w->j, "cursor", '[');
	for (int i = 0; i < w->p->cursors.count; i++) {
		const struct pres_cursor *c = &w->p->cursors.at[i];

		numbers(w, (const double[]){c->t, tenth(c->x), tenth(c->y)}, c->hidden ? 1 : 3);
	}
	json_put_end(&w->j, ']');
}

void pres_write_json(struct pres *p, pres_layout_fn layout, void *layout_ctx, struct buf *out)
{
	struct writer w = {.p = p, .j = {out, true}, .layout = layout, .layout_ctx = layout_ctx};

	json_put_begin(&w.j, NULL, '{');
	json_put_key(&w.j, "v");
	json_put_number(&w.j, 1);
	json_put_key(&w.j, "duration");
	json_put_number(&w.j, p->duration);
	json_put_key(&w.j, "title");
	json_put_text(&w.j, p->title ? p->title : "");
	json_put_begin(&w.j, "media", '{');
	files(&w, "main", pres_main_files, true);
	files(&w, "share", pres_share_files, p->shares.count > 0);
	json_put_end(&w.j, '}');
	slides(&w);
	shapes(&w);
	moves(&w);
	spans(&w, "share", p->shares.at, p->shares.count, 4);
	spans(&w, "hidden", p->hidden.at, p->hidden.count, 2);
	pres_write_talk(p, &w.j);
	json_put_end(&w.j, '}');
}
