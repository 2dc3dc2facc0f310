/* SPDX-License-Identifier: ISC */
/* What was found, thing by thing, as somebody wants to hear it. */
#include "config.h"
#include "doctor/report.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_MAX 2048

const char *const report_levels[REPORT_LEVELS] = {"ok", "warning", "error", "next"};

void report_add(struct report *r, enum report_level level, const char *subject, const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	r->say(r, level, subject, message);
	r->count[level]++;
}
