/* SPDX-License-Identifier: ISC */
/* JSON that b3lb-admin prints for programs. */
#include "config.h"
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *admin_json_text(const char *text)
{
	json_t *value = json_string(text);
	struct buf clean = BUF_INIT;

	if (value)
		return value;
	/* Not UTF-8: a message that was cut, or a file's name. */
	buf_xml_chars(&clean, text, strlen(text));
	value = json_string(buf_str(&clean));
	buf_free(&clean);
	return value;
}

static json_t *cell(const struct db_result *r, int row, int col)
{
	const char *text = db_text(r, row, col);
	enum db_kind kind = db_column_kind(r, col);

	if (!text)
		return json_null();
	if (kind == DB_BOOL)
		return json_boolean(*text == 't');
	if (kind != DB_NUMBER)
		return admin_json_text(text);
	if (!text[strspn(text, "-0123456789")])
		return json_integer(strtoll(text, NULL, 10));
	return isfinite(strtod(text, NULL)) ? json_real(strtod(text, NULL)) : json_null();
}

json_t *admin_json_rows(const struct db_result *r, bool one)
{
	json_t *list = json_array(), *first;

	for (int i = 0; i < db_rows(r); i++) {
		json_t *object = json_object();

		for (int c = 0; c < db_columns(r); c++)
			json_object_set_new(object, db_column_name(r, c), cell(r, i, c));
		json_array_append_new(list, object);
	}
	if (!one)
		return list;
	first = json_incref(json_array_get(list, 0));
	json_decref(list);
	return first;
}

void admin_json_print(json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(1) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	printf("%s\n", text ? text : "null");
	free(text);
	json_decref(value);
}
