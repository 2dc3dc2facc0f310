/* SPDX-License-Identifier: ISC */
/* Private to parameter.c and parameter_table.c: the parameters of BigBlueButton 3.0 that a tenant may rule.
 */
#ifndef B3LB_PARAMETER_TABLE_H
#define B3LB_PARAMETER_TABLE_H

#include "parameter.h"

enum parameter_type {
	PARAMETER_TEXT,
	PARAMETER_BOOL,
	PARAMETER_NUMBER,
	PARAMETER_COLOUR,
	PARAMETER_LOCALE,
	PARAMETER_URL,
	PARAMETER_ENUM,
	PARAMETER_LIST, /* separated by commas */
};

struct parameter_row {
	const char *name;
	enum parameter_type type;
	unsigned calls; /* enum parameter_call */
	bool zero_is_unlimited;
	const char *const *choices; /* PARAMETER_ENUM */
};

/* The row of a name, a generic one for meta_* and userdata-*, or NULL. */
const struct parameter_row *parameter_find(const char *name);
/* What a value of that type must be, or NULL when it is. */
const char *parameter_complaint(const struct parameter_row *row, const char *value);

#endif
