/* SPDX-License-Identifier: ISC */
/* What setup and check say. */
#include "config.h"
#include "report.h"

#include "base/term.h"
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_MAX 2048

static const char *const names[REPORT_LEVELS] = {"ok", "warning", "error", "next"};

static int said(const struct report *r)
{
	int n = 0;

	for (int i = 0; i < REPORT_LEVELS; i++)
		n += r->count[i];
	return n;
}

void report_add(struct report *r, enum report_level level, const char *subject, const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (r->json) {
		json_t *object = json_pack("{s:s, s:o, s:o}", "level", names[level], "subject",
			admin_json_text(subject), "message", admin_json_text(message));
		char *text = json_dumps(object, 0);

		printf("%s%s", said(r) ? ",\n " : "[", text);
		free(text);
		json_decref(object);
	} else {
		printf("%-7s  ", names[level]);
		term_print(stdout, subject);
		fputs(": ", stdout);
		term_print(stdout, message);
		putchar('\n');
	}
	fflush(stdout);
	r->count[level]++;
}

int report_end(struct report *r, struct err *err)
{
	int errors = r->count[REPORT_ERROR];

	if (r->json)
		printf("%s]\n", said(r) ? "" : "[");
	if (errors)
		return err_set(err, ERR_INVALID, "%d error%s", errors, errors == 1 ? "" : "s");
	return 0;
}
