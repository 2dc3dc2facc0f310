/* SPDX-License-Identifier: ISC */
/* b3lb-admin history: figures as they were. */
#include "config.h"
#include "admin.h"
#include "json.h"

#include "base/clock.h"
#include "core/report.h"
#include "core/list.h"

#include <stdio.h>
#include <time.h>

static const struct admin_option options[] = {
	{"from", ADMIN_TEXT, false, "TIME",
		"From then on: 2026-11-26, or 2026-11-26T08:00:00Z; else a day before --to."},
	{"to", ADMIN_TEXT, false, "TIME", "Until then; else until now."},
	{ADMIN_CSV, ADMIN_SWITCH, false, NULL, "As CSV."},
	{.name = NULL},
};
static const char *const series[] = {"attendees", "meetings", "voices", "videos", "load", "cpu", "online"};

static int read_time(struct admin *a, const char *option, long long *at, struct err *err)
{
	const char *text = admin_option(a, option);

	if (text && !list_time(admin_time(a, text), at))
		return err_set(
			err, ERR_INVALID, "--%s must be a day or a time as 2026-11-26T08:00:00Z", option);
	return 0;
}

/* A line for each moment that has a figure. */
static void print_rows(struct admin *a, const json_t *doc)
{
	const json_t *at = json_object_get(doc, "at"), *all = json_object_get(doc, "series");
	bool csv = admin_option(a, ADMIN_CSV) != NULL;

	printf(csv ? "%s" : "%-20s", "at");
	for (size_t s = 0; s < ARRAY_SIZE(series); s++)
		printf(csv ? ",%s" : " %9s", series[s]);
	putchar('\n');
	for (size_t i = 0; i < json_array_size(at); i++) {
		char when[CLOCK_UTC_SIZE];

		if (json_is_null(json_array_get(json_object_get(all, series[0]), i)))
			continue;
		clock_utc((time_t)json_integer_value(json_array_get(at, i)), when);
		printf(csv ? "%s" : "%-20s", when);
		for (size_t s = 0; s < ARRAY_SIZE(series); s++) {
			const json_t *value = json_array_get(json_object_get(all, series[s]), i);
			char text[32] = "";

			if (json_is_number(value))
				snprintf(text, sizeof(text), "%.10g", json_number_value(value));
			printf(csv ? ",%s" : " %9s", csv || *text ? text : "-");
		}
		putchar('\n');
	}
}

static int history(struct admin *a, struct err *err)
{
	long long now = time(NULL), to = now, from;
	struct report_scope scope;
	struct db_result *r = NULL;
	json_t *doc;
	int step;

	if (report_scope_read(&a->arena, a->args[0], &scope, err) == -1 || read_time(a, "to", &to, err) == -1)
		return -1;
	from = to - REPORT_DAY;
	if (read_time(a, "from", &from, err) == -1)
		return -1;
	step = report_step(from, to, now);
	if (from >= to || (to - from) / step > REPORT_POINTS_MAX)
		return err_set(err, ERR_INVALID, "--from must be before --to, by at most %d hours",
			REPORT_POINTS_MAX);
	if (report_history(a->db, &scope, from, to, step, &r, err) == -1)
		return -1;
	doc = json_loads(db_text(r, 0, 0), 0, NULL);
	db_free(r);
	if (a->json) {
		admin_json_print(doc);
		return 0;
	}
	print_rows(a, doc);
	json_decref(doc);
	return 0;
}

const struct admin_command admin_history_commands[] = {
	{"history", "", "total|tenant:SLUG|secret:SLUG-SUB|node:SLUG", 1, 1, options, false, false, history,
		"Shows figures as they were: every five minutes of two days within the last eight, else the most of each hour.",
		"b3lb-admin history tenant:ACME --from 2026-11-01 --to 2026-12-01 --csv"},
	{.object = NULL},
};
