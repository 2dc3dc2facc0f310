/* SPDX-License-Identifier: ISC */
/* Secrets that verified a request of this process a moment ago. */
#include "config.h"
#include "secret_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 1024

static struct place {
	char *host; /* NULL: free */
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;
	char *secrets[2];
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct place *place_of(const struct route *route, const char *host)
{
	unsigned hash = 2166136261u ^ (unsigned)route->sub_id;

	for (const char *p = route->slug; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	for (const char *p = host; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	return &places[hash % PLACES];
}

static bool holds(const struct place *p, const struct route *route, const char *host)
{
	return p->host && p->sub_id == route->sub_id && strcmp(p->slug, route->slug) == 0 &&
	       strcmp(p->host, host) == 0;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void replace(char **at, const char *text)
{
	free(*at);
	*at = text ? mem_strdup(text) : NULL;
}

void secret_cache_put(const struct route *route, const char *host, const char *const secrets[2])
{
	struct place *p = place_of(route, host);

	pthread_mutex_lock(&lock);
	if (!holds(p, route, host) || !same(p->secrets[0], secrets[0]) || !same(p->secrets[1], secrets[1])) {
		replace(&p->host, host);
		memcpy(p->slug, route->slug, sizeof(p->slug));
		p->sub_id = route->sub_id;
		for (int i = 0; i < 2; i++)
			replace(&p->secrets[i], secrets[i]);
	}
	pthread_mutex_unlock(&lock);
}

bool secret_cache_get(struct arena *a, const struct route *route, const char *host, const char *secrets[2])
{
	const struct place *p = place_of(route, host);
	bool found;

	pthread_mutex_lock(&lock);
	found = holds(p, route, host);
	for (int i = 0; i < 2; i++)
		secrets[i] = found ? arena_strdup(a, p->secrets[i]) : NULL;
	pthread_mutex_unlock(&lock);
	return found;
}
