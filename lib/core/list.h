/* SPDX-License-Identifier: ISC */
/* Lists that filter, sort, count and page in SQL: a row of names for each, its rows a statement. */
#ifndef B3LB_CORE_LIST_H
#define B3LB_CORE_LIST_H

#include "db/db.h"
#include "http/query.h"

#define LIST_FILTERS_MAX 8
#define LIST_SORTS_MAX	 10
#define LIST_FACETS_MAX	 3
#define LIST_LIMIT_MAX	 500

/* How a filter compares its column with the value that was asked for. */
enum list_kind {
	LIST_TEXT,   /* the same */
	LIST_UPPER,  /* the same in upper case: a tenant's slug */
	LIST_LOWER,  /* the same in lower case: a node's */
	LIST_CHOICE, /* the same, and one of the choices */
	LIST_SEARCH, /* holds it, in any case */
	LIST_PART,   /* holds it, as it is written */
	LIST_FROM,   /* a time, not before it */
	LIST_TO,     /* a time, before it */
};
struct list_filter {
	const char *name;
	enum list_kind kind;
	const char *column;
	const char *
		more; /* of LIST_CHOICE the choices, separated by blanks; of LIST_SEARCH a column of what is searched
			   * in its own case (faster), or NULL */
};
struct list_sort {
	const char *name, *column;
};

/*
 * A list. All of its names are constants: what a client sends is looked up among them or goes into a parameter.
 * base gives the rows of a list of tenants' ids ($1; null: of all tenants) and names its columns in its head;
 * those that begin with by_ are for comparing and not shown, those with one_ are shown (without that) of a row alone. Filters, sorts and facets end with a NULL name.
 */
struct list {
	const char *name;
	const struct db_stmt *base;
	struct list_filter filters[LIST_FILTERS_MAX + 1];
	struct list_sort sorts[LIST_SORTS_MAX + 1];
	const char *id,
		*one; /* column of text by which a row is asked for alone, and what a row is: "meeting"; or NULL */
	const char *order; /* without sort=, as it would be written there */
	const char *
		key; /* the column that tells rows apart, last of what they are sorted by; "-id": downwards */
	const char *facets[LIST_FACETS_MAX + 1]; /* names of filters whose values are counted */
	const char *at, *by,
		*weight; /* columns: when, what, and how much of it is counted over time; or NULL */
};

/* What is asked of a list. */
struct list_query {
	const struct list *list;
	const char *tenants;		     /* array of ids ("{1,2}") that the asker may see; NULL: all */
	const char *value[LIST_FILTERS_MAX]; /* of each filter; NULL: not asked for */
	struct {
		int sort;
		bool down;
	} sorted[LIST_SORTS_MAX];
	int sorts;
	long long limit, offset;
	long long step; /* seconds between bars: a hundred at most between from and to, or in two weeks */
	bool csv;
};

/*
 * Reads limit, offset, sort, q, format and the list's filters out of query, which must be clean (query_clean).
 * accept: the header, may be NULL. Returns 0, or -1 with ERR_INVALID that names the parameter and its rule:
 * a name that the list does not know is one, too. Strings are the query's or the arena's. Any thread.
 */
int list_parse(struct arena *a, const struct list *list, const struct query *query, const char *accept,
	struct list_query *lq, struct err *err) __attribute__((nonnull(1, 2, 3, 5, 6))) b3lb_mustcheck;

/* "2026-11-26T06:39:41Z", also with a fraction or an offset (RFC 3339, 5.6), as seconds since 1970; false: it is none. */
bool list_time(const char *text, long long *seconds) b3lb_nonnull;

/* A page. Zero-initialise it; list_page_free. */
struct list_page {
	struct db_result *items;
	struct db_result *counts; /* rows of facet, value, count; the one without facet is the total */
	struct db_result *bars;	  /* of a list with at: rows of at and counts; else NULL */
};
/* A round trip each for items, counts and bars. 0, or -1 with err as db_run. Any thread. */
int list_run(struct db *db, const struct list_query *lq, struct list_page *page,
	struct err *err) b3lb_nonnull b3lb_mustcheck;
void list_page_free(struct list_page *page) b3lb_nonnull;
/* The number of rows of the whole match. */
long long list_total(const struct list_page *page) b3lb_nonnull;
/* "items":[...],"total":n,"limit":n,"offset":n,"facets":{...}, and "step":n,"bars":[...] where there are: the
 * inside of an object. */
void list_write_json(const struct list_query *lq, const struct list_page *page, struct buf *out) b3lb_nonnull;
/* The whole match, whatever limit and offset say, as CSV. 0, or -1 with err as db_run. */
int list_write_csv(struct db *db, const struct list_query *lq, struct buf *out,
	struct err *err) b3lb_nonnull b3lb_mustcheck;

/* The row of that id, if these tenants' rows may be seen: 0 and *out, which the caller frees; -1 with err: ERR_NOT_FOUND,
 * or as db_run. Any thread. */
int list_find(struct db *db, const struct list *list, const char *tenants, const char *id,
	struct db_result **out, struct err *err) __attribute__((nonnull(1, 2, 4, 5, 6))) b3lb_mustcheck;

/* What is asked of the database; LIST_BARS only of a list with at. */
enum list_part { LIST_ITEMS, LIST_COUNTS, LIST_BARS };
/* Writes that statement and fills args with its parameters, for list_run and the test that prepares each. Texts
 * are the query's. */
void list_compose(
	const struct list_query *lq, enum list_part part, struct buf *sql, struct db_args *args) b3lb_nonnull;
/* The statement of list_find. */
void list_compose_one(const struct list *list, struct buf *sql) b3lb_nonnull;

/* list_table.c: all of them; ends with NULL. */
extern const struct list *const lists[];
extern const struct list list_nodes, list_meetings, list_recordings, list_callbacks, list_hooks,
	list_requests, list_sessions, list_audit, list_tenants;

#endif
