/* SPDX-License-Identifier: ISC */
/* Lists that filter, sort, count and page in SQL. Its text is put together from constants alone. */
#include "config.h"
#include "core/list.h"

#include "db/rows.h"

#include <string.h>

/* What a table for people may hold at most; nothing that is kept has more rows. */
#define LIST_CSV_MAX 1000000
/* Values of a facet that are told, the most frequent ones: what one can choose of, as many as a page has rows. */
#define LIST_VALUES_MAX LIST_LIMIT_MAX

/* Columns of counts. */
enum { COUNT_FACET, COUNT_VALUE, COUNT_COUNT };

static const struct {
	const char *operator, * type;
} comparisons[] = {
	[LIST_TEXT] = {"=", "text"},
	[LIST_UPPER] = {"=", "text"},
	[LIST_LOWER] = {"=", "text"},
	[LIST_CHOICE] = {"=", "text"},
	[LIST_SEARCH] = {"ilike", "text"},
	[LIST_PART] = {"like", "text"},
	[LIST_FROM] = {">=", "timestamptz"},
	[LIST_TO] = {"<", "timestamptz"},
};

static void add_arg(struct db_args *args, struct db_arg arg)
{
	args->arg[args->count++] = arg;
}

/* The rows that fit; without: a filter that is not asked for here. Parameters as list_compose numbers them. */
static void put_rows(const struct list_query *lq, const char *without, struct buf *sql)
{
	const char *word = "where";
	int number = 2;

	buf_puts(sql, " from (");
	buf_puts(sql, lq->list->base->sql);
	buf_puts(sql, ") x");
	for (int i = 0; lq->list->filters[i].name; i++) {
		const struct list_filter *f = &lq->list->filters[i];

		if (!lq->value[i])
			continue;
		if (!without || strcmp(f->name, without) != 0) {
			buf_printf(sql, " %s (x.%s %s $%d::%s", word, f->column,
				comparisons[f->kind].operator, number, comparisons[f->kind].type);
			if (f->kind == LIST_SEARCH && f->more)
				buf_printf(sql, " or x.%s like $%d::text", f->more, number);
			buf_putc(sql, ')');
			word = "and";
		}
		number++;
	}
}

/* The columns that are shown of a row in the list; one: of a row alone. */
static void put_columns(const struct list *list, bool one, struct buf *sql)
{
	const char *at = list->base->columns, *word = "";

	while (*at) {
		size_t len = strcspn(at, " ");
		bool alone = strncmp(at, "one_", 4) == 0;

		if (strncmp(at, "by_", 3) != 0 && (one || !alone)) {
			buf_printf(sql, "%sx.%.*s", word, (int)len, at);
			if (alone)
				buf_printf(sql, " as %.*s", (int)len - 4, at + 4);
			word = ", ";
		}
		at += len + strspn(at + len, " ");
	}
}

static void put_order(const struct list_query *lq, struct buf *sql)
{
	const char *key = lq->list->key;
	bool down = *key == '-';

	buf_puts(sql, " order by ");
	for (int i = 0; i < lq->sorts; i++)
		buf_printf(sql, "x.%s%s, ", lq->list->sorts[lq->sorted[i].sort].column,
			lq->sorted[i].down ? " desc" : "");
	buf_printf(sql, "x.%s%s", key + down, down ? " desc" : "");
}

/* Which rows make the page is found out before what they show: that is worked out for these alone. */
static void put_items(const struct list_query *lq, int limit_number, struct buf *sql)
{
	const char *key = lq->list->key + (*lq->list->key == '-');

	buf_puts(sql, "select ");
	put_columns(lq->list, false, sql);
	if (lq->csv) {
		put_rows(lq, NULL, sql);
		put_order(lq, sql);
		buf_printf(sql, " limit $%d::bigint", limit_number);
		return;
	}
	buf_printf(sql, " from (%s) x join unnest(array(select x.%s", lq->list->base->sql, key);
	put_rows(lq, NULL, sql);
	put_order(lq, sql);
	buf_printf(sql,
		" limit $%d::bigint offset $%d::bigint)) with ordinality k (key, place) on k.key = x.%s order by k.place",
		limit_number, limit_number + 1, key);
}

static int filter_of(const struct list *list, const char *facet)
{
	int i = 0;

	while (strcmp(list->filters[i].name, facet) != 0)
		i++;
	return i;
}

/* One look at the rows for the total and the facets that are not filtered by; another for each that is, which
 * counts what the other filters leave. */
static void put_counts(const struct list_query *lq, struct buf *sql)
{
	const struct list *list = lq->list;
	struct buf names = BUF_INIT, values = BUF_INIT, sets = BUF_INIT, others = BUF_INIT;

	for (int i = 0; list->facets[i]; i++) {
		int filter = filter_of(list, list->facets[i]);
		const char *facet = list->facets[i], *column = list->filters[filter].column;

		if (lq->value[filter]) {
			buf_printf(&others, " union all select '%s', x.%s, count(*)", facet, column);
			put_rows(lq, facet, &others);
			buf_printf(&others, " group by x.%s", column);
			continue;
		}
		buf_printf(&names, " when grouping(x.%s) = 0 then '%s'", column, facet);
		buf_printf(&values, " when grouping(x.%s) = 0 then x.%s", column, column);
		buf_printf(&sets, ", (x.%s)", column);
	}
	buf_printf(sql,
		"select case when false then ''%s end as facet, case when false then ''%s end as value, count(*) as count",
		buf_str(&names), buf_str(&values));
	put_rows(lq, NULL, sql);
	buf_printf(
		sql, " group by grouping sets (()%s)%s order by 3 desc, 2", buf_str(&sets), buf_str(&others));
	buf_free(&names);
	buf_free(&values);
	buf_free(&sets);
	buf_free(&others);
}

