/* SPDX-License-Identifier: ISC */
/* What the simulated nodes were asked, and what arrived at the callback sinks. */
#include "config.h"
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#define KEEP	  200000
#define SINKS_MAX 64
#define BODY_MAX  65536

struct entry {
	long seq;
	int node;
	char call[32], result[16];
	bool checksum_ok;
	char *json;
};

struct arrival {
	char *json;
	struct arrival *next;
};

struct sink {
	char name[64];
	int status;
	long count;
	struct arrival *first, **end;
	long ms;	     /* it takes its time */
	char location[1024]; /* of a redirect */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry *ring;
static long next_seq, first_seq;
static FILE *file;
static struct sink sinks[SINKS_MAX];

void journal_open(const char *path)
{
	ring = calloc(KEEP, sizeof(*ring));
	if (path)
		file = fopen(path, "a");
}

static void put_text(FILE *f, const char *name, const char *value)
{
	fprintf(f, ", \"%s\": ", name);
	json_put(f, value);
}

void journal_add(const struct call *c, const char *result)
{
	struct entry *e;
	size_t len = 0;
	FILE *f;
	const char *sep = "";

	pthread_mutex_lock(&lock);
	e = &ring[next_seq % KEEP];
	if (next_seq - first_seq == KEEP)
		first_seq++;
	free(e->json);
	e->seq = next_seq++;
	e->node = c->node->number;
	e->checksum_ok = c->checksum_ok;
	snprintf(e->call, sizeof(e->call), "%s", c->name);
	snprintf(e->result, sizeof(e->result), "%s", result);
	f = open_memstream(&e->json, &len);
	fprintf(f, "{\"seq\": %ld, \"time_ms\": %lld, \"node\": \"n%d\"", e->seq, now_ms(), e->node);
	put_text(f, "call", c->name);
	put_text(f, "method", c->method);
	put_text(f, "query", c->query);
	put_text(f, "content_type", c->content_type);
	fprintf(f, ", \"body_bytes\": %zu, \"checksum_ok\": %s", c->body_len,
		c->checksum_ok ? "true" : "false");
	put_text(f, "result", result);
	fputs(", \"params\": {", f);
	for (const struct param *p = c->params; p; p = p->next) {
		fputs(sep, f);
		json_put(f, p->name);
		fputs(": ", f);
		json_put(f, p->value);
		sep = ", ";
	}
	fputs("}}", f);
	fclose(f);
	if (file) {
		fprintf(file, "%s\n", e->json);
		fflush(file);
	}
	pthread_mutex_unlock(&lock);
}

char *journal_json(const struct param *filter, bool count_only)
{
	const char *node = params_get(filter, "node"), *call = params_get(filter, "call"),
		   *since = params_get(filter, "since");
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);
	long count = 0, seq;

	pthread_mutex_lock(&lock);
	seq = first_seq;
	if (since && atol(since) > seq)
		seq = atol(since);
	if (!count_only)
		fputc('[', f);
	for (; seq < next_seq; seq++) {
		struct entry *e = &ring[seq % KEEP];

		if ((node && atoi(node + 1) != e->node) || (call && strcmp(call, e->call) != 0))
			continue;
		if (!count_only)
			fprintf(f, "%s%s", count ? ",\n" : "", e->json);
		count++;
	}
	if (count_only)
		fprintf(f, "%ld\n", count);
	else
		fputs("]\n", f);
	pthread_mutex_unlock(&lock);
	fclose(f);
	return out;
}

void journal_clear(void)
{
	pthread_mutex_lock(&lock);
	first_seq = next_seq;
	pthread_mutex_unlock(&lock);
}

static struct sink *sink_of(const char *name)
{
	for (int i = 0; i < SINKS_MAX; i++) {
		if (!*sinks[i].name) {
			snprintf(sinks[i].name, sizeof(sinks[i].name), "%s", name);
			sinks[i].end = &sinks[i].first;
		}
		if (strcmp(sinks[i].name, name) == 0)
			return &sinks[i];
	}
	return &sinks[SINKS_MAX - 1];
}

void sink_set(const char *name, int status, long count, long ms, const char *location)
{
	struct sink *s;

	pthread_mutex_lock(&lock);
	s = sink_of(name);
	s->status = status;
	s->count = count;
	s->ms = ms;
	snprintf(s->location, sizeof(s->location), "%s", location ? location : "http://127.0.0.1:1/");
	pthread_mutex_unlock(&lock);
}

void sink_add(const char *name, const char *method, const char *query, const char *auth, const char *type,
	const char *body, int *status, long *ms, char location[1024])
{
	struct arrival *arrival = calloc(1, sizeof(*arrival));
	char cut[BODY_MAX + 1];
	size_t len = 0;
	struct sink *s;
	FILE *f;

	pthread_mutex_lock(&lock);
	s = sink_of(name);
	*status = s->count ? s->status : 200;
	*ms = s->ms;
	snprintf(location, 1024, "%s", s->location);
	if (s->count > 0)
		s->count--;
	f = open_memstream(&arrival->json, &len);
	fprintf(f, "{\"time_ms\": %lld, \"status\": %d", now_ms(), *status);
	put_text(f, "method", method);
	put_text(f, "query", query);
	put_text(f, "authorization", auth);
	put_text(f, "content_type", type);
	snprintf(cut, sizeof(cut), "%s", body);
	put_text(f, "body", cut);
	fputc('}', f);
	fclose(f);
	*s->end = arrival;
	s->end = &arrival->next;
	pthread_mutex_unlock(&lock);
}

char *sink_json(const char *name)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	pthread_mutex_lock(&lock);
	fputc('[', f);
	for (struct arrival *a = sink_of(name)->first; a; a = a->next)
		fprintf(f, "%s%s", a->json, a->next ? ",\n" : "");
	fputs("]\n", f);
	pthread_mutex_unlock(&lock);
	fclose(f);
	return out;
}
