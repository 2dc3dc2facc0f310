/* SPDX-License-Identifier: ISC */
/* Lists that the management API has, too (core/list.h): a command's options are their filters. */
#include "config.h"
#include "admin.h"

#include "db/rows.h"

#include <stdio.h>
#include <string.h>

const char *admin_time(struct admin *a, const char *text)
{
	return strlen(text) == 10 ? arena_printf(&a->arena, "%sT00:00:00Z", text) : text;
}

int admin_list(struct admin *a, const struct list *list, struct err *err)
{
	struct list_query wanted;
	struct list_page page = {0};
	struct query q = {0};
	struct buf csv = BUF_INIT;
	int rc = -1;

	for (int i = 0; a->command->options[i].name; i++) {
		const char *name = a->command->options[i].name, *value = a->values[i];

		if (value && strcmp(name, ADMIN_CSV) != 0)
			query_add(&a->arena, &q, strcmp(name, "id") == 0 ? "q" : name,
				strcmp(name, "from") == 0 || strcmp(name, "to") == 0 ? admin_time(a, value)
										     : value);
	}
	if (admin_option(a, ADMIN_CSV))
		query_add(&a->arena, &q, "format", "csv");
	query_clean(&a->arena, &q);
	if (list_parse(&a->arena, list, &q, NULL, &wanted, err) == -1)
		return -1;
	if (wanted.csv) {
		rc = list_write_csv(a->db, &wanted, &csv, err);
		fputs(buf_str(&csv), stdout);
		buf_free(&csv);
		return rc;
	}
	rc = list_run(a->db, &wanted, &page, err);
	if (rc == 0) {
		admin_print(a, page.items, false);
		page.items = NULL;
	}
	list_page_free(&page);
	return rc;
}

void admin_print_csv(struct db_result *r)
{
	struct buf csv = BUF_INIT;

	rows_csv(&csv, r);
	fputs(buf_str(&csv), stdout);
	buf_free(&csv);
	db_free(r);
}
