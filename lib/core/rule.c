/* SPDX-License-Identifier: ISC */
/* A tenant's rules on parameters of create and join: checked, kept, applied. */
#include "config.h"
#include "core/client_params.h"
#include "core/rule_table.h"

#include "sql/statements.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VALUE_MAX 4096

static const char *const mode_names[] = {"block", "set", "override", "max", "append"};
_Static_assert(ARRAY_SIZE(mode_names) == RULE__MAX, "a name for each mode");

static int mode_by_name(const char *name)
{
	for (int i = 0; i < RULE__MAX; i++)
		if (strcmp(mode_names[i], name) == 0)
			return i;
	return -1;
}

int rule_check(const char *name, const char *mode, const char *value, struct err *err)
{
	const struct rule_row *row = rule_find(name);
	int m = mode_by_name(mode);
	const char *complaint;
	size_t max;

	if (!row)
		return err_set(err, ERR_INVALID,
			"parameter %s: is not one that a tenant may rule (create and join parameters, "
			"meta_*, userdata-*)",
			name);
	if (m < 0)
		return err_set(
			err, ERR_INVALID, "mode %s: must be block, set, override, max or append", mode);
	if (m == RULE_BLOCK)
		return value && *value ? err_set(err, ERR_INVALID, "parameter %s: block takes no value", name)
				       : 0;
	if (!value)
		return err_set(err, ERR_INVALID, "parameter %s: %s needs a value", name, mode);
	if (m == RULE_MAX && row->type != RULE_NUMBER)
		return err_set(err, ERR_INVALID, "parameter %s: max is for numbers", name);
	if (m == RULE_APPEND && row->type != RULE_LIST && row->type != RULE_TEXT)
		return err_set(err, ERR_INVALID, "parameter %s: append is for lists", name);
	max = strcasecmp(name, "meta_server-tag") == 0 ? CLIENT_SERVER_TAG_MAX : VALUE_MAX;
	if (strlen(value) > max)
		return err_set(
			err, ERR_INVALID, "parameter %s: the value is longer than %zu bytes", name, max);
	complaint = rule_complaint(row, value);
	return complaint ? err_set(err, ERR_INVALID, "parameter %s: %s", name, complaint) : 0;
}

void rule_read(struct arena *a, const char *json, struct rule_set *rules)
{
	json_t *list = json ? json_loads(json, 0, NULL) : NULL, *row;
	size_t i;

	*rules = (struct rule_set){
		.rules = arena_alloc(a, (json_array_size(list) + 1) * sizeof(*rules->rules))};
	json_array_foreach(list, i, row)
	{
		const char *mode = json_string_value(json_array_get(row, 1));
		int m = mode ? mode_by_name(mode) : -1;

		if (m >= 0)
			rules->rules[rules->count++] = (struct rule){
				.name = arena_strdup(a, json_string_value(json_array_get(row, 0))),
				.mode = (enum rule_mode)m,
				.value = arena_strdup(a, json_string_value(json_array_get(row, 2))),
			};
	}
	json_decref(list);
}

struct rule_set rule_copy(struct arena *a, const struct rule_set *rules)
{
	struct rule_set copy = {.rules = arena_alloc(a, (rules->count + 1) * sizeof(*copy.rules))};

	for (; copy.count < rules->count; copy.count++)
		copy.rules[copy.count] = (struct rule){
			.name = arena_strdup(a, rules->rules[copy.count].name),
			.mode = rules->rules[copy.count].mode,
			.value = arena_strdup(a, rules->rules[copy.count].value),
		};
	return copy;
}

static bool same_name(const char *rule, const char *param)
{
	if (strncmp(rule, "meta_", 5) == 0)
		return strncmp(param, "meta_", 5) == 0 && strcasecmp(rule + 5, param + 5) == 0;
	return strcmp(rule, param) == 0;
}

/* The spelling under which the client sent it, else the rule's own. */
static const char *name_in(const struct query *q, const char *rule)
{
	for (size_t i = 0; i < q->count; i++)
		if (same_name(rule, q->params[i].name))
			return q->params[i].name;
	return rule;
}

/* Drops every spelling but keep. */
static void remove_named(struct query *q, const char *rule, const char *keep)
{
	size_t kept = 0;

	for (size_t i = 0; i < q->count; i++)
		if (!same_name(rule, q->params[i].name) || (keep && strcmp(q->params[i].name, keep) == 0))
			q->params[kept++] = q->params[i];
	q->count = kept;
}

static const char *capped(const struct rule_row *row, const char *have, const char *cap)
{
	long n;

	if (!have || !*have)
		return cap;
	n = strtol(have, NULL, 10);
	/* 0 means "no limit" for some: that is above any cap. For what a node takes for no number, a blank in
	 * front of one too, it has a default of its own. */
	if (have[strspn(have, "0123456789")] || (n == 0 && row->zero_is_unlimited) ||
		n > strtol(cap, NULL, 10))
		return cap;
	return have;
}

static const char *appended(struct arena *a, const char *have, const char *more)
{
	return have && *have ? arena_printf(a, "%s,%s", have, more) : more;
}

static void apply_one(struct arena *a, const struct rule_row *row, const struct rule *rule, struct query *q)
{
	const char *name = name_in(q, rule->name), *have = query_get(q, name), *want = rule->value;

	if (rule->mode == RULE_BLOCK) {
		remove_named(q, rule->name, NULL);
		return;
	}
	if (rule->mode == RULE_SET && have && *have)
		return;
	if (rule->mode == RULE_MAX)
		want = capped(row, have, rule->value);
	else if (rule->mode == RULE_APPEND)
		want = appended(a, have, rule->value);
	remove_named(q, rule->name, name);
	query_set(a, q, name, want);
}

bool rule_names(const struct rule_set *rules, const char *name)
{
	size_t i = 0;

	while (i < rules->count && strcmp(rules->rules[i].name, name) != 0)
		i++;
	return i < rules->count;
}

void rule_apply(struct arena *a, const struct rule_set *rules, enum rule_call call, struct query *q)
{
	static const char *const operators_own[] = {"dialNumber", "voiceBridge"};

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule_row *row = rule_find(rules->rules[i].name);

		if (row && row->calls & call)
			apply_one(a, row, &rules->rules[i], q);
	}
	for (size_t k = 0; call == RULE_CREATE && k < ARRAY_SIZE(operators_own); k++)
		if (!rule_names(rules, operators_own[k]))
			query_remove(q, operators_own[k]);
}

int rule_list(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_rule_list, DB_ARGS(tenant), out, err);
}
