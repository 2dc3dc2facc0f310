/* SPDX-License-Identifier: ISC */
/* What setup and check say: a line for each thing they looked at, or a JSON array of objects. */
#ifndef B3LB_REPORT_H
#define B3LB_REPORT_H

#include "base/err.h"
#include "doctor/report.h"

#include <stdbool.h>

/* Says on stdout: "ok       node n1: it answers". Control characters of what came from outside become '?'. */
struct report report_on_stdout(bool json);
/* Ends the output. 0, or -1 with ERR_INVALID and the number of errors. */
int report_end(struct report *r, struct err *err) b3lb_nonnull;

#endif
