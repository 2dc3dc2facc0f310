/* SPDX-License-Identifier: ISC */
/* Tests of lists: what is read of a query, the statements that come of it, JSON and CSV of what they give. */
#include "config.h"
#include "unit.h"

#include "core/list.h"
#include "db/rows.h"

#include <libpq-fe.h>
#include <stdlib.h>

static const struct db_stmt base = {"list_x",
	"select * from t where $1::int[] is null or tenant_id = any ($1::int[])\n", true, 1,
	"id name live__age tenant node by_name by_text"};
static const struct list list = {
	.name = "x",
	.base = &base,
	.filters =
		{
			{"q", LIST_SEARCH, "by_text", "by_ids"},
			{"state", LIST_CHOICE, "state", "on off"},
			{"tenant", LIST_UPPER, "tenant", NULL},
			{"node", LIST_LOWER, "node", NULL},
			{"from", LIST_FROM, "at", NULL},
			{"to", LIST_TO, "at", NULL},
		},
	.sorts = {{"name", "by_name"}, {"age", "live__age"}},
	.order = "-age",
	.key = "-id",
	.facets = {"state", "tenant"},
};
#define LIST_ROWS "(select * from t where $1::int[] is null or tenant_id = any ($1::int[])\n) x"

static int parse(struct arena *a, const char *text, struct list_query *lq, struct err *err)
{
	struct query query;

	assert_int_equal(query_parse(a, text, strlen(text), &query, err), 0);
	query_clean(a, &query);
	return list_parse(a, &list, &query, NULL, lq, err);
}

static void check_query(char **field, int fields)
{
	struct arena a = {0};
	struct list_query lq;
	struct err err = {0};
	int rc;

	assert_int_equal(fields, 2);
	rc = parse(&a, field[0], &lq, &err);
	assert_string_equal(rc == 0 ? "-" : err.text, field[1]);
	assert_int_equal(err.kind, rc == 0 ? ERR_NONE : ERR_INVALID);
	arena_free(&a);
}

static void test_queries(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("list_query.tsv", check_query), 47);
}

static void check_text(const struct list_query *lq, enum list_part part, const char *expected, int params)
{
	struct buf sql = BUF_INIT;
	struct db_args args;

	list_compose(lq, part, &sql, &args);
	assert_string_equal(buf_str(&sql), expected);
	assert_int_equal(args.count, params);
	buf_free(&sql);
}

static void test_statements(void **state)
{
#define FILTERED LIST_ROWS " where (x.by_text ilike $2::text or x.by_ids like $2::text)"
	struct arena a = {0};
	struct list_query lq;
	struct err err = {0};
	struct db_args args;
	struct buf sql = BUF_INIT;

	(void)state;
	assert_int_equal(parse(&a, "", &lq, &err), 0);
	check_text(&lq, LIST_ITEMS,
		"select x.id, x.name, x.live__age, x.tenant, x.node from " LIST_ROWS " join unnest(array("
		"select x.id from " LIST_ROWS
		" order by x.live__age desc, x.id desc limit $2::bigint offset $3::bigint)) "
		"with ordinality k (key, place) on k.key = x.id order by k.place",
		3);
	check_text(&lq, LIST_COUNTS,
		"select case when false then '' when grouping(x.state) = 0 then 'state'"
		" when grouping(x.tenant) = 0 then 'tenant' end as facet,"
		" case when false then '' when grouping(x.state) = 0 then x.state"
		" when grouping(x.tenant) = 0 then x.tenant end as value, count(*) as count from " LIST_ROWS
		" group by grouping sets ((), (x.state), (x.tenant)) order by 3 desc, 2",
		1);
	assert_int_equal(
		parse(&a, "sort=name&tenant=aCme&node=N1&q=50%25_%5c'&limit=7&offset=21", &lq, &err), 0);
	check_text(&lq, LIST_ITEMS,
		"select x.id, x.name, x.live__age, x.tenant, x.node from " LIST_ROWS " join unnest(array("
		"select x.id from " FILTERED " and (x.tenant = $3::text) and (x.node = $4::text)"
		" order by x.by_name, x.id desc limit $5::bigint offset $6::bigint)) "
		"with ordinality k (key, place) on k.key = x.id order by k.place",
		6);
	/* A facet counts what the other filters leave. */
	check_text(&lq, LIST_COUNTS,
		"select case when false then '' when grouping(x.state) = 0 then 'state' end as facet,"
		" case when false then '' when grouping(x.state) = 0 then x.state end as value, count(*) as count"
		" from " FILTERED " and (x.tenant = $3::text) and (x.node = $4::text)"
		" group by grouping sets ((), (x.state)) union all select 'tenant', x.tenant, count(*)"
		" from " FILTERED " and (x.node = $4::text) group by x.tenant order by 3 desc, 2",
		4);
	lq.tenants = "{1,2}";
	list_compose(&lq, LIST_ITEMS, &sql, &args);
	assert_string_equal(args.arg[0].text, "{1,2}");
	assert_string_equal(args.arg[1].text, "%50\\%\\_\\\\'%");
	assert_string_equal(args.arg[2].text, "ACME");
	assert_string_equal(args.arg[3].text, "n1");
	assert_int_equal(args.arg[4].integer, 7);
	assert_int_equal(args.arg[5].integer, 21);
	/* A table for people is the whole match. */
	lq.csv = true;
	check_text(&lq, LIST_ITEMS,
		"select x.id, x.name, x.live__age, x.tenant, x.node from " FILTERED
		" and (x.tenant = $3::text) and (x.node = $4::text) order by x.by_name, x.id desc limit $5::bigint",
		5);
	list_compose(&lq, LIST_ITEMS, &sql, &args);
	assert_true(args.arg[4].integer >= 1000000);
	buf_free(&sql);
	arena_free(&a);
}

