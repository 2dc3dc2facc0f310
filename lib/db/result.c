/* SPDX-License-Identifier: ISC */
/* Parameters, results and errors of PostgreSQL in our own terms. */
#include "config.h"
#include "db/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Type oids of pg_type.dat; all others are text. */
static const struct {
	Oid oid;
	enum db_kind kind;
} kinds[] = {
	{16, DB_BOOL}, {20, DB_NUMBER}, /* int8 */
	{21, DB_NUMBER},		/* int2 */
	{23, DB_NUMBER},		/* int4 */
	{700, DB_NUMBER},		/* float4 */
	{701, DB_NUMBER},		/* float8 */
	{1700, DB_NUMBER},		/* numeric */
	{1184, DB_TIME},		/* timestamptz */
	{114, DB_JSON},			/* json */
	{3802, DB_JSON},		/* jsonb */
};

/* SQLSTATEs, whole or by class, and what they mean to a caller. First match wins. */
static const struct {
	const char *prefix;
	enum err_kind kind;
	bool broken; /* another connection may do better: the server was demoted, is going down, is full */
} states[] = {
	{"08", ERR_AWAY, true},
	{"57014", ERR_AWAY, false}, /* query_canceled: statement_timeout */
	{"57P", ERR_AWAY, true},    /* shutdown, crash, starting up, idle session timeout */
	{"53", ERR_AWAY, true},	    /* insufficient resources: disk full, memory, connections */
	{"25006", ERR_AWAY, true},  /* read only: a demoted primary */
	{"55P03", ERR_AWAY, false}, /* lock_timeout */
	{"40", ERR_AWAY, false},    /* serialization failure, deadlock */
	{"23505", ERR_CONFLICT, false},
	{"23503", ERR_CONFLICT, false},
	{"23", ERR_INVALID, false},
	{"22", ERR_INVALID, false},
};

void db_args_write(const struct db_args *args, struct db_args_text *out)
{
	for (int i = 0; i < args->count; i++) {
		const struct db_arg *arg = &args->arg[i];

		out->value[i] = out->number[i];
		if (arg->kind == DB_ARG_TEXT)
			out->value[i] = arg->text;
		else if (arg->kind == DB_ARG_BOOL)
			out->value[i] = arg->integer ? "t" : "f";
		else if (arg->kind == DB_ARG_INT)
			out->value[i] = text_of_int(arg->integer, out->number[i]);
		else
			snprintf(out->number[i], sizeof(out->number[i]), "%.17g", arg->real);
	}
}

void db_array_begin(struct buf *b)
{
	buf_putc(b, '{');
}

void db_array_add(struct buf *b, const char *value)
{
	if (b->len && b->ptr[b->len - 1] != '{')
		buf_putc(b, ',');
	if (!value) {
		buf_puts(b, "NULL");
		return;
	}
	buf_putc(b, '"');
	for (;;) {
		size_t plain = strcspn(value, "\"\\");

		buf_add(b, value, plain);
		value += plain;
		if (!*value)
			break;
		buf_putc(b, '\\');
		buf_putc(b, *value++);
	}
	buf_putc(b, '"');
}

void db_array_add_int(struct buf *b, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	db_array_add(b, text);
}

void db_array_end(struct buf *b)
{
	buf_putc(b, '}');
}

void db_pattern(struct buf *b, const char *text)
{
	buf_putc(b, '%');
	for (; *text; text++) {
		if (strchr("\\%_", *text))
			buf_putc(b, '\\');
		buf_putc(b, *text);
	}
	buf_putc(b, '%');
}

void db_result_remember_state(PGconn *pg, char *state)
{
	/* Of a refused start-up libpq keeps the words, in any language, and the code among them. */
	state[0] = '\0';
	if (pg && strstr(PQerrorMessage(pg), ":  3D000: "))
		memcpy(state, "3D000", 6);
}

int db_result_fail_conn(PGconn *pg, bool *broken, char *state, struct err *err)
{
	*broken = true;
	state[0] = '\0';
	err_set(err, ERR_AWAY, "the database connection broke: %s", PQerrorMessage(pg));
	if (err)
		err->text[strcspn(err->text, "\n")] = '\0';
	return -1;
}

int db_result_take(
	PGconn *pg, PGresult *res, bool *broken, char *state, struct db_result **out, struct err *err)
{
	ExecStatusType status = res ? PQresultStatus(res) : PGRES_FATAL_ERROR;
	const char *code, *primary;

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) {
		*out = (struct db_result *)res;
		return 0;
	}
	code = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	primary = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	if (!code || PQstatus(pg) == CONNECTION_BAD) {
		PQclear(res);
		return db_result_fail_conn(pg, broken, state, err);
	}
	snprintf(state, 6, "%s", code);
	/* The primary message names constraints and types, the detail would hold values: those stay away from
	 * logs. */
	err_set(err, ERR_INTERNAL, "database: %s (%s)", primary ? primary : "error", code);
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		if (strncmp(code, states[i].prefix, strlen(states[i].prefix)) != 0)
			continue;
		if (err)
			err->kind = states[i].kind;
		*broken = *broken || states[i].broken;
		break;
	}
	PQclear(res);
	return -1;
}

static const PGresult *pg(const struct db_result *r)
{
	return (const PGresult *)r;
}

int db_rows(const struct db_result *r)
{
	return r ? PQntuples(pg(r)) : 0;
}

int db_columns(const struct db_result *r)
{
	return r ? PQnfields(pg(r)) : 0;
}

const char *db_column_name(const struct db_result *r, int col)
{
	return PQfname(pg(r), col);
}

enum db_kind db_column_kind(const struct db_result *r, int col)
{
	Oid type = PQftype(pg(r), col);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].oid == type)
			return kinds[i].kind;
	return DB_TEXT;
}

const char *db_text(const struct db_result *r, int row, int col)
{
	return PQgetisnull(pg(r), row, col) ? NULL : PQgetvalue(pg(r), row, col);
}

bool db_is(const struct db_result *r, int row, int col, const char *text)
{
	const char *is = db_text(r, row, col);

	return is && strcmp(is, text) == 0;
}

long long db_int(const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);

	return text ? strtoll(text, NULL, 10) : 0;
}

double db_double(const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);

	return text ? strtod(text, NULL) : 0;
}

bool db_bool(const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);

	return text && *text == 't';
}

void db_free(struct db_result *r)
{
	PQclear((PGresult *)r);
}

/* A conninfo value in quotes (libpq, "Keyword/Value Connection Strings"). */
static void conninfo_add(struct buf *b, const char *keyword, const char *value)
{
	buf_printf(b, "%s%s='", b->len ? " " : "", keyword);
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *value);
	}
	buf_putc(b, '\'');
}

char *db_conninfo_value(const char *conninfo, const char *keyword)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	char *value = NULL;

	for (PQconninfoOption *o = options; o && o->keyword; o++)
		if (o->val && *o->val && strcmp(o->keyword, keyword) == 0)
			value = mem_strdup(o->val);
	PQconninfoFree(options);
	return value;
}

char *db_conninfo_name(const char *conninfo, const char *other, char **changed)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	struct buf b = BUF_INIT;
	char *name = NULL;

	*changed = NULL;
	for (PQconninfoOption *o = options; o && o->keyword; o++) {
		if (!o->val)
			continue;
		if (strcmp(o->keyword, "dbname") == 0) {
			name = mem_strdup(o->val);
			conninfo_add(&b, o->keyword, other);
		} else {
			conninfo_add(&b, o->keyword, o->val);
		}
	}
	PQconninfoFree(options);
	*changed = b.ptr;
	return name;
}
