/* SPDX-License-Identifier: ISC */
/* tldraw.json: versions of shapes by period, in page units, with parents, bindings and an order of their own. */
#include "config.h"
#include "presentation/tldraw.h"

#include "presentation/build.h"
#include "presentation/read.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Page units: the slide is fitted into so many; BigBlueButton 2.6.0 took others. */
#define PAGE_WIDTH  1440.f
#define PAGE_HEIGHT 1080.f
#define OLD_WIDTH   2048.f
#define OLD_HEIGHT  1536.f
#define KEY_MAX	    128
/* Of a frame, in pixels of the slide, from its corner. */
#define CORNER_MAX 1e6

/* What is known of a shape when a version of it, or of what it depends on, comes. */
struct known {
	const json_t *data;
	double undo;
	const char *order; /* sorts like the drawing order */
	bool bound;
};

/* One period that is read. */
struct board {
	struct pres *p;
	bool v2;
	json_t *page; /* {id: shape_data} */
	struct pres_ids ids;
	PRES_LIST(struct known) known;
	PRES_LIST(const char *) orders; /* of each version */
	struct pres_versions versions;
	const struct pres_slide *slide;
};

static const char *parent_of(const json_t *shape)
{
	const char *id = pres_json_text(shape, "parentId", "");

	return strncmp(id, "page:", 5) == 0 ? "" : id;
}

static struct pres_matrix own_matrix(const json_t *shape)
{
	struct pres_matrix m = pres_matrix_move(
		PRES_IDENTITY, pres_json_number(shape, "x", 0), pres_json_number(shape, "y", 0));

	return pres_matrix_turn(m, pres_json_number(shape, "rotation", 0));
}

/* The four corners of a frame in pixels of the slide: what is in it ends there. NULL: they are nowhere near one. */
static const float *frame_corners(struct board *b, const struct pres_matrix *m, const json_t *frame)
{
	const json_t *props = json_object_get(frame, "props");
	double w = pres_json_number(props, "w", 0), h = pres_json_number(props, "h", 0);
	float *c = arena_alloc(&b->p->arena, 8 * sizeof(*c));

	for (int i = 0; i < 4; i++) {
		struct pres_point q = pres_matrix_apply(m, i == 1 || i == 2 ? w : 0, i >= 2 ? h : 0);

		if (!(fabs(q.x) <= CORNER_MAX && fabs(q.y) <= CORNER_MAX))
			return NULL;
		c[2 * i] = (float)q.x;
		c[2 * i + 1] = (float)q.y;
	}
	return c;
}

/* Places a shape within its parents, the nearest frame of which clips it. v1 needs none of it. */
static void place(struct board *b, const json_t *shape, int depth, struct tl *t)
{
	const json_t *parent = depth < TL_DEPTH_MAX ? json_object_get(b->page, parent_of(shape)) : NULL;

	if (parent && parent != shape)
		place(b, parent, depth + 1, t);
	if (depth)
		t->local = pres_matrix_mul(t->local, own_matrix(shape));
	if (depth && strcmp(pres_json_text(shape, "type", ""), "frame") == 0) {
		struct pres_matrix m = pres_matrix_mul(t->page_m, t->local);

		t->clip = frame_corners(b, &m, shape);
	}
}

/* Sorts as the shape is drawn: its parent's, then its own. */
static const char *order_of(struct board *b, const json_t *shape, int depth)
{
	const json_t *parent = depth < TL_DEPTH_MAX ? json_object_get(b->page, parent_of(shape)) : NULL;
	const char *above = b->v2 && parent && parent != shape ? order_of(b, parent, depth + 1) : NULL;
	const char *index = pres_json_text(shape, "index", "");

	if (!b->v2)
		return arena_printf(&b->p->arena, "%020.6f",
			fmin(fmax(pres_json_number(shape, "childIndex", 1), -1e6), 1e6) + 1e6);
	return arena_printf(&b->p->arena, "%s%s%.*s", above ? above : "", above ? "/" : "", KEY_MAX, index);
}

static bool is_bound(const json_t *shape)
{
	const json_t *props = json_object_get(shape, "props");
	static const char *const ends[] = {"start", "end"};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (json_object_get(json_object_get(props, ends[i]), "boundShapeId"))
			return true;
	return false;
}

static void add_version(struct board *b, int id, double time)
{
	struct known *k = &b->known.at[id];
	struct tl t = {.p = b->p, .page = b->page, .local = PRES_IDENTITY, .opacity = 1};
	double s = b->slide->scale, o = b->slide->offset;
	struct pres_part *parts;

	if (b->versions.list.count >= PRES_VERSIONS_MAX)
		return;
	t.page_m = (struct pres_matrix){1 / s, 0, 0, 1 / s, -o / s, -o / s};
	if (b->v2)
		place(b, k->data, 0, &t);
	/* One that cannot be drawn hides what it was before. */
	if (!(b->v2 ? tl_v2_shape(&t, k->data) : tl_v1_shape(&t, k->data))) {
		b->p->left_out++;
		t.parts.count = 0;
	}
	parts = arena_alloc(&b->p->arena, sizeof(*parts) * (size_t)(t.parts.count + 1));
	if (t.parts.count)
		memcpy(parts, t.parts.at, sizeof(*parts) * (size_t)t.parts.count);
	free(t.parts.at);
	*pres_add(&b->orders) = k->order;
	*pres_add(&b->versions.list) = (struct pres_version){time, k->undo, id, 0, t.parts.count, parts};
}

