/* SPDX-License-Identifier: ISC */
/* Where the files of a presentation stand in the archive that a recording arrived as. */
#include "config.h"
#include "presentation/index.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a name in the archive: a presentation's directory, and what is below it. */
#define NAME_MAX_BYTES 512

/* A file of the archive whose name may be one of a presentation, once it is known where that is. */
struct candidate {
	const char *name;
	long long at, size;
	int order;
};
struct candidates {
	struct candidate *list;
	int count, room;
};

/* Whether any end of it is a name of the whitelist. */
static bool may_be_one(const char *name)
{
	if (strlen(name) > NAME_MAX_BYTES)
		return false;
	for (const char *at = name; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (pres_file_of(at))
			return true;
	}
	return false;
}

static int add(struct arena *a, struct candidates *c, const struct tar_entry *entry, struct err *err)
{
	if (c->count == PRES_MEMBERS_MAX)
		return err_set(err, ERR_INVALID, "the archive holds more than %d files of presentations",
			PRES_MEMBERS_MAX);
	if (c->count == c->room) {
		c->room = c->room ? c->room * 2 : 256;
		c->list = mem_realloc(c->list, sizeof(*c->list) * (size_t)c->room);
	}
	c->list[c->count] = (struct candidate){
		.name = arena_strdup(a, entry->name),
		.at = entry->at,
		.size = entry->size,
		.order = c->count,
	};
	c->count++;
	return 0;
}

/* The last directory of a prefix, of *len bytes without its slash; "" when it has none. */
static const char *last_of(const char *prefix, size_t prefix_len, size_t *len)
{
	const char *end = prefix_len ? prefix + prefix_len - 1 : prefix, *from = end;

	while (from > prefix && from[-1] != '/')
		from--;
	*len = (size_t)(end - from);
	return from;
}

/* 40 hex digits, a dash and a time: what a node calls recordings. */
static bool is_record_id(const char *s, size_t len)
{
	size_t hex = strspn(s, "0123456789abcdef");

	return hex == 40 && s[hex] == '-' && hex + 1 + strspn(s + hex + 1, "0123456789") == len &&
	       len > hex + 1;
}

/* What a file says about where the presentation is: pres_prefix_rank, more when the recording's own id stands there
 * too, 0 when another one's does. */
static int rank_of(const char *member, const char *record_id, size_t *prefix_len)
{
	int rank = pres_prefix_rank(member, prefix_len);
	size_t len;
	const char *last = last_of(member, *prefix_len, &len);

	if (rank && len == strlen(record_id) && strncmp(last, record_id, len) == 0)
		return rank + 10;
	return is_record_id(last, len) ? 0 : rank;
}

/* The presentation's directory with its slash at the end, of *len bytes; NULL: there is none. */
static const char *find_prefix(const struct candidates *c, const char *record_id, size_t *len)
{
	const char *best = NULL;
	int best_rank = 0;

	for (int i = 0; i < c->count; i++) {
		size_t here;
		int rank = rank_of(c->list[i].name, record_id, &here);

		if (rank > best_rank || (rank && rank == best_rank && here < *len)) {
			best_rank = rank;
			best = c->list[i].name;
			*len = here;
		}
	}
	return best;
}

static int by_name(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;
	int diff = strcmp(a->name, b->name);

	return diff ? diff : a->order - b->order;
}

static void choose(struct arena *a, struct candidates *c, const char *record_id, struct pres_index *index)
{
	size_t len = 0;
	const char *prefix = find_prefix(c, record_id, &len);

	*index = (struct pres_index){0};
	if (!prefix)
		return;
	qsort(c->list, (size_t)c->count, sizeof(*c->list), by_name);
	index->members = arena_alloc(a, sizeof(*index->members) * (size_t)c->count);
	for (int i = 0; i < c->count; i++) {
		const struct candidate *x = &c->list[i];
		const struct pres_file *file =
			strncmp(x->name, prefix, len) == 0 ? pres_file_of(x->name + len) : NULL;

		if (!file || (i + 1 < c->count && strcmp(x->name, x[1].name) == 0))
			continue;
		index->members[index->count++] = (struct pres_member){x->name + len, file, x->at, x->size};
	}
}

int pres_index_read(struct arena *a, tar_read_fn *read, void *ctx, const char *record_id,
	struct pres_index *index, struct err *err)
{
	struct tar *tar = tar_open(read, ctx, err);
	struct candidates c = {0};
	struct tar_entry entry;
	int more = -1;

	while (tar && (more = tar_next(tar, &entry, err)) == 1) {
		if (!entry.file || entry.at < 0 || !may_be_one(entry.name))
			continue;
		if (add(a, &c, &entry, err) == -1) {
			more = -1;
			break;
		}
	}
	if (more == 0)
		choose(a, &c, record_id, index);
	tar_close(tar);
	free(c.list);
	return more;
}

const struct pres_member *pres_index_find(const struct pres_index *index, const char *name)
{
	for (int i = 0; i < index->count; i++)
		if (strcmp(index->members[i].name, name) == 0)
			return &index->members[i];
	return NULL;
}
