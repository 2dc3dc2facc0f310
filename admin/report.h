/* SPDX-License-Identifier: ISC */
/* What setup and check say: a line for each thing they looked at, or a JSON array of objects. */
#ifndef B3LB_REPORT_H
#define B3LB_REPORT_H

#include "base/err.h"

#include <stdbool.h>

/* REPORT_NEXT: what the administrator does next. */
enum report_level { REPORT_OK, REPORT_WARNING, REPORT_ERROR, REPORT_NEXT, REPORT_LEVELS };

/* Zero-initialise, with json as wanted. */
struct report {
	bool json;
	int count[REPORT_LEVELS];
};

/* Says it at once: "ok       node n1: it answers". Control characters of what came from outside become '?'.
 */
void report_add(struct report *r, enum report_level level, const char *subject, const char *fmt, ...)
	b3lb_printf(4, 5);
/* Ends the output. 0, or -1 with ERR_INVALID and the number of errors. */
int report_end(struct report *r, struct err *err) b3lb_nonnull;

#endif
