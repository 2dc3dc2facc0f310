/* SPDX-License-Identifier: ISC */
/* What was found, thing by thing, as somebody wants to hear it. */
#ifndef B3LB_DOCTOR_REPORT_H
#define B3LB_DOCTOR_REPORT_H

#include "base/mem.h"

/* REPORT_NEXT: what the administrator does next. */
enum report_level { REPORT_OK, REPORT_WARNING, REPORT_ERROR, REPORT_NEXT, REPORT_LEVELS };
/* "ok", "warning", "error", "next" */
extern const char *const report_levels[REPORT_LEVELS];

struct report {
	/* Is told each thing; the texts live until it returns. count has what was said before. */
	void (*say)(struct report *r, enum report_level level, const char *subject, const char *message);
	void *to; /* say's own */
	int count[REPORT_LEVELS];
};

/* Says it at once, cut at 2 KiB. One thread. */
void report_add(struct report *r, enum report_level level, const char *subject, const char *fmt, ...)
	b3lb_printf(4, 5);

#endif
