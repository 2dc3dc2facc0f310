/* SPDX-License-Identifier: ISC */
/* Results written down for programs: JSON (RFC 8259) and CSV (RFC 4180). */
#include "config.h"
#include "db/rows.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* "+02", "-03:30", "+00:19:32" in seconds; false when it is none. */
static bool read_offset(const char *text, long *seconds)
{
	int hours, minutes = 0, rest = 0, end = 0;

	if ((*text != '+' && *text != '-') ||
		sscanf(text + 1, "%2d%n:%2d%n:%2d%n", &hours, &end, &minutes, &end, &rest, &end) < 1 ||
		text[1 + end])
		return false;
	*seconds = (hours * 60L + minutes) * 60L + rest;
	if (*text == '-')
		*seconds = -*seconds;
	return true;
}

bool rows_time(struct buf *out, const char *text)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
	char when[32];
	long offset;
	time_t at;

	if (rest && *rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (!rest || !read_offset(rest, &offset))
		return false;
	at = timegm(&tm) - offset;
	if (!gmtime_r(&at, &tm) || tm.tm_year < 1 - 1900 || tm.tm_year > 9999 - 1900)
		return false;
	snprintf(when, sizeof(when), "%04d-%02d-%02dT%02d:%02d:%02dZ", (tm.tm_year + 1900) % 10000,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	buf_puts(out, when);
	return true;
}

static void put_string(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	buf_json(out, text);
	buf_putc(out, '"');
}

static void put_value(struct buf *out, const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);
	enum db_kind kind = db_column_kind(r, col);

	if (!text) {
		buf_puts(out, "null");
	} else if (kind == DB_BOOL) {
		buf_puts(out, *text == 't' ? "true" : "false");
	} else if (kind == DB_NUMBER) {
		/* NaN and Infinity are no numbers of JSON. */
		buf_puts(out, strpbrk(text, "NI") ? "null" : text);
	} else if (kind == DB_JSON) {
		buf_puts(out, text);
	} else if (kind == DB_TIME) {
		size_t at = out->len;

		buf_putc(out, '"');
		if (rows_time(out, text)) {
			buf_putc(out, '"');
		} else {
			out->len = at;
			buf_puts(out, "null");
		}
	} else {
		put_string(out, text);
	}
}

/* Length of the object's name in a column's, 0 when it stands alone. */
static size_t group_of(const char *name)
{
	const char *mark = strstr(name, "__");

	return mark ? (size_t)(mark - name) : 0;
}

static const char *name_in_group(const char *name)
{
	size_t group = group_of(name);

	return group ? name + group + 2 : name;
}

void rows_json_object(struct buf *out, const struct db_result *r, int row)
{
	const char *open = "";
	size_t open_len = 0;

	buf_putc(out, '{');
	for (int c = 0; c < db_columns(r); c++) {
		const char *name = db_column_name(r, c);
		size_t group = group_of(name);
		bool same = group == open_len && strncmp(name, open, group) == 0;

		if (!same && open_len)
			buf_putc(out, '}');
		if (c)
			buf_putc(out, ',');
		if (!same && group)
			buf_printf(out, "\"%.*s\":{", (int)group, name);
		open = name;
		open_len = group;
		put_string(out, name_in_group(name));
		buf_putc(out, ':');
		put_value(out, r, row, c);
	}
	buf_puts(out, open_len ? "}}" : "}");
}

void rows_json_array(struct buf *out, const struct db_result *r)
{
	buf_putc(out, '[');
	for (int i = 0; i < db_rows(r); i++) {
		if (i)
			buf_putc(out, ',');
		rows_json_object(out, r, i);
	}
	buf_putc(out, ']');
}

void rows_csv_text(struct buf *out, const char *text)
{
	bool formula = *text && strchr("=+-@\t\r", *text);
	bool quoted = strpbrk(text, ",\"\r\n") || *text == ' ' || (*text && text[strlen(text) - 1] == ' ');

	if (quoted)
		buf_putc(out, '"');
	if (formula)
		buf_putc(out, '\'');
	for (;;) {
		size_t plain = strcspn(text, "\"");

		buf_add(out, text, plain);
		text += plain;
		if (!*text)
			break;
		buf_puts(out, "\"\"");
		text++;
	}
	if (quoted)
		buf_putc(out, '"');
}

static void put_csv_value(struct buf *out, const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);
	enum db_kind kind = db_column_kind(r, col);

	if (!text)
		return;
	if (kind == DB_BOOL)
		buf_puts(out, *text == 't' ? "true" : "false");
	else if (kind == DB_NUMBER)
		buf_puts(out, text);
	else if (kind == DB_TIME)
		rows_time(out, text);
	else
		rows_csv_text(out, text);
}

void rows_csv(struct buf *out, const struct db_result *r)
{
	int columns = db_columns(r);

	for (int i = -1; i < db_rows(r); i++) {
		for (int c = 0; c < columns; c++) {
			if (c)
				buf_putc(out, ',');
			if (i < 0)
				buf_puts(out, name_in_group(db_column_name(r, c)));
			else
				put_csv_value(out, r, i, c);
		}
		buf_puts(out, "\r\n");
	}
}
