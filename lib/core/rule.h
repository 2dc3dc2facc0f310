/* SPDX-License-Identifier: ISC */
/* What a tenant may say about parameters of create and join: one table of names, and rules applied to a
 * request. */
#ifndef B3LB_CORE_RULE_H
#define B3LB_CORE_RULE_H

#include "db/db.h"
#include "http/query.h"

enum rule_call { RULE_CREATE = 1 << 0, RULE_JOIN = 1 << 1 };

enum rule_mode {
	RULE_BLOCK,    /* removed */
	RULE_SET,      /* filled in when absent */
	RULE_OVERRIDE, /* always this value */
	RULE_MAX,      /* a number is capped, and filled in */
	RULE_APPEND,   /* added to a comma list */
	RULE__MAX,
};

/* Strings belong to the arena that the rules were read into. */
struct rule {
	const char *name;
	enum rule_mode mode;
	const char *value; /* "" for block */
};
struct rule_set {
	struct rule *rules;
	size_t count;
};

/*
 * Checks a rule before it is kept: the name is in the table, or meta_* or userdata-*; the mode fits its type;
 * the value is of that type. Returns 0, or -1 with ERR_INVALID naming name, mode or value and the rule. Any
 * thread.
 */
int rule_check(const char *name, const char *mode, const char *value, struct err *err);

/* Reads what {rules_of_tenant} of sql/statements/rule.sql gives (NULL: no rules) into the arena. */
void rule_read(struct arena *a, const char *json, struct rule_set *rules);

/* A copy whose strings are the arena's. */
struct rule_set rule_copy(struct arena *a, const struct rule_set *rules) b3lb_nonnull;

/* Whether a rule of whatever mode names that parameter. Any thread. */
bool rule_names(const struct rule_set *rules, const char *name) b3lb_nonnull;

/*
 * Applies the rules for one call to its parameters. dialNumber and voiceBridge of a create are dropped unless
 * a rule names them: they are the operator's, not a client's. Names are compared exactly; meta_ names without
 * case, as bbb-web keeps them in lower case.
 */
void rule_apply(
	struct arena *a, const struct rule_set *rules, enum rule_call call, struct query *q) b3lb_nonnull;

/* tenant NULL: of all. The caller frees *out. */
int rule_list(struct db *db, const char *tenant, struct db_result **out, struct err *err);

#endif