static void test_format(void **state)
{
	struct arena a = {0};
	struct query query = {0};
	struct list_query lq;
	struct err err = {0};

	(void)state;
	assert_int_equal(list_parse(&a, &list, &query, "text/csv", &lq, &err), 0);
	assert_true(lq.csv);
	assert_int_equal(list_parse(&a, &list, &query, "application/json, text/csv;q=0", &lq, &err), 0);
	assert_false(lq.csv);
	query_add(&a, &query, "format", "json");
	assert_int_equal(list_parse(&a, &list, &query, "text/csv", &lq, &err), 0);
	assert_false(lq.csv);
	arena_free(&a);
}

/* Bars are as wide as makes a hundred of them at most. */
static void test_steps(void **state)
{
	static const struct {
		const char *query;
		long long step;
	} steps[] = {
		{"from=2026-11-26T06:00:00Z&to=2026-11-26T07:00:00Z", 60},
		{"from=2026-11-26T00:00:00Z&to=2026-11-27T00:00:00Z", 900},
		{"from=2026-11-26T00:00:00%2B02:00&to=2026-11-26T00:00:00Z", 300},
		{"from=2020-11-26T00:00:00Z&to=2026-11-27T00:00:00Z", 86400},
		{"from=2026-11-27T00:00:00Z&to=2026-11-26T00:00:00Z", 60},
		{"", 6 * 3600},
	};
	struct arena a = {0};
	struct list_query lq;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		assert_int_equal(parse(&a, steps[i].query, &lq, &err), 0);
		assert_int_equal(lq.step, steps[i].step);
	}
	arena_free(&a);
}

/* \t, \r and \n of a field. */
static const char *unescaped(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		const char *letter = *from == '\\' ? strchr("t\tr\rn\n", from[1]) : NULL;

		*to++ = letter ? letter[1] : *from;
		from += letter != NULL;
	}
	*to = '\0';
	return text;
}

static void check_csv(char **field, int fields)
{
	struct buf b = BUF_INIT;

	assert_int_equal(fields, 2);
	rows_csv_text(&b, unescaped(field[0]));
	assert_string_equal(buf_str(&b), unescaped(field[1]));
	buf_free(&b);
}

static void test_csv(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("csv.tsv", check_csv), 19);
}

static void check_time(char **field, int fields)
{
	struct buf b = BUF_INIT;

	assert_int_equal(fields, 2);
	assert_int_equal(rows_time(&b, field[0]), *field[1] != '-');
	assert_string_equal(b.len ? buf_str(&b) : "-", field[1]);
	buf_free(&b);
}

static void test_time(void **state)
{
	(void)state;
	assert_int_equal(unit_each_vector("rows_time.tsv", check_time), 15);
}

/* A result as the server would give it: one row of these columns. */
static struct db_result *result_of(const char *const columns[][2], const Oid *types, int count)
{
	PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc desc[16] = {0};

	for (int i = 0; i < count; i++) {
		desc[i].name = mem_strdup(columns[i][0]);
		desc[i].typid = types[i];
	}
	assert_true(PQsetResultAttrs(res, count, desc));
	for (int i = 0; i < count; i++) {
		char *value = columns[i][1] ? mem_strdup(columns[i][1]) : NULL;

		assert_true(PQsetvalue(res, 0, i, value, value ? (int)strlen(value) : -1));
		free(value);
		free(desc[i].name);
	}
	return (struct db_result *)res;
}

static void test_rows(void **state)
{
	static const char *const columns[][2] = {{"slug", "a\"\n\x7f"}, {"n", "-5"}, {"live__load", "NaN"},
		{"live__up", "t"}, {"other__at", "2026-11-26 06:39:41+00"}, {"other__x", NULL},
		{"more", "[1,2]"}, {"gone", "infinity"}};
	static const Oid types[] = {25, 23, 701, 16, 1184, 25, 3802, 1184};
	struct db_result *r = result_of(columns, types, 8);
	struct buf b = BUF_INIT;

	(void)state;
	rows_json_array(&b, r);
	assert_string_equal(buf_str(&b),
		"[{\"slug\":\"a\\\"\\u000a\\u007f\",\"n\":-5,\"live\":{\"load\":null,\"up\":true},"
		"\"other\":{\"at\":\"2026-11-26T06:39:41Z\",\"x\":null},\"more\":[1,2],\"gone\":null}]");
	buf_clear(&b);
	rows_csv(&b, r);
	assert_string_equal(buf_str(&b),
		"slug,n,load,up,at,x,more,gone\r\n\"a\"\"\n\x7f\",-5,NaN,true,2026-11-26T06:39:41Z,,\"[1,2]\",\r\n");
	buf_clear(&b);
	rows_json_array(&b, NULL);
	assert_string_equal(buf_str(&b), "[]");
	buf_free(&b);
	db_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
