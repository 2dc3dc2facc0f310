/* SPDX-License-Identifier: ISC */
/* What setup and check say. */
#include "config.h"
#include "report.h"

#include "base/term.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>

static void say_line(struct report *r, enum report_level level, const char *subject, const char *message)
{
	(void)r;
	printf("%-7s  ", report_levels[level]);
	term_print(stdout, subject);
	fputs(": ", stdout);
	term_print(stdout, message);
	putchar('\n');
	fflush(stdout);
}

static const char *opening(const struct report *r)
{
	int n = 0;

	for (int i = 0; i < REPORT_LEVELS; i++)
		n += r->count[i];
	return n ? "" : "[";
}

static void say_json(struct report *r, enum report_level level, const char *subject, const char *message)
{
	json_t *object = json_pack("{s:s, s:o, s:o}", "level", report_levels[level], "subject",
		admin_json_text(subject), "message", admin_json_text(message));
	char *text = json_dumps(object, 0);

	printf("%s%s", *opening(r) ? "[" : ",\n ", text);
	fflush(stdout);
	free(text);
	json_decref(object);
}

struct report report_on_stdout(bool json)
{
	return (struct report){.say = json ? say_json : say_line};
}

int report_end(struct report *r, struct err *err)
{
	int errors = r->count[REPORT_ERROR];

	if (r->say == say_json)
		printf("%s]\n", opening(r));
	if (errors)
		return err_set(err, ERR_INVALID, "%d error%s", errors, errors == 1 ? "" : "s");
	return 0;
}
