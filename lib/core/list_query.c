/* SPDX-License-Identifier: ISC */
/* What a client asks of a list: its query, held against the names that the list knows. */
#include "config.h"
#include "core/list.h"

#include "http/accept.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIST_LIMIT	50
#define LIST_OFFSET_MAX 1000000000
#define BARS_MAX	100
#define BARS_SPAN	(14LL * 86400)

bool list_time(const char *text, long long *seconds)
{
	int hours = 0, minutes = 0;
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	char sign;

	if (rest && *rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (!rest)
		return false;
	sign = *rest;
	if (sign == 'Z') {
		rest++;
	} else if ((sign == '+' || sign == '-') && strspn(rest + 1, "0123456789:") == 5 && rest[3] == ':') {
		hours = atoi(rest + 1);
		minutes = atoi(rest + 4);
		rest += 6;
	} else {
		return false;
	}
	*seconds = (long long)timegm(&tm) - (sign == '-' ? -1 : 1) * (hours * 60LL + minutes) * 60;
	return *rest == '\0' && hours < 24 && minutes < 60;
}

static int read_number(const struct query *query, const char *name, long long min, long long max,
	long long *value, struct err *err)
{
	const char *text = query_get_filled(query, name);

	if (!text)
		return 0;
	if (!text_is_number(text, 10) || atoll(text) < min || atoll(text) > max)
		return err_set(err, ERR_INVALID, "%s: must be a number from %lld to %lld", name, min, max);
	*value = atoll(text);
	return 0;
}

static const char *search_pattern(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT;
	const char *pattern;

	db_pattern(&b, text);
	pattern = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return pattern;
}

static bool is_choice(const char *choices, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = choices; *at; at += strspn(at, " ")) {
		size_t one = strcspn(at, " ");

		if (one == len && strncmp(at, text, len) == 0)
			return true;
		at += one;
	}
	return false;
}

static int read_filter(
	struct arena *a, const struct list_filter *f, const char *text, const char **value, struct err *err)
{
	long long when;

	*value = text;
	switch (f->kind) {
	case LIST_TEXT:
		break;
	case LIST_UPPER:
		*value = text_upper(arena_strdup(a, text));
		break;
	case LIST_LOWER:
		*value = text_lower(arena_strdup(a, text));
		break;
	case LIST_SEARCH:
	case LIST_PART:
		if (strlen(text) > 1000)
			return err_set(err, ERR_INVALID, "%s: must be at most 1000 bytes long", f->name);
		*value = search_pattern(a, text);
		break;
	case LIST_CHOICE:
		if (!is_choice(f->more, text))
			return err_set(err, ERR_INVALID, "%s: must be one of: %s", f->name, f->more);
		break;
	case LIST_FROM:
	case LIST_TO:
		if (!list_time(text, &when))
			return err_set(err, ERR_INVALID,
				"%s: must be a time as 2026-11-26T06:39:41Z (RFC 3339)", f->name);
		break;
	}
	return 0;
}

static int read_filters(struct arena *a, const struct query *query, struct list_query *lq, struct err *err)
{
	for (int i = 0; lq->list->filters[i].name; i++) {
		const struct list_filter *f = &lq->list->filters[i];
		const char *text = query_get_filled(query, f->name);

		if (text && read_filter(a, f, text, &lq->value[i], err) == -1)
			return -1;
	}
	return 0;
}

/* Names, separated by commas, each with "-" before it where it goes downwards. */
static int read_sort(const char *text, struct list_query *lq, struct err *err)
{
	struct buf names = BUF_INIT;
	const char *at = text;

	while (lq->sorts < LIST_SORTS_MAX) {
		bool down = *at == '-';
		size_t len = strcspn(at += down, ",");
		int i = 0;

		while (lq->list->sorts[i].name && (strlen(lq->list->sorts[i].name) != len ||
							  strncmp(lq->list->sorts[i].name, at, len) != 0))
			i++;
		if (!lq->list->sorts[i].name)
			break;
		lq->sorted[lq->sorts].sort = i;
		lq->sorted[lq->sorts++].down = down;
		at += len;
		if (!*at++)
			return 0;
	}
	for (int i = 0; lq->list->sorts[i].name; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", lq->list->sorts[i].name);
	err_set(err, ERR_INVALID,
		"sort: must be one or more, separated by commas, of: %s; - before one turns it round",
		buf_str(&names));
	buf_free(&names);
	return -1;
}

static int read_format(const struct query *query, const char *accept, struct list_query *lq, struct err *err)
{
	const char *format = query_get_filled(query, "format");

	if (format && strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
		return err_set(err, ERR_INVALID, "format: must be json or csv");
	lq->csv = format ? strcmp(format, "csv") == 0 : accept_names_type(accept, "text/csv");
	return 0;
}

static int check_names(const struct list *list, const struct query *query, struct err *err)
{
	static const char *const common[] = {"limit", "offset", "sort", "format"};

	for (size_t i = 0; i < query->count; i++) {
		const char *name = query->params[i].name;
		bool known = false;

		for (size_t k = 0; k < ARRAY_SIZE(common); k++)
			known = known || strcmp(common[k], name) == 0;
		for (int k = 0; list->filters[k].name; k++)
			known = known || strcmp(list->filters[k].name, name) == 0;
		if (!known)
			return err_set(err, ERR_INVALID, "%.40s: this list has no such parameter", name);
	}
	return 0;
}

static long long bars_step(const struct list_query *lq)
{
	static const int steps[] = {60, 300, 900, 3600, 3 * 3600, 6 * 3600, 86400};
	long long from = 0, to = time(NULL);
	bool given = false;
	size_t i = 0;

	for (int f = 0; lq->list->filters[f].name; f++) {
		if (lq->value[f] && lq->list->filters[f].kind == LIST_FROM)
			given = list_time(lq->value[f], &from);
		if (lq->value[f] && lq->list->filters[f].kind == LIST_TO)
			list_time(lq->value[f], &to);
	}
	if (!given)
		from = to - BARS_SPAN;
	while (i < ARRAY_SIZE(steps) - 1 && (to - from) / steps[i] > BARS_MAX)
		i++;
	return steps[i];
}

int list_parse(struct arena *a, const struct list *list, const struct query *query, const char *accept,
	struct list_query *lq, struct err *err)
{
	const char *sort = query_get_filled(query, "sort");

	*lq = (struct list_query){.list = list, .limit = LIST_LIMIT};
	if (check_names(list, query, err) == -1 ||
		read_number(query, "limit", 1, LIST_LIMIT_MAX, &lq->limit, err) == -1 ||
		read_number(query, "offset", 0, LIST_OFFSET_MAX, &lq->offset, err) == -1 ||
		read_sort(sort ? sort : list->order, lq, err) == -1 ||
		read_format(query, accept, lq, err) == -1 || read_filters(a, query, lq, err) == -1)
		return -1;
	lq->step = bars_step(lq);
	return 0;
}