/* What stands in this shape, or points to it, is drawn anew with it. */
static void add_dependent(struct board *b, const char *name, int id, double time)
{
	for (int i = 0; i < b->known.count; i++) {
		const json_t *props = json_object_get(b->known.at[i].data, "props");
		const char *from, *to;

		if (i == id || !b->known.at[i].data)
			continue;
		from = pres_json_text(json_object_get(props, "start"), "boundShapeId", "");
		to = pres_json_text(json_object_get(props, "end"), "boundShapeId", "");
		if (strcmp(parent_of(b->known.at[i].data), name) == 0 ||
			(b->known.at[i].bound && (strcmp(from, name) == 0 || strcmp(to, name) == 0)))
			add_version(b, i, time);
	}
}

static void read_version(struct board *b, const json_t *entry, bool *any_bound)
{
	json_t *data = json_object_get(entry, "shape_data");
	const char *name = pres_json_text(data, "id", NULL), *type = pres_json_text(data, "type", "");
	double time = pres_json_number(entry, "timestamp", NAN);
	int id;

	if (!name || isnan(time))
		return;
	id = pres_id(&b->ids, name);
	while (b->known.count <= id)
		pres_add(&b->known);
	json_object_set(b->page, name, data);
	b->known.at[id] = (struct known){
		data, pres_json_number(entry, "undo", -1), order_of(b, data, 0), b->v2 && is_bound(data)};
	*any_bound = *any_bound || b->known.at[id].bound;
	add_version(b, id, time);
	if (b->v2 && (*any_bound || strcmp(type, "frame") == 0 || strcmp(type, "group") == 0))
		add_dependent(b, name, id, time);
}

struct ranked {
	const char *order;
	int id, at;
};

static int by_order(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int c = strcmp(x->order, y->order);

	if (c)
		return c;
	return x->id != y->id ? x->id - y->id : x->at - y->at;
}

static void rank(struct board *b)
{
	int count = b->versions.list.count;
	struct ranked *r = mem_alloc(sizeof(*r) * (size_t)(count + 1));

	for (int i = 0; i < count; i++)
		r[i] = (struct ranked){b->orders.at[i], b->versions.list.at[i].id, i};
	qsort(r, (size_t)count, sizeof(*r), by_order);
	for (int i = 0; i < count; i++)
		b->versions.list.at[r[i].at].z = i;
	free(r);
}

static void read_period(struct pres *p, bool v2, int number, const json_t *list)
{
	struct board b = {.p = p, .v2 = v2, .page = json_object()};
	bool any_bound = false;
	const json_t *entry;
	size_t k;

	for (int i = 0; i < p->slides.count && !b.slide; i++)
		if (p->slides.at[i].number == number)
			b.slide = &p->slides.at[i];
	if (b.slide && b.page) {
		json_array_foreach(list, k, entry) read_version(&b, entry, &any_bound);
		rank(&b);
		b.versions.ids = b.ids.count;
		for (int i = 0; i < p->slides.count; i++)
			if (p->slides.at[i].number == number)
				pres_place(p, i, &b.versions);
	}
	json_decref(b.page);
	free(b.known.at);
	free(b.orders.at);
	free(b.versions.list.at);
	pres_ids_free(&b.ids);
}

static bool first_has_props(const json_t *root)
{
	const char *key;
	json_t *page;

	json_object_foreach((json_t *)(uintptr_t)root, key, page)
	{
		const json_t *entry = json_array_get(json_object_get(page, "shapes"), 0);

		if (entry)
			return json_object_get(json_object_get(entry, "shape_data"), "props") != NULL;
	}
	return false;
}

void pres_set_boards(struct pres *p, const char *version, bool v2)
{
	bool old = version && strcmp(version, "2.6.0") == 0;
	float w = old ? OLD_WIDTH : PAGE_WIDTH, h = old ? OLD_HEIGHT : PAGE_HEIGHT;

	for (int i = 0; i < p->slides.count; i++) {
		struct pres_slide *s = &p->slides.at[i];

		s->board = PRES_TLDRAW;
		s->scale = fminf(w / s->w, h / s->h);
		s->offset = v2 ? 1 : 0;
	}
}

int pres_read_tldraw(struct pres *p, int fd)
{
	json_t *root = pres_json_read(fd), *page;
	const char *version = pres_json_text(root, "bbb_version", NULL), *key;
	bool v2;

	if (!json_is_object(root)) {
		json_decref(root);
		return -1;
	}
	/* "3.0.0-beta.1" and "10.2" are both newer than 3. */
	v2 = version ? strtol(version, NULL, 10) >= 3 : first_has_props(root);
	pres_set_boards(p, version, v2);
	json_object_foreach(root, key, page)
	{
		char *end;
		long number = strtol(key, &end, 10);
		const json_t *list = json_object_get(page, "shapes");

		if (end != key && !*end && number >= 0 && number <= 10 * PRES_PERIODS_MAX &&
			json_is_array(list))
			read_period(p, v2, (int)number, list);
	}
	json_decref(root);
	return 0;
}