static void put_bars(const struct list_query *lq, int step_number, struct buf *sql)
{
	const struct list *list = lq->list;

	buf_printf(sql,
		"select b.at, jsonb_object_agg(b.value, b.count) as counts from (select to_timestamp("
		"floor(date_part('epoch', x.%s) / $%d::int) * $%d::int) as at, x.%s as value, sum(x.%s) as count",
		list->at, step_number, step_number, list->by, list->weight);
	put_rows(lq, NULL, sql);
	buf_puts(sql, " group by 1, 2) b group by b.at order by b.at");
}

void list_compose_one(const struct list *list, struct buf *sql)
{
	buf_puts(sql, "select ");
	put_columns(list, true, sql);
	buf_printf(sql, " from (%s) x where x.%s = $2::text", list->base->sql, list->id);
}

void list_compose(const struct list_query *lq, enum list_part part, struct buf *sql, struct db_args *args)
{
	int next;

	args->count = 0;
	add_arg(args, db_arg_of_text(lq->tenants));
	for (int i = 0; lq->list->filters[i].name; i++)
		if (lq->value[i])
			add_arg(args, db_arg_of_text(lq->value[i]));
	next = args->count + 1;
	if (part == LIST_COUNTS) {
		put_counts(lq, sql);
	} else if (part == LIST_BARS) {
		put_bars(lq, next, sql);
		add_arg(args, db_arg_of_int(lq->step));
	} else {
		put_items(lq, next, sql);
		add_arg(args, db_arg_of_int(lq->csv ? LIST_CSV_MAX : lq->limit));
		if (!lq->csv)
			add_arg(args, db_arg_of_int(lq->offset));
	}
}

static int run_part(struct db *db, const struct list_query *lq, enum list_part part, struct db_result **out,
	struct err *err)
{
	struct buf sql = BUF_INIT;
	struct db_args args;
	struct db_stmt stmt = {.repeatable = true};
	int rc;

	list_compose(lq, part, &sql, &args);
	stmt.sql = buf_str(&sql);
	stmt.params = args.count;
	rc = db_run(db, &stmt, &args, out, err);
	buf_free(&sql);
	return rc;
}

int list_run(struct db *db, const struct list_query *lq, struct list_page *page, struct err *err)
{
	if (run_part(db, lq, LIST_ITEMS, &page->items, err) == 0 &&
		run_part(db, lq, LIST_COUNTS, &page->counts, err) == 0 &&
		(!lq->list->at || run_part(db, lq, LIST_BARS, &page->bars, err) == 0))
		return 0;
	list_page_free(page);
	return -1;
}

int list_find(struct db *db, const struct list *list, const char *tenants, const char *id,
	struct db_result **out, struct err *err)
{
	struct buf sql = BUF_INIT;
	struct db_stmt stmt = {.repeatable = true, .params = 2};
	int rc;

	list_compose_one(list, &sql);
	stmt.sql = buf_str(&sql);
	rc = db_run_found(db, &stmt, DB_ARGS(tenants, id), out, list->one, err);
	buf_free(&sql);
	return rc;
}

void list_page_free(struct list_page *page)
{
	db_free(page->items);
	db_free(page->counts);
	db_free(page->bars);
	*page = (struct list_page){0};
}

long long list_total(const struct list_page *page)
{
	for (int i = 0; i < db_rows(page->counts); i++)
		if (!db_text(page->counts, i, COUNT_FACET))
			return db_int(page->counts, i, COUNT_COUNT);
	return 0;
}

static void put_facet(const struct db_result *counts, const char *facet, struct buf *out)
{
	int values = 0;

	buf_printf(out, "\"%s\":{", facet);
	for (int i = 0; i < db_rows(counts) && values < LIST_VALUES_MAX; i++) {
		const char *of = db_text(counts, i, COUNT_FACET), *value = db_text(counts, i, COUNT_VALUE);

		if (!of || strcmp(of, facet) != 0 || !value)
			continue;
		buf_puts(out, values++ ? ",\"" : "\"");
		buf_json(out, value);
		buf_puts(out, "\":");
		buf_int(out, db_int(counts, i, COUNT_COUNT));
	}
	buf_putc(out, '}');
}

void list_write_json(const struct list_query *lq, const struct list_page *page, struct buf *out)
{
	buf_puts(out, "\"items\":");
	rows_json_array(out, page->items);
	buf_printf(out, ",\"total\":%lld,\"limit\":%lld,\"offset\":%lld,\"facets\":{", list_total(page),
		lq->limit, lq->offset);
	for (int i = 0; lq->list->facets[i]; i++) {
		if (i)
			buf_putc(out, ',');
		put_facet(page->counts, lq->list->facets[i], out);
	}
	buf_putc(out, '}');
	if (!page->bars)
		return;
	buf_printf(out, ",\"step\":%lld,\"bars\":", lq->step);
	rows_json_array(out, page->bars);
}

int list_write_csv(struct db *db, const struct list_query *lq, struct buf *out, struct err *err)
{
	struct db_result *r = NULL;

	if (run_part(db, lq, LIST_ITEMS, &r, err) == -1)
		return -1;
	rows_csv(out, r);
	db_free(r);
	return 0;
}
