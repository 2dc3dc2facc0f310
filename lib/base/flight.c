/* SPDX-License-Identifier: ISC */
/* Work that is done once for all threads that asked for it before it began. */
#include "config.h"
#include "base/flight.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct flight {
	struct flight *next;
	char *key;
	enum { BOARDS, FLIES, LANDED } state;
	int people; /* that hold it */
	pthread_cond_t landed;
	void *made;
	struct err err;
};

/* All under the lock. One at most of a key boards, and one flies. */
static struct flight *find(const struct flights *f, const char *key, int state)
{
	for (struct flight *x = f->list; x; x = x->next)
		if ((int)x->state == state && strcmp(x->key, key) == 0)
			return x;
	return NULL;
}

static struct flight *add(struct flights *f, const char *key)
{
	struct flight *x = mem_zalloc(sizeof(*x));

	x->key = mem_strdup(key);
	x->state = BOARDS;
	pthread_cond_init(&x->landed, NULL);
	x->next = f->list;
	f->list = x;
	return x;
}

static void wait_for(struct flights *f, struct flight *x)
{
	while (x->state != LANDED)
		pthread_cond_wait(&x->landed, &f->lock);
}

static void land(struct flights *f, struct flight *x)
{
	struct flight **at = &f->list;

	while (*at != x)
		at = &(*at)->next;
	*at = x->next;
	x->state = LANDED;
	pthread_cond_broadcast(&x->landed);
}

/* True when nobody holds it any more. */
static bool let_go(struct flight *x)
{
	return --x->people == 0;
}

static void destroy(const struct flights *f, struct flight *x)
{
	if (x->made)
		f->destroy(x->made);
	pthread_cond_destroy(&x->landed);
	free(x->key);
	free(x);
}

const void *flight_join(struct flights *f, const char *key, flight_work *work, const void *arg,
	struct flight **flight, struct err *err)
{
	struct flight *before, *mine;
	struct err why = {0};
	void *made;

	pthread_mutex_lock(&f->lock);
	mine = find(f, key, BOARDS);
	if (mine) {
		mine->people++;
		wait_for(f, mine);
	} else {
		mine = add(f, key);
		mine->people++;
		before = find(f, key, FLIES);
		if (before) {
			before->people++;
			wait_for(f, before);
			if (let_go(before))
				destroy(f, before);
		}
		mine->state = FLIES;
		pthread_mutex_unlock(&f->lock);
		made = work(arg, &why);
		pthread_mutex_lock(&f->lock);
		mine->made = made;
		mine->err = why;
		land(f, mine);
	}
	pthread_mutex_unlock(&f->lock);
	*flight = mine;
	if (!mine->made)
		*err = mine->err;
	return mine->made;
}

void flight_leave(struct flights *f, struct flight *flight)
{
	bool last;

	pthread_mutex_lock(&f->lock);
	last = let_go(flight);
	pthread_mutex_unlock(&f->lock);
	if (last)
		destroy(f, flight);
}
