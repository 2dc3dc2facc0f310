/* SPDX-License-Identifier: ISC */
/* Private to rule.c and rule_table.c: the parameters of BigBlueButton 3.0 that a tenant may rule.
 */
#ifndef B3LB_CORE_RULE_TABLE_H
#define B3LB_CORE_RULE_TABLE_H

#include "core/rule.h"

enum rule_type {
	RULE_TEXT,
	RULE_BOOL,
	RULE_NUMBER,
	RULE_COLOUR,
	RULE_LOCALE,
	RULE_URL,
	RULE_ENUM,
	RULE_LIST, /* separated by commas */
};

struct rule_row {
	const char *name;
	enum rule_type type;
	unsigned calls; /* enum rule_call */
	bool zero_is_unlimited;
	const char *const *choices; /* RULE_ENUM */
};

/* The rows that have a name of their own, by number; NULL behind them. */
const struct rule_row *rule_row(size_t i);
/* The row of a name, a generic one for meta_* and userdata-*, or NULL. */
const struct rule_row *rule_find(const char *name);
/* What a value of that type must be, or NULL when it is. */
const char *rule_complaint(const struct rule_row *row, const char *value);

#endif
