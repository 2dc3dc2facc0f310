/* SPDX-License-Identifier: ISC */
/* Lists that are short enough to be sorted here: the configuration's own. */
#include "config.h"
#include "manage.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LIMIT	  50
#define LIMIT_MAX 500

/* A whole number of the query, or preset; false when it was answered. */
static bool read_number(struct manage *m, const char *name, long preset, long max, long *out)
{
	const char *text = manage_param(m, name);

	*out = preset;
	if (!text)
		return true;
	*out = text_is_number(text, 9) ? strtol(text, NULL, 10) : -1;
	if (*out >= 0 && *out <= max)
		return true;
	manage_refuse(&m->x, 422,
		arena_printf(&m->x.rq->arena, "%s must be a whole number from 0 to %ld", name, max));
	return false;
}

/* Whether one of its texts holds the words, in any case. */
static bool holds(json_t *object, const char *words)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) if (strcmp(key, "etag") != 0 && json_is_string(value) &&
						    strcasestr(json_string_value(value), words)) return true;
	return false;
}

static int compare_values(const json_t *a, const json_t *b)
{
	double x = json_is_boolean(a) ? json_is_true(a) : json_number_value(a);
	double y = json_is_boolean(b) ? json_is_true(b) : json_number_value(b);

	if (json_is_string(a) && json_is_string(b))
		return strcasecmp(json_string_value(a), json_string_value(b));
	return (x > y) - (x < y);
}

/* One sort key: "-load_a". */
static int compare(const void *a, const void *b, void *sort)
{
	const char *key = sort;
	int down = *key == '-' ? -1 : 1;

	return down * compare_values(json_object_get(*(json_t *const *)a, key + (*key == '-')),
			      json_object_get(*(json_t *const *)b, key + (*key == '-')));
}

void manage_send_page(struct manage *m, json_t *objects)
{
	const char *words = manage_param(m, "q"), *sort = manage_param(m, "sort");
	size_t count = json_array_size(objects), total = 0;
	json_t **found = mem_zalloc((count + 1) * sizeof(*found)), *object, *items = json_array();
	long limit, offset;
	size_t i;

	json_array_foreach(objects, i, object) if (!words || holds(object, words)) found[total++] = object;
	if (sort)
		qsort_r(found, total, sizeof(*found), compare, (void *)(uintptr_t)sort);
	if (read_number(m, "limit", LIMIT, LIMIT_MAX, &limit) &&
		read_number(m, "offset", 0, 1000000, &offset)) {
		for (i = (size_t)offset; i < total && i < (size_t)(offset + limit); i++)
			json_array_append(items, found[i]);
		manage_send_json(m, 200,
			json_pack("{s:O, s:I, s:I, s:I, s:{}}", "items", items, "total", (json_int_t)total,
				"limit", (json_int_t)limit, "offset", (json_int_t)offset, "facets"));
	}
	json_decref(items);
	json_decref(objects);
	free(found);
}
