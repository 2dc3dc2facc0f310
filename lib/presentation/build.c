/* SPDX-License-Identifier: ISC */
/* Versions of shapes, and the intervals in which each is visible. */
#include "config.h"
#include "presentation/build.h"

#include "base/buf.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pres_id {
	const char *name;
	int number;
};

static struct pres_id *slot_of(struct pres_id *slots, int size, const char *name)
{
	uint32_t at = text_hash(TEXT_HASH, name) & (uint32_t)(size - 1);

	while (slots[at].name && strcmp(slots[at].name, name) != 0)
		at = (at + 1) & (uint32_t)(size - 1);
	return &slots[at];
}

static void widen(struct pres_ids *ids)
{
	int size = ids->size ? ids->size * 2 : 64;
	struct pres_id *slots = mem_zalloc(sizeof(*slots) * (size_t)size);

	for (int i = 0; i < ids->size; i++)
		if (ids->slots[i].name)
			*slot_of(slots, size, ids->slots[i].name) = ids->slots[i];
	free(ids->slots);
	ids->slots = slots;
	ids->size = size;
}

int pres_id(struct pres_ids *ids, const char *name)
{
	struct pres_id *slot;

	if (ids->count * 2 >= ids->size)
		widen(ids);
	slot = slot_of(ids->slots, ids->size, name);
	if (!slot->name)
		*slot = (struct pres_id){arena_strdup(&ids->arena, name), ids->count++};
	return slot->number;
}

void pres_ids_free(struct pres_ids *ids)
{
	free(ids->slots);
	arena_free(&ids->arena);
	*ids = (struct pres_ids){0};
}

static void add_shape(
	struct pres *p, int slide, const struct pres_version *v, int key, double from, double to)
{
	const struct pres_slide *s = &p->slides.at[slide];
	struct pres_shape *shape;

	from = fmax(from, s->from);
	if (!v->count || from >= to || p->shapes.count >= PRES_VERSIONS_MAX)
		return;
	shape = pres_add(&p->shapes);
	*shape = (struct pres_shape){.from = from,
		.to = to,
		.slide = slide,
		.key = key,
		.z = v->z,
		.count = v->count,
		.parts = v->parts};
}

void pres_place(struct pres *p, int slide, const struct pres_versions *versions)
{
	/* What later versions of each shape cover already. */
	struct {
		double from, to;
	} * covered;

	/* An image of many periods: keys are counted for each of them. */
	if (p->keys > INT_MAX / 2 - versions->ids)
		return;
	covered = mem_zalloc(sizeof(*covered) * (size_t)(versions->ids + 1));
	for (int i = versions->list.count - 1; i >= 0; i--) {
		const struct pres_version *v = &versions->list.at[i];
		double to = v->undo < 0 ? INFINITY : v->undo;
		int key = p->keys + v->id;
		typeof(*covered) *c = &covered[v->id];

		if (v->t >= to)
			continue;
		if (c->from == c->to) {
			add_shape(p, slide, v, key, v->t, to);
			c->from = v->t;
			c->to = to;
			continue;
		}
		add_shape(p, slide, v, key, v->t, fmin(c->from, to));
		add_shape(p, slide, v, key, fmax(c->to, v->t), to);
		c->from = fmin(c->from, v->t);
		c->to = fmax(c->to, to);
	}
	p->keys += versions->ids;
	free(covered);
}
