/* SPDX-License-Identifier: ISC */
/* Prints results: aligned tables for people; json.c has what programs get. */
#include "config.h"
#include "admin.h"

#include "base/term.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *shown(const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);

	if (!text)
		return "-";
	if (db_column_kind(r, col) == DB_BOOL)
		return *text == 't' ? "yes" : "no";
	return *text ? text : "-";
}

static void print_cell(const char *text, size_t width, bool right)
{
	size_t len = utf8_length(text);
	int pad = width > len ? (int)(width - len) : 0;

	if (right)
		printf("%*s", pad, "");
	term_print(stdout, text);
	if (!right)
		printf("%*s", pad, "");
}

static void print_table(const struct db_result *r)
{
	int rows = db_rows(r), cols = db_columns(r);
	size_t *width = mem_zalloc(sizeof(*width) * (size_t)(cols + 1));

	for (int c = 0; c < cols; c++) {
		width[c] = strlen(db_column_name(r, c));
		for (int i = 0; i < rows; i++) {
			size_t len = utf8_length(shown(r, i, c));

			width[c] = len > width[c] ? len : width[c];
		}
	}
	for (int i = -1; i < rows; i++) {
		for (int c = 0; c < cols; c++) {
			bool last = c == cols - 1, right = db_column_kind(r, c) == DB_NUMBER;

			print_cell(i < 0 ? db_column_name(r, c) : shown(r, i, c),
				last && !right ? 0 : width[c], right);
			printf("%s", last ? "\n" : "  ");
		}
	}
	free(width);
}

void admin_print(const struct admin *a, struct db_result *r, bool one)
{
	if (a->json) {
		admin_json_print(admin_json_rows(r, one));
	} else if (one) {
		for (int c = 0; c < db_columns(r); c++) {
			printf("%-16s ", db_column_name(r, c));
			print_cell(shown(r, 0, c), 0, false);
			putchar('\n');
		}
	} else {
		print_table(r);
	}
	db_free(r);
}
