/* SPDX-License-Identifier: ISC */
/* What was made a moment ago, for who can tell whether it still is right: kept by a key under a version, within so many bytes. */
#include "config.h"
#include "base/keep.h"

#include "base/buf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 8 /* a part of bytes_max */

struct kept {
	char *key, *version;
	uint32_t hash;
	int people; /* that hold it, the keep among them */
	unsigned long long used;
	size_t bytes;
	void *made;
};

static void let_go(const struct keep *k, struct kept *x)
{
	if (--x->people)
		return;
	k->destroy(x->made);
	free(x->key);
	free(x->version);
	free(x);
}

/* Under the lock, as all below: the place of that key; without one NULL. */
static struct kept **find(struct keep *k, const char *key, uint32_t hash)
{
	for (size_t i = 0; i < KEEP_PLACES; i++)
		if (k->places[i] && k->places[i]->hash == hash && strcmp(k->places[i]->key, key) == 0)
			return &k->places[i];
	return NULL;
}

static void clear(struct keep *k, struct kept **place)
{
	k->bytes -= (*place)->bytes;
	let_go(k, *place);
	*place = NULL;
}

/* A place for so many bytes more. */
static struct kept **make_room(struct keep *k, size_t bytes)
{
	for (;;) {
		struct kept **oldest = NULL, **empty = NULL;

		for (size_t i = 0; i < KEEP_PLACES; i++) {
			struct kept **p = &k->places[i];

			if (!*p)
				empty = p;
			else if (!oldest || (*p)->used < (*oldest)->used)
				oldest = p;
		}
		if (empty && (!oldest || k->bytes + bytes <= k->bytes_max))
			return empty;
		clear(k, oldest);
	}
}

const void *keep_get(struct keep *k, const char *key, const char *version, struct kept **kept)
{
	uint32_t hash = text_hash(TEXT_HASH, key);
	const void *made = NULL;
	struct kept **place;

	*kept = NULL;
	pthread_mutex_lock(&k->lock);
	place = find(k, key, hash);
	if (place && strcmp((*place)->version, version) == 0) {
		*kept = *place;
		(*kept)->people++;
		(*kept)->used = ++k->uses;
		made = (*kept)->made;
	}
	pthread_mutex_unlock(&k->lock);
	return made;
}

struct kept *keep_put(struct keep *k, const char *key, const char *version, void *made, size_t bytes)
{
	struct kept *x = mem_alloc(sizeof(*x)), **place;

	bytes += sizeof(*x) + strlen(key) + strlen(version);
	*x = (struct kept){
		mem_strdup(key), mem_strdup(version), text_hash(TEXT_HASH, key), 1, 0, bytes, made};
	pthread_mutex_lock(&k->lock);
	place = find(k, key, x->hash);
	if (place)
		clear(k, place);
	if (bytes <= k->bytes_max / LONGEST) {
		place = make_room(k, bytes);
		*place = x;
		x->people++;
		x->used = ++k->uses;
		k->bytes += bytes;
	}
	pthread_mutex_unlock(&k->lock);
	return x;
}

void keep_leave(struct keep *k, struct kept *kept)
{
	if (!kept)
		return;
	pthread_mutex_lock(&k->lock);
	let_go(k, kept);
	pthread_mutex_unlock(&k->lock);
}
