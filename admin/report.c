/* SPDX-License-Identifier: ISC */
/* What setup and check say. */
#include "config.h"
#include "report.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

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
	struct buf json = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (r->json) {
		buf_printf(
			&json, "%s{\"level\": \"%s\", \"subject\": \"", said(r) ? ",\n " : "[", names[level]);
		buf_json(&json, subject);
		buf_puts(&json, "\", \"message\": \"");
		buf_json(&json, message);
		fputs(buf_str(&json), stdout);
		fputs("\"}", stdout);
		buf_free(&json);
	} else {
		printf("%-7s  %s: ", names[level], subject);
		for (const char *p = message; *p; p++)
			putchar((unsigned char)*p < 0x20 || *p == 0x7F ? '?' : *p);
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
