/* SPDX-License-Identifier: ISC */
/* Nodes that this process read a moment ago, under the number that says whether they are still so. */
#include "config.h"
#include "core/node_cache.h"

#include "sql/statements.h"

#include <pthread.h>
#include <string.h>

#define PLACES 1024
#define TEXTS  6

static struct place {
	long long version;
	struct node node; /* id 0: free */
	char *texts[TEXTS];
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct place *place_of(long long id)
{
	return &places[(unsigned long long)id % PLACES];
}

static void node_texts(struct node *node, const char **texts[TEXTS])
{
	const char **all[TEXTS] = {
		&node->slug, &node->domain, &node->url, &node->load_url, &node->join_url, &node->secret};

	memcpy(texts, all, sizeof(all));
}

static bool get(struct arena *a, long long id, long long version, struct node *node)
{
	const struct place *p = place_of(id);
	const char **texts[TEXTS];
	bool found;

	pthread_mutex_lock(&lock);
	found = p->node.id == id && p->version == version;
	if (found) {
		*node = p->node;
		node_texts(node, texts);
		for (int i = 0; i < TEXTS; i++)
			*texts[i] = arena_strdup(a, *texts[i]);
	}
	pthread_mutex_unlock(&lock);
	return found;
}

/* On the heap: an arena would take a chunk for each place. */
static void put(long long version, const struct node *node)
{
	struct place *p = place_of(node->id);
	const char **texts[TEXTS];

	pthread_mutex_lock(&lock);
	p->version = version;
	p->node = *node;
	node_texts(&p->node, texts);
	for (int i = 0; i < TEXTS; i++) {
		mem_replace(&p->texts[i], *texts[i]);
		*texts[i] = p->texts[i];
	}
	pthread_mutex_unlock(&lock);
}

int node_cache_find(
	struct db *db, struct arena *a, long long id, long long version, struct node *node, struct err *err)
{
	struct db_result *r = NULL;
	int rc = 1;

	if (get(a, id, version, node))
		return 1;
	if (db_run(db, &stmt_node_known, DB_ARGS(id), &r, err) == -1)
		return -1;
	if (db_rows(r) == 1) {
		node_read(a, r, 0, NODE_KNOWN_NODE, node);
		/* Up it was when the statement saw it, and who goes to it is counted. */
		node->online = true;
		put(db_int(r, 0, NODE_KNOWN_VERSION), node);
	} else {
		rc = 0;
	}
	db_free(r);
	return rc;
}
