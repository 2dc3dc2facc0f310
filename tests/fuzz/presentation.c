/* SPDX-License-Identifier: ISC */
/* What fuzz targets of a presentation's files share. */
#include "config.h"
#include "presentation.h"

#include "presentation/build.h"
#include "presentation/json.h"

#include <jansson.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_presentation(struct pres *p)
{
	*p = (struct pres){.dir = -1, .duration = 60};
	for (int i = 0; i < 2; i++)
		*pres_add(&p->slides) = (struct pres_slide){
			.from = i * 30, .to = i * 30 + 30, .w = 1600, .h = 900, .number = i + 1, .scale = 1};
}

void fuzz_read(struct pres *p, int (*read)(struct pres *p, int fd), const void *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	FUZZ_REQUIRE(fd != -1 && write(fd, data, size) == (ssize_t)size);
	lseek(fd, 0, SEEK_SET);
	read(p, fd);
	close(fd);
}

static void one_line(void *ctx, const struct pres_part *part, pres_line_fn line, void *to)
{
	(void)ctx;
	line(to, 0, 0, part->text.text, strlen(part->text.text));
}

static void require_part(const struct pres_part *part)
{
	if (part->kind == PRES_IMAGE)
		FUZZ_REQUIRE(
			part->image.w > 0 && part->image.h > 0 && isfinite(part->image.x + part->image.y));
	if (part->kind != PRES_PATH)
		return;
	FUZZ_REQUIRE(part->path.width >= 0 && isfinite(part->path.width));
	FUZZ_REQUIRE(part->path.ops <= part->path.line->ops.count &&
		     part->path.floats <= part->path.line->xy.count);
	for (int i = 0; i < part->path.floats; i++)
		FUZZ_REQUIRE(isfinite(part->path.line->xy.at[i]));
}

static void require_order(const struct pres *p)
{
	for (int i = 0; i < p->slides.count; i++)
		FUZZ_REQUIRE(p->slides.at[i].w > 0 && p->slides.at[i].h > 0 &&
			     p->slides.at[i].from <= p->slides.at[i].to &&
			     (!i || p->slides.at[i - 1].to <= p->slides.at[i].from));
	for (int i = 0; i < p->shapes.count; i++) {
		const struct pres_shape *s = &p->shapes.at[i];

		FUZZ_REQUIRE(s->from >= 0 && s->from < s->to && s->to <= p->duration);
		FUZZ_REQUIRE((!i || s[-1].from <= s->from) && s->slide < p->slides.count && s->key < p->keys);
		FUZZ_REQUIRE(s->from >= p->slides.at[s->slide].from && s->to <= p->slides.at[s->slide].to);
		for (int k = 0; k < s->count; k++)
			require_part(&s->parts[k]);
	}
	FUZZ_REQUIRE(p->views.count && p->views.at[0].t == 0);
	for (int i = 0; i < p->views.count; i++)
		FUZZ_REQUIRE(p->views.at[i].w > 0 && p->views.at[i].h > 0 &&
			     (!i || p->views.at[i - 1].t <= p->views.at[i].t));
	for (int i = 0; i < p->cursors.count; i++)
		FUZZ_REQUIRE(
			isfinite(p->cursors.at[i].x) && (!i || p->cursors.at[i - 1].t <= p->cursors.at[i].t));
	for (int i = 0; i < p->shares.count; i++)
		FUZZ_REQUIRE(p->shares.at[i].from < p->shares.at[i].to &&
			     (!i || p->shares.at[i - 1].to <= p->shares.at[i].from));
}

void fuzz_finish(struct pres *p)
{
	struct buf out = BUF_INIT;
	json_t *root;

	if (p->duration > 0) {
		pres_finish(p);
		require_order(p);
		pres_write_json(p, one_line, NULL, &out);
		root = json_loadb(buf_str(&out), out.len, JSON_ALLOW_NUL, NULL);
		FUZZ_REQUIRE(json_is_object(root));
		json_decref(root);
	}
	buf_free(&out);
	pres_free(p);
}
