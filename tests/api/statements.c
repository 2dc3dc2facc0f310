/* SPDX-License-Identifier: ISC */
/* Prepares every statement of sql/statements in a database and holds its parameters and columns against its head, and
 * those of lists with each filter and each sort: statements CONNINFO. Prints what prepares and explains one, for psql: statements --explain NAME. */
#include "config.h"
#include "core/list.h"
#include "sql/statements.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

static int complain(const struct db_stmt *stmt, const char *what)
{
	printf("%s: %s\n", stmt->name, what);
	return 1;
}

/* Whether the result's columns are those that the head names, in order. */
static bool columns_agree(const struct db_stmt *stmt, const PGresult *res)
{
	const char *at = stmt->columns;

	for (int i = 0; i < PQnfields(res); i++) {
		size_t len = strcspn(at, " ");

		if (len != strlen(PQfname(res, i)) || strncmp(at, PQfname(res, i), len) != 0)
			return false;
		at += len + strspn(at + len, " ");
	}
	return *at == '\0';
}

static int check(PGconn *pg, const struct db_stmt *stmt)
{
	PGresult *res = PQprepare(pg, stmt->name, stmt->sql, 0, NULL);
	int bad = 0;

	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		bad = complain(stmt, PQerrorMessage(pg));
	PQclear(res);
	if (bad)
		return bad;
	res = PQdescribePrepared(pg, stmt->name);
	if (PQnparams(res) != stmt->params)
		bad += complain(stmt, "takes another number of parameters than it names");
	if (stmt->columns && !columns_agree(stmt, res)) {
		bad += complain(stmt, "gives other columns than its head says:");
		for (int i = 0; i < PQnfields(res); i++)
			printf("\t%s\n", PQfname(res, i));
	}
	PQclear(res);
	return bad;
}

static int check_list_query(PGconn *pg, const struct list_query *lq)
{
	int bad = 0;

	for (enum list_part part = LIST_ITEMS; part <= (lq->list->at ? LIST_BARS : LIST_COUNTS); part++) {
		struct buf sql = BUF_INIT;
		struct db_args args;
		struct db_stmt stmt = {.name = lq->list->name};

		list_compose(lq, part, &sql, &args);
		stmt.sql = buf_str(&sql);
		stmt.params = args.count;
		bad += check(pg, &stmt);
		PQclear(PQexec(pg, "deallocate all"));
		buf_free(&sql);
	}
	return bad;
}

/* Without filters, with each, with all; sorted by each column in both directions, and by all of them. */
static int check_list(PGconn *pg, const struct list *list)
{
	struct list_query lq = {.list = list};
	struct buf one = BUF_INIT;
	int bad = check_list_query(pg, &lq);

	if (list->id) {
		list_compose_one(list, &one);
		bad += check(pg, &(const struct db_stmt){list->name, buf_str(&one), true, 2, NULL});
		PQclear(PQexec(pg, "deallocate all"));
		buf_free(&one);
	}
	for (int i = 0; list->filters[i].name; i++) {
		lq.value[i] = "";
		bad += check_list_query(pg, &lq);
		lq.value[i] = NULL;
	}
	for (int i = 0; list->filters[i].name; i++)
		lq.value[i] = "";
	for (int i = 0; list->sorts[i].name; i++) {
		lq.sorts = 1;
		lq.sorted[0].sort = i;
		lq.sorted[0].down = !lq.sorted[0].down;
		bad += check_list_query(pg, &lq);
	}
	for (lq.sorts = 0; list->sorts[lq.sorts].name; lq.sorts++)
		lq.sorted[lq.sorts].sort = lq.sorts;
	return bad + check_list_query(pg, &lq);
}

static int print_explain(const char *name)
{
	for (const struct db_stmt *const *s = db_statements; *s; s++) {
		if (strcmp((*s)->name, name) != 0)
			continue;
		printf("prepare %s as %s;\nexplain (verbose) execute %s", name, (*s)->sql, name);
		for (int i = 0; i < (*s)->params; i++)
			printf("%snull", i ? ", " : "(");
		puts((*s)->params ? ");" : ";");
		return 0;
	}
	fprintf(stderr, "there is no statement %s\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--explain") == 0)
		return print_explain(argv[2]);

	PGconn *pg = PQconnectdb(argc > 1 ? argv[1] : "");
	int bad = 0, count = 0;

	if (PQstatus(pg) != CONNECTION_OK) {
		fputs(PQerrorMessage(pg), stderr);
		return 2;
	}
	for (const struct db_stmt *const *s = db_statements; *s; s++, count++)
		bad += check(pg, *s);
	for (const struct list *const *l = lists; *l; l++)
		bad += check_list(pg, *l);
	printf("%d statements\n", count);
	PQfinish(pg);
	return bad > 0;
}
