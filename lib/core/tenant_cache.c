/* SPDX-License-Identifier: ISC */
/* Tenants that this process read a moment ago, for statements that check whether they are still so. */
#include "config.h"
#include "core/tenant_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 1024
#define TEXTS  8

static struct place {
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;
	bool by_label;
	char *host; /* NULL: free */
	struct tenant tenant;
	char *texts[TEXTS]; /* its strings, in the order of tenant_texts */
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct place *place_of(const struct route *route, const char *host)
{
	uint32_t hash = text_hash(TEXT_HASH ^ (uint32_t)route->sub_id, route->slug);

	return &places[text_hash(hash, host) % PLACES];
}

static bool holds(const struct place *p, const struct route *route, const char *host)
{
	return p->host && p->sub_id == route->sub_id && p->by_label == route->by_label &&
	       strcmp(p->slug, route->slug) == 0 && strcmp(p->host, host) == 0;
}

static void tenant_texts(struct tenant *t, const char **texts[TEXTS])
{
	const char **all[TEXTS] = {&t->slug, &t->secrets[0], &t->secrets[1], &t->error_status, &t->modules,
		&t->assets, &t->lrs, &t->dial_number};

	memcpy(texts, all, sizeof(all));
}

/* On the heap: an arena would take a chunk for each place. */
static void replace_rules(struct rule_set *at, const struct rule_set *rules)
{
	for (size_t i = 0; i < at->count; i++) {
		free((char *)at->rules[i].name);
		free((char *)at->rules[i].value);
	}
	free(at->rules);
	*at = (struct rule_set){.rules = mem_zalloc((rules->count + 1) * sizeof(*at->rules))};
	for (; at->count < rules->count; at->count++)
		at->rules[at->count] = (struct rule){
			.name = mem_strdup(rules->rules[at->count].name),
			.mode = rules->rules[at->count].mode,
			.value = mem_strdup(rules->rules[at->count].value),
		};
}

void tenant_cache_put(const struct route *route, const char *host, const struct tenant *tenant)
{
	struct place *p = place_of(route, host);
	const char **texts[TEXTS];
	struct rule_set rules;

	pthread_mutex_lock(&lock);
	if (!holds(p, route, host) || p->tenant.version != tenant->version) {
		memcpy(p->slug, route->slug, sizeof(p->slug));
		p->sub_id = route->sub_id;
		p->by_label = route->by_label;
		mem_replace(&p->host, host);
		rules = p->tenant.rules;
		replace_rules(&rules, &tenant->rules);
		p->tenant = *tenant;
		p->tenant.rules = rules;
		tenant_texts(&p->tenant, texts);
		for (int i = 0; i < TEXTS; i++) {
			mem_replace(&p->texts[i], *texts[i]);
			*texts[i] = p->texts[i];
		}
	}
	pthread_mutex_unlock(&lock);
}

bool tenant_cache_get(struct arena *a, const struct route *route, const char *host, struct tenant *tenant)
{
	const struct place *p = place_of(route, host);
	const char **texts[TEXTS];
	bool found;

	pthread_mutex_lock(&lock);
	found = (!route->bad_tenant || route->by_label) && holds(p, route, host);
	if (found) {
		*tenant = p->tenant;
		tenant_texts(tenant, texts);
		for (int i = 0; i < TEXTS; i++)
			*texts[i] = arena_strdup(a, *texts[i]);
		tenant->rules = rule_copy(a, &tenant->rules);
	}
	pthread_mutex_unlock(&lock);
	return found;
}
