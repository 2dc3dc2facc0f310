/* SPDX-License-Identifier: ISC */
/* The platforms that tenants use: what each needs, and where URL and secret are entered there. */
#ifndef B3LB_PLATFORM_H
#define B3LB_PLATFORM_H

#include "admin.h"

#include <jansson.h>

struct platform {
	const char *name;	  /* NULL ends the table */
	const char *error_status; /* "default": as the configuration has it */
	bool api;		  /* its URL ends in /api */
	const char *where;	  /* where both are entered, a sentence */
};
extern const struct platform platforms[];
/* The names of the table, as an option has them. */
#define PLATFORM_NAMES "moodle|greenlight|nextcloud|wordpress|studip|ilias|opencast|other"

/* NULL: there is none of that name. */
const struct platform *platform_find(const char *name) b3lb_nonnull;
/* Its error_status as the state has it. */
json_t *platform_error_status(const struct platform *p) b3lb_nonnull;
/* The URL that is entered there, in the arena; p NULL: the one that most want. */
const char *platform_url(struct admin *a, const struct platform *p, const char *slug);
/* Says on stdout where what is entered. */
void platform_print(struct admin *a, const struct platform *p, const char *slug) b3lb_nonnull;

#endif
