/* SPDX-License-Identifier: ISC */
/* Calls of the API that were refused, kept so that somebody can say why. */
#include "config.h"
#include "core/refusal.h"

#include "base/clock.h"
#include "base/log.h"
#include "sql/statements.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTED_MAX     100
#define STRANGERS_MAX 30 /* of them */
#define FLUSH_SECONDS 5

struct noted {
	long long at; /* clock_ms of the first */
	int times, sub_id;
	bool with_meeting, with_node, stranger;
	char request_id[17], tenant[33], call[32], key[32], node[64], remote_addr[64];
	char meeting_id[257], message[257];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct noted list[NOTED_MAX];
static int count, strangers;
static long long flushed_at;
/* Something is noted: requests that go well look at nothing else. */
static atomic_bool dirty;

/* A copy that the database takes: valid UTF-8 without control characters, cut between characters. */
static void copy_clean(char *out, size_t size, const char *text)
{
	struct buf clean = BUF_INIT;

	buf_xml_chars(&clean, text, strlen(text));
	snprintf(out, size, "%.*s", (int)utf8_prefix(buf_str(&clean), size - 1), buf_str(&clean));
	buf_free(&clean);
}

/* The same as far as anybody wants to know: a stranger proves nothing of what stands beside it. */
static bool is_same(const struct noted *a, const struct noted *b)
{
	return strcmp(a->tenant, b->tenant) == 0 && a->sub_id == b->sub_id && strcmp(a->key, b->key) == 0 &&
	       a->stranger == b->stranger &&
	       (!*a->tenant || (strcmp(a->call, b->call) == 0 &&
				       (a->stranger || (strcmp(a->meeting_id, b->meeting_id) == 0 &&
							       strcmp(a->node, b->node) == 0))));
}

static void put(const struct noted *n)
{
	pthread_mutex_lock(&lock);
	for (int i = 0; i < count; i++) {
		if (is_same(&list[i], n)) {
			list[i].times += n->times;
			pthread_mutex_unlock(&lock);
			return;
		}
	}
	if (count < NOTED_MAX && (!n->stranger || strangers < STRANGERS_MAX)) {
		list[count++] = *n;
		strangers += n->stranger;
	}
	atomic_store_explicit(&dirty, true, memory_order_relaxed);
	pthread_mutex_unlock(&lock);
}

void refusal_note(const struct refusal *r)
{
	struct noted n = {.at = clock_ms(),
		.times = 1,
		.sub_id = r->sub_id,
		.with_meeting = r->meeting_id,
		.with_node = r->node,
		.stranger = r->stranger};

	copy_clean(n.request_id, sizeof(n.request_id), r->request_id);
	copy_clean(n.tenant, sizeof(n.tenant), r->tenant);
	copy_clean(n.call, sizeof(n.call), r->call);
	copy_clean(n.key, sizeof(n.key), r->key);
	copy_clean(n.message, sizeof(n.message), r->message);
	copy_clean(n.remote_addr, sizeof(n.remote_addr), r->remote_addr);
	copy_clean(n.meeting_id, sizeof(n.meeting_id), r->meeting_id ? r->meeting_id : "");
	copy_clean(n.node, sizeof(n.node), r->node ? r->node : "");
	put(&n);
}

enum column {
	AGES,
	TIMES,
	REQUESTS,
	TENANTS,
	SUBS,
	CALLS,
	MEETINGS,
	NODES,
	KEYS,
	MESSAGES,
	ADDRESSES,
	STRANGERS,
	COLUMNS
};

static void add_row(struct buf columns[COLUMNS], const struct noted *n)
{
	char age[32];

	snprintf(age, sizeof(age), "%.3f", (double)(clock_ms() - n->at) / 1000);
	db_array_add(&columns[AGES], age);
	db_array_add_int(&columns[TIMES], n->times);
	db_array_add(&columns[REQUESTS], n->request_id);
	db_array_add(&columns[TENANTS], n->tenant);
	db_array_add_int(&columns[SUBS], n->sub_id);
	db_array_add(&columns[CALLS], n->call);
	db_array_add(&columns[MEETINGS], n->with_meeting ? n->meeting_id : NULL);
	db_array_add(&columns[NODES], n->with_node ? n->node : NULL);
	db_array_add(&columns[KEYS], n->key);
	db_array_add(&columns[MESSAGES], n->message);
	db_array_add(&columns[ADDRESSES], n->remote_addr);
	db_array_add(&columns[STRANGERS], n->stranger ? "t" : "f");
}

static int write_down(struct db *db, const struct noted *rows, int n, struct err *err)
{
	struct buf c[COLUMNS] = {0};
	int rc;

	for (int k = 0; k < COLUMNS; k++)
		db_array_begin(&c[k]);
	for (int i = 0; i < n; i++)
		add_row(c, &rows[i]);
	for (int k = 0; k < COLUMNS; k++)
		db_array_end(&c[k]);
	rc = db_run(db, &stmt_refusal_add,
		DB_ARGS(buf_str(&c[AGES]), buf_str(&c[TIMES]), buf_str(&c[REQUESTS]), buf_str(&c[TENANTS]),
			buf_str(&c[SUBS]), buf_str(&c[CALLS]), buf_str(&c[MEETINGS]), buf_str(&c[NODES]),
			buf_str(&c[KEYS]), buf_str(&c[MESSAGES]), buf_str(&c[ADDRESSES]),
			buf_str(&c[STRANGERS])),
		NULL, err);
	for (int k = 0; k < COLUMNS; k++)
		buf_free(&c[k]);
	return rc;
}

void refusal_flush(struct db *db, bool always)
{
	long long now = clock_ms();
	struct err err = {0};
	struct noted *rows;
	int n;

	if (!atomic_load_explicit(&dirty, memory_order_relaxed))
		return;
	pthread_mutex_lock(&lock);
	if (!count || (!always && now - flushed_at < FLUSH_SECONDS * 1000LL)) {
		pthread_mutex_unlock(&lock);
		return;
	}
	n = count;
	rows = mem_alloc(sizeof(*rows) * (size_t)n);
	memcpy(rows, list, sizeof(*rows) * (size_t)n);
	count = strangers = 0;
	flushed_at = now;
	atomic_store_explicit(&dirty, false, memory_order_relaxed);
	pthread_mutex_unlock(&lock);
	if (write_down(db, rows, n, &err) == -1) {
		log_msg(LOG_LEVEL_WARNING, "refusals_late", "refused calls could not be written down yet: %s",
			err.text);
		for (int i = 0; i < n && err.kind == ERR_AWAY; i++)
			put(&rows[i]);
	}
	free(rows);
}

int refusal_prune(struct db *db, struct err *err)
{
	return db_run(db, &stmt_refusal_prune, NULL, NULL, err);
}
