/* SPDX-License-Identifier: ISC */
/* What stands in the JSON of a state: the table of its objects, their check, and what differs between two. */
#include "config.h"
#include "core/state_doc.h"

#include "base/name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PLACE_MAX 192
#define SHOWN_MAX 80

#define COUNT_MAX 999999999
#define END                                                                                                  \
	{                                                                                                    \
		.name = NULL                                                                                 \
	}

static const struct state_field cluster_fields[] = {
	{"name", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL},
	{"load_a", STATE_NUMBER, 0, NULL, 0, NULL},
	{"load_m", STATE_NUMBER, 0, NULL, 0, NULL},
	{"cpu_iterations", STATE_COUNT, 0, NULL, 32, NULL},
	{"cpu_max", STATE_NUMBER, 0, NULL, 0, NULL},
	{"sha", STATE_CHOICE, 0, "sha1|sha256|sha384|sha512", 0, NULL},
	END,
};
static const struct state_field group_fields[] = {
	{"name", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL},
	{"clusters", STATE_NAMES, 0, NULL, NAME_OBJECT, NULL},
	END,
};
static const struct state_field node_fields[] = {
	{"slug", STATE_NAME, STATE_REQUIRED, NULL, NAME_NODE, NULL},
	{"cluster", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL},
	{"secret", STATE_TEXT, STATE_SECRET | STATE_FILLED, NULL, 0, NULL},
	{"domain", STATE_NAME, STATE_NULLABLE, NULL, NAME_NODE_DOMAIN, NULL},
	{"url", STATE_NAME, STATE_NULLABLE, NULL, NAME_NODE_URL, NULL},
	{"load_url", STATE_NAME, STATE_NULLABLE, NULL, NAME_URL, NULL},
	{"weight", STATE_NUMBER, 0, NULL, 0, NULL},
	{"state", STATE_CHOICE, 0, "enabled|draining|maintenance", 0, NULL},
	END,
};
static const struct state_field profile_fields[] = {
	{"name", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL},
	{"description", STATE_TEXT, 0, NULL, 0, NULL},
	{"kind", STATE_CHOICE, 0, "copy|presentation|player", 0, NULL},
	{"source", STATE_CHOICE, 0, "any|video|podcast|deskshare|webcams", 0, NULL},
	{"type", STATE_NAME, 0, NULL, NAME_FORMAT, NULL},
	{"listed", STATE_BOOL, 0, NULL, 0, NULL},
	{"download", STATE_BOOL, 0, NULL, 0, NULL},
	{"preset", STATE_BOOL, 0, NULL, 0, NULL},
	{"width", STATE_COUNT, 0, NULL, 3840, NULL},
	{"height", STATE_COUNT, 0, NULL, 3840, NULL},
	{"fps", STATE_COUNT, 0, NULL, 60, NULL},
	{"crf", STATE_COUNT, 0, NULL, 51, NULL},
	{"speed", STATE_CHOICE, 0, "ultrafast|superfast|veryfast|faster|fast|medium|slow", 0, NULL},
	{"container", STATE_CHOICE, 0, "mp4|webm", 0, NULL},
	{"webcams", STATE_CHOICE, 0, "side|none", 0, NULL},
	{"cursor", STATE_BOOL, 0, NULL, 0, NULL},
	{"annotations", STATE_BOOL, 0, NULL, 0, NULL},
	{"captions", STATE_BOOL, 0, NULL, 0, NULL},
	END,
};
static const struct state_field secret_fields[] = {
	{"sub_id", STATE_COUNT, STATE_REQUIRED, NULL, 999, NULL},
	{"secret", STATE_TEXT, STATE_SECRET | STATE_FILLED, NULL, 0, NULL},
	{"secret2", STATE_TEXT, STATE_SECRET | STATE_NULLABLE | STATE_FILLED, NULL, 0, NULL},
	{"description", STATE_TEXT, 0, NULL, 0, NULL},
	{"attendee_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL},
	{"meeting_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL},
	{"recording", STATE_BOOL, 0, NULL, 0, NULL},
	{"hold_days", STATE_COUNT, 0, NULL, COUNT_MAX, NULL},
	{"stats_token", STATE_TEXT, STATE_SECRET, NULL, 0, NULL},
	{"profiles", STATE_NAMES, 0, NULL, NAME_OBJECT, NULL},
	END,
};
/* core/rule.h has the rules of these. */
static const struct state_field parameter_fields[] = {
	{"name", STATE_TEXT, STATE_REQUIRED | STATE_FILLED, NULL, 0, NULL},
	{"mode", STATE_TEXT, STATE_REQUIRED | STATE_FILLED, NULL, 0, NULL},
	{"value", STATE_TEXT, STATE_NULLABLE, NULL, 0, NULL},
	END,
};
static const struct state_field asset_fields[] = {
	{"kind", STATE_CHOICE, STATE_REQUIRED, "slide|logo|css", 0, NULL},
	{"type", STATE_TEXT, STATE_FILLED, NULL, 0, NULL},
	{"name", STATE_TEXT, STATE_REQUIRED, NULL, 0, NULL},
	{"data", STATE_TEXT, STATE_REQUIRED, NULL, 0, NULL},
	END,
};
static const struct state_object cluster = {"cluster", cluster_fields}, group = {"group", group_fields},
				 node = {"node", node_fields}, profile = {"profile", profile_fields},
				 secret = {"secret", secret_fields},
				 parameter = {"parameter", parameter_fields}, asset = {"asset", asset_fields};
static const struct state_field tenant_fields[] = {
	{"slug", STATE_NAME, STATE_REQUIRED, NULL, NAME_TENANT, NULL},
	{"group", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL},
	{"description", STATE_TEXT, 0, NULL, 0, NULL},
	{"attendee_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL},
	{"meeting_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL},
	{"recording", STATE_BOOL, 0, NULL, 0, NULL},
	{"hold_days", STATE_COUNT, 0, NULL, COUNT_MAX, NULL},
	{"error_status", STATE_CHOICE, STATE_NULLABLE, "http|bbb", 0, NULL},
	{"protected", STATE_CHOICE, 0, "off|on|always", 0, NULL},
	{"hook_auth", STATE_CHOICE, 0, "checksum|bearer", 0, NULL},
	{"hook_sha", STATE_CHOICE, 0, "sha1|sha256|sha384|sha512", 0, NULL},
	{"stats_token", STATE_TEXT, STATE_SECRET, NULL, 0, NULL},
	{"aliases", STATE_NAMES, 0, NULL, NAME_HOST, NULL},
	{"secrets", STATE_OBJECTS, 0, NULL, 0, &secret},
	{"parameters", STATE_OBJECTS, 0, NULL, 0, &parameter},
	{"assets", STATE_OBJECTS, 0, NULL, 0, &asset},
	END,
};
static const struct state_object tenant = {"tenant", tenant_fields};
static const struct state_field root_fields[] = {
	{"b3lb_state", STATE_COUNT, STATE_REQUIRED, NULL, 1, NULL},
	{"clusters", STATE_OBJECTS, 0, NULL, 0, &cluster},
	{"groups", STATE_OBJECTS, 0, NULL, 0, &group},
	{"nodes", STATE_OBJECTS, 0, NULL, 0, &node},
	{"profiles", STATE_OBJECTS, 0, NULL, 0, &profile},
	{"removed_profiles", STATE_NAMES, 0, NULL, NAME_OBJECT, NULL},
	{"tenants", STATE_OBJECTS, 0, NULL, 0, &tenant},
	END,
};
const struct state_object state_root = {"state", root_fields};

static int check_object(json_t *value, const struct state_object *object, const char *place, struct err *err);

static bool chosen(const char *text, const char *choices)
{
	size_t len = strlen(text);

	for (const char *at = choices; *at; at += strcspn(at, "|"), at += *at == '|')
		if (len && strcspn(at, "|") == len && strncmp(at, text, len) == 0)
			return true;
	return false;
}

static int check_text(json_t *value, const struct state_field *field, const char *place, struct err *err)
{
	if (!json_is_string(value))
		return err_set(err, ERR_INVALID, "%s must be a string", place);
	if (strlen(json_string_value(value)) != json_string_length(value))
		return err_set(err, ERR_INVALID, "%s must not hold a NUL", place);
	if (field->type == STATE_CHOICE && !chosen(json_string_value(value), field->choices))
		return err_set(err, ERR_INVALID, "%s must be one of %s", place, field->choices);
	if (field->flags & STATE_FILLED && !*json_string_value(value))
		return err_set(err, ERR_INVALID, "%s must not be empty", place);
	if ((field->type == STATE_NAME || field->type == STATE_NAMES) &&
		!name_fits((enum name_kind)field->max, json_string_value(value)))
		return err_set(err, ERR_INVALID, "%s %s", place, name_rule((enum name_kind)field->max));
	return 0;
}

/* A list; of objects no two have one name. */
static int check_list(json_t *list, const struct state_field *field, const char *place, struct err *err)
{
	struct arena a = {0};
	int rc = json_is_array(list) ? 0 : err_set(err, ERR_INVALID, "%s must be a list", place);

	for (size_t i = 0; rc == 0 && i < json_array_size(list); i++) {
		char item[PLACE_MAX];
		json_t *value = json_array_get(list, i);

		snprintf(item, sizeof(item), "%.140s[%zu]", place, i);
		if (field->type == STATE_NAMES) {
			rc = check_text(value, field, item, err);
			continue;
		}
		rc = check_object(value, field->of, item, err);
		for (size_t k = 0; rc == 0 && k < i; k++)
			if (strcasecmp(state_name(&a, value, field->of),
				    state_name(&a, json_array_get(list, k), field->of)) == 0)
				rc = err_set(err, ERR_INVALID, "%s is the second %s %.64s", item,
					field->of->what, state_name(&a, value, field->of));
		arena_reset(&a);
	}
	arena_free(&a);
	return rc;
}

static int check_value(json_t *value, const struct state_field *field, const char *place, struct err *err)
{
	if (json_is_null(value) && field->flags & STATE_NULLABLE)
		return 0;
	switch (field->type) {
	case STATE_COUNT:
		if (!json_is_integer(value) || json_integer_value(value) < 0 ||
			json_integer_value(value) > field->max)
			return err_set(err, ERR_INVALID, "%s must be a whole number from 0 to %ld", place,
				field->max);
		return 0;
	case STATE_NUMBER:
		if (!json_is_number(value) || json_number_value(value) < 0 || json_number_value(value) > 1e9)
			return err_set(err, ERR_INVALID, "%s must be a number from 0 to 1000000000", place);
		return 0;
	case STATE_BOOL:
		return json_is_boolean(value) ? 0
					      : err_set(err, ERR_INVALID, "%s must be true or false", place);
	case STATE_NAME:
	case STATE_TEXT:
	case STATE_CHOICE:
		return check_text(value, field, place, err);
	case STATE_NAMES:
	case STATE_OBJECTS:
		break;
	}
	return check_list(value, field, place, err);
}

static const struct state_field *find_field(const struct state_object *object, const char *name)
{
	const struct state_field *f = object->fields;

	while (f->name && strcmp(f->name, name) != 0)
		f++;
	return f->name ? f : NULL;
}

/* place: "" at the root. */
static int check_object(json_t *value, const struct state_object *object, const char *place, struct err *err)
{
	char inner[PLACE_MAX];
	const char *name;
	json_t *child;

	if (!json_is_object(value))
		return err_set(err, ERR_INVALID, "%s must be an object", *place ? place : "the file");
	for (const struct state_field *f = object->fields; f->name; f++)
		if (f->flags & STATE_REQUIRED && !json_object_get(value, f->name))
			return err_set(
				err, ERR_INVALID, "%s: %s is missing", *place ? place : "the file", f->name);
	json_object_foreach(value, name, child)
	{
		const struct state_field *field = find_field(object, name);

		snprintf(inner, sizeof(inner), "%.100s%s%.50s", place, *place ? "." : "", name);
		if (!field)
			return err_set(err, ERR_INVALID, "%s: there is no such field", inner);
		if (check_value(child, field, inner, err) == -1)
			return -1;
	}
	return 0;
}

int state_check(json_t *doc, struct err *err)
{
	if (check_object(doc, &state_root, "", err) == -1)
		return -1;
	if (json_integer_value(json_object_get(doc, "b3lb_state")) != 1)
		return err_set(err, ERR_INVALID, "b3lb_state must be 1");
	return 0;
}

const char *state_name(struct arena *a, const json_t *value, const struct state_object *object)
{
	const json_t *name = json_object_get(value, object->fields[0].name);

	if (json_is_integer(name))
		return arena_printf(a, "%lld", (long long)json_integer_value(name));
	return arena_strdup(a, json_string_value(name));
}

void state_hide(json_t *value, const struct state_object *object)
{
	for (const struct state_field *f = object->fields; f->name; f++) {
		json_t *list = json_object_get(value, f->name);

		if (f->flags & STATE_SECRET)
			json_object_del(value, f->name);
		for (size_t i = 0; f->type == STATE_OBJECTS && i < json_array_size(list); i++)
			state_hide(json_array_get(list, i), f->of);
	}
}

static void diff_object(const json_t *before, const json_t *after, const struct state_object *object,
	const char *place, struct state_report *report);

static void change(struct state_report *report, const char *place, const char *what)
{
	buf_printf(&report->changes, "%s%s%s\n", place, *place ? ": " : "", what);
	report->count++;
}

/* A value as people read it, cut. */
static void show(const json_t *value, char out[SHOWN_MAX])
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	size_t len = text ? strlen(text) : 0;

	snprintf(out, SHOWN_MAX, "%.*s%s", (int)utf8_prefix(text ? text : "", 60), text ? text : "",
		len > 60 ? "..." : "");
	free(text);
}

static void diff_texts(const json_t *before, const json_t *after, const char *field, const char *place,
	struct state_report *report)
{
	for (size_t i = 0; i < json_array_size(after); i++) {
		json_t *value = json_array_get(after, i);
		char what[512];
		size_t k = 0;

		while (k < json_array_size(before) && !json_equal(json_array_get(before, k), value))
			k++;
		snprintf(what, sizeof(what), "%s: %s added", field, json_string_value(value));
		if (k == json_array_size(before))
			change(report, place, what);
	}
}

static void diff_objects(const json_t *before, const json_t *after, const struct state_object *object,
	const char *outer, struct state_report *report)
{
	struct arena a = {0};

	for (size_t i = 0; i < json_array_size(after); i++) {
		const json_t *value = json_array_get(after, i), *old = NULL;
		const char *name = state_name(&a, value, object), *place;

		for (size_t k = 0; k < json_array_size(before) && !old; k++)
			if (strcmp(state_name(&a, json_array_get(before, k), object), name) == 0)
				old = json_array_get(before, k);
		place = arena_printf(&a, "%s%s%s %s", outer, *outer ? ", " : "", object->what, name);
		if (!old)
			change(report, place, "added");
		diff_object(old, value, object, place, report);
		arena_reset(&a);
	}
	arena_free(&a);
}

/* before NULL: all of it is new; only what belongs to it is told then. */
static void diff_object(const json_t *before, const json_t *after, const struct state_object *object,
	const char *place, struct state_report *report)
{
	for (const struct state_field *f = object->fields; f->name; f++) {
		const json_t *was = json_object_get(before, f->name), *is = json_object_get(after, f->name);
		char from[SHOWN_MAX], to[SHOWN_MAX], what[256];

		if (f->type == STATE_OBJECTS) {
			diff_objects(was, is, f->of, place, report);
		} else if (f->type == STATE_NAMES) {
			diff_texts(was, is, f->name, place, report);
		} else if (before && !json_equal(was, is)) {
			show(was, from);
			show(is, to);
			snprintf(what, sizeof(what), "%s %s -> %s", f->name, from, to);
			if (f->flags & STATE_SECRET || strcmp(f->name, "data") == 0)
				snprintf(what, sizeof(what), "%s changed", f->name);
			change(report, place, what);
		}
	}
}

void state_diff(const json_t *before, const json_t *after, struct state_report *report)
{
	diff_object(before, after, &state_root, "", report);
}
