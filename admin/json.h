/* SPDX-License-Identifier: ISC */
/* JSON that b3lb-admin prints for programs. */
#ifndef B3LB_ADMIN_JSON_H
#define B3LB_ADMIN_JSON_H

#include "db/db.h"

#include <jansson.h>

/* Main thread. What they return is the caller's. */

/* A string; what is not UTF-8 in it becomes U+FFFD. */
json_t *admin_json_text(const char *text) b3lb_nonnull;
/* A result as an array of objects; one: its only row as an object. */
json_t *admin_json_rows(const struct db_result *r, bool one);
/* Prints it on stdout and frees it. */
void admin_json_print(json_t *value);

#endif
