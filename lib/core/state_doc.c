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
	{"name", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"load_a", STATE_NUMBER, 0, NULL, 0, NULL, "1", 0},
	{"load_m", STATE_NUMBER, 0, NULL, 0, NULL, "0", 0},
	{"cpu_iterations", STATE_COUNT, 0, NULL, 32, NULL, "6", 0},
	{"cpu_max", STATE_NUMBER, 0, NULL, 0, NULL, "5000", 0},
	{"sha", STATE_CHOICE, 0, "sha1|sha256|sha384|sha512", 0, NULL, "\"sha256\"", 0},
	END,
};
static const struct state_field group_fields[] = {
	{"name", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"clusters", STATE_NAMES, 0, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"tenants", STATE_NAMES, STATE_READ, NULL, NAME_TENANT, NULL, NULL, 0},
	END,
};
static const struct state_field node_fields[] = {
	{"slug", STATE_NAME, STATE_REQUIRED, NULL, NAME_NODE, NULL, NULL, 0},
	{"cluster", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"secret", STATE_TEXT, STATE_SECRET | STATE_FILLED, NULL, 0, NULL, NULL, 0},
	{"domain", STATE_NAME, STATE_NULLABLE, NULL, NAME_NODE_DOMAIN, NULL, NULL, 0},
	{"url", STATE_NAME, STATE_NULLABLE, NULL, NAME_NODE_URL, NULL, NULL, 0},
	{"load_url", STATE_NAME, STATE_NULLABLE, NULL, NAME_URL, NULL, NULL, 0},
	{"join_url", STATE_NAME, STATE_NULLABLE, NULL, NAME_NODE_URL, NULL, NULL, 0},
	{"weight", STATE_NUMBER, 0, NULL, 0, NULL, "1", 0},
	{"state", STATE_CHOICE, 0, "enabled|draining|maintenance", 0, NULL, "\"enabled\"", 0},
	{"drain_to", STATE_CHOICE, STATE_NULLABLE, "maintenance", 0, NULL, NULL, 0},
	{"tags", STATE_NAMES, 0, NULL, NAME_TAG, NULL, NULL, 0},
	{"reserved", STATE_BOOL, 0, NULL, 0, NULL, "true", 0},
	{"max_users", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"max_meetings", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"sip_host", STATE_NAME, STATE_NULLABLE, NULL, NAME_NODE_DOMAIN, NULL, NULL, 0},
	END,
};
static const struct state_field profile_fields[] = {
	{"name", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"description", STATE_TEXT, 0, NULL, 0, NULL, "\"\"", 0},
	{"kind", STATE_CHOICE, 0, "copy|presentation|player", 0, NULL, "\"copy\"", 0},
	{"source", STATE_CHOICE, 0, "any|video|podcast|deskshare|webcams", 0, NULL, "\"any\"", 0},
	{"type", STATE_NAME, 0, NULL, NAME_FORMAT, NULL, "\"video\"", 0},
	{"listed", STATE_BOOL, 0, NULL, 0, NULL, "true", 0},
	{"download", STATE_BOOL, 0, NULL, 0, NULL, "false", 0},
	{"preset", STATE_BOOL, 0, NULL, 0, NULL, "false", 0},
	{"width", STATE_COUNT, STATE_EVEN, NULL, 3840, NULL, "1280", 320},
	{"height", STATE_COUNT, STATE_EVEN, NULL, 3840, NULL, "720", 320},
	{"fps", STATE_COUNT, 0, NULL, 60, NULL, "15", 1},
	{"crf", STATE_COUNT, 0, NULL, 51, NULL, "25", 0},
	{"speed", STATE_CHOICE, 0, "ultrafast|superfast|veryfast|faster|fast|medium|slow", 0, NULL,
		"\"superfast\"", 0},
	{"container", STATE_CHOICE, 0, "mp4|webm", 0, NULL, "\"mp4\"", 0},
	{"webcams", STATE_CHOICE, 0, "side|none", 0, NULL, "\"side\"", 0},
	{"cursor", STATE_BOOL, 0, NULL, 0, NULL, "true", 0},
	{"annotations", STATE_BOOL, 0, NULL, 0, NULL, "true", 0},
	{"captions", STATE_BOOL, 0, NULL, 0, NULL, "true", 0},
	{"secrets", STATE_COUNT, STATE_READ, NULL, COUNT_MAX, NULL, NULL, 0},
	END,
};
/* Permanent ones; a client's own are its to make again. */
static const struct state_field hook_fields[] = {
	{"url", STATE_NAME, STATE_REQUIRED, NULL, NAME_HOOK_URL, NULL, NULL, 0},
	{"meeting", STATE_TEXT, 0, NULL, 0, NULL, "\"\"", 0},
	{"events", STATE_NAMES, 0, NULL, NAME_EVENT, NULL, NULL, 0},
	END,
};
static const struct state_field secret_fields[] = {
	{"sub_id", STATE_COUNT, STATE_REQUIRED, NULL, 999, NULL, NULL, 0},
	{"secret", STATE_TEXT, STATE_SECRET | STATE_FILLED, NULL, 0, NULL, NULL, 0},
	{"secret2", STATE_TEXT, STATE_SECRET | STATE_NULLABLE | STATE_FILLED, NULL, 0, NULL, NULL, 0},
	{"description", STATE_TEXT, STATE_OWNER, NULL, 0, NULL, "\"\"", 0},
	{"attendee_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"meeting_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"recording", STATE_BOOL, STATE_OWNER, NULL, 0, NULL, "true", 0},
	{"hold_days", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"stats_token", STATE_TEXT, STATE_SECRET, NULL, 0, NULL, NULL, 0},
	{"profiles", STATE_NAMES, 0, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"rolling", STATE_BOOL, STATE_READ, NULL, 0, NULL, NULL, 0},
	{"hooks", STATE_OBJECTS, 0, NULL, 0, &state_hook, NULL, 0},
	END,
};
/* core/rule.h has the rules of these. */
static const struct state_field parameter_fields[] = {
	{"name", STATE_TEXT, STATE_REQUIRED | STATE_FILLED | STATE_OWNER, NULL, 0, NULL, NULL, 0},
	{"mode", STATE_TEXT, STATE_REQUIRED | STATE_FILLED | STATE_OWNER, NULL, 0, NULL, NULL, 0},
	{"value", STATE_TEXT, STATE_NULLABLE | STATE_OWNER, NULL, 0, NULL, NULL, 0},
	END,
};
static const struct state_field asset_fields[] = {
	{"kind", STATE_CHOICE, STATE_REQUIRED | STATE_OWNER, "slide|logo|css", 0, NULL, NULL, 0},
	{"type", STATE_TEXT, STATE_FILLED | STATE_OWNER, NULL, 0, NULL, NULL, 0},
	{"name", STATE_TEXT, STATE_REQUIRED | STATE_OWNER, NULL, 0, NULL, NULL, 0},
	{"data", STATE_TEXT, STATE_REQUIRED | STATE_OWNER, NULL, 0, NULL, NULL, 0},
	END,
};
static const struct state_field tenant_fields[] = {
	{"slug", STATE_NAME, STATE_REQUIRED, NULL, NAME_TENANT, NULL, NULL, 0},
	{"group", STATE_NAME, STATE_REQUIRED, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"description", STATE_TEXT, STATE_OWNER, NULL, 0, NULL, "\"\"", 0},
	{"attendee_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"meeting_limit", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"recording", STATE_BOOL, STATE_OWNER, NULL, 0, NULL, "true", 0},
	{"hold_days", STATE_COUNT, 0, NULL, COUNT_MAX, NULL, "0", 0},
	{"error_status", STATE_CHOICE, STATE_NULLABLE, "http|bbb", 0, NULL, NULL, 0},
	{"protected", STATE_CHOICE, 0, "off|on|always", 0, NULL, "\"off\"", 0},
	{"hook_auth", STATE_CHOICE, 0, "checksum|bearer", 0, NULL, "\"checksum\"", 0},
	{"hook_sha", STATE_CHOICE, 0, "sha1|sha256|sha384|sha512", 0, NULL, "\"sha1\"", 0},
	{"tags", STATE_NAMES, 0, NULL, NAME_ASKED_TAG, NULL, "[\"*\"]", 0},
	{"modules", STATE_NAME, 0, NULL, NAME_MODULES, NULL, "\"*\"", 0},
	{"show_node", STATE_BOOL, 0, NULL, 0, NULL, "false", 0},
	{"limit_mode", STATE_CHOICE, 0, "join|create|warn", 0, NULL, "\"join\"", 0},
	{"analytics_days", STATE_COUNT, 0, NULL, 3650, NULL, "0", 0},
	{"lrs_endpoint", STATE_NAME, STATE_NULLABLE, NULL, NAME_URL, NULL, NULL, 0},
	{"lrs_token", STATE_TEXT, STATE_SECRET | STATE_NULLABLE | STATE_FILLED, NULL, 0, NULL, NULL, 0},
	{"lrs_user", STATE_TEXT, STATE_NULLABLE | STATE_FILLED, NULL, 0, NULL, NULL, 0},
	{"lrs_password", STATE_TEXT, STATE_SECRET | STATE_NULLABLE | STATE_FILLED, NULL, 0, NULL, NULL, 0},
	{"lrs_force", STATE_BOOL, 0, NULL, 0, NULL, "false", 0},
	{"dial_numbers", STATE_NAME, STATE_NULLABLE, NULL, NAME_DIAL_NUMBERS, NULL, NULL, 0},
	{"own_pins", STATE_BOOL, 0, NULL, 0, NULL, "false", 0},
	{"stats_token", STATE_TEXT, STATE_SECRET, NULL, 0, NULL, NULL, 0},
	{"aliases", STATE_NAMES, 0, NULL, NAME_HOST, NULL, NULL, 0},
	{"secrets", STATE_OBJECTS, 0, NULL, 0, &state_secret, NULL, 0},
	{"parameters", STATE_OBJECTS, 0, NULL, 0, &state_parameter, NULL, 0},
	{"assets", STATE_OBJECTS, 0, NULL, 0, &state_asset, NULL, 0},
	END,
};
static const struct state_field root_fields[] = {
	{"b3lb_state", STATE_COUNT, STATE_REQUIRED, NULL, 1, NULL, NULL, 0},
	{"clusters", STATE_OBJECTS, 0, NULL, 0, &state_cluster, NULL, 0},
	{"groups", STATE_OBJECTS, 0, NULL, 0, &state_group, NULL, 0},
	{"nodes", STATE_OBJECTS, 0, NULL, 0, &state_node, NULL, 0},
	{"profiles", STATE_OBJECTS, 0, NULL, 0, &state_profile, NULL, 0},
	{"removed_profiles", STATE_NAMES, 0, NULL, NAME_OBJECT, NULL, NULL, 0},
	{"parameters", STATE_OBJECTS, 0, NULL, 0, &state_parameter, NULL, 0},
	{"tenants", STATE_OBJECTS, 0, NULL, 0, &state_tenant, NULL, 0},
	END,
};
const struct state_object state_root = {"state", root_fields, NULL},
			  state_cluster = {"cluster", cluster_fields, NULL},
			  state_group = {"group", group_fields, NULL},
			  state_node = {"node", node_fields, NULL},
			  state_profile = {"profile", profile_fields, NULL},
			  state_tenant = {"tenant", tenant_fields, NULL},
			  state_secret = {"secret", secret_fields, NULL},
			  state_hook = {"hook", hook_fields, "meeting"},
			  state_parameter = {"parameter", parameter_fields, NULL},
			  state_asset = {"asset", asset_fields, NULL};

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

/* As people read it: of a URL no more than host and path, since what stands behind may be secret. */
static const char *shown_name(struct arena *a, const json_t *value, const struct state_object *object)
{
	const char *name = state_name(a, value, object);

	return object->with ? arena_strndup(a, name, strcspn(name, "?# ")) : name;
}

/* URLs and what clients call meetings are other ones in another case. */
static bool same_name(
	struct arena *a, const json_t *value, const json_t *other, const struct state_object *object)
{
	const char *name = state_name(a, value, object), *second = state_name(a, other, object);

	return (object->with ? strcmp(name, second) : strcasecmp(name, second)) == 0;
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
			if (same_name(&a, value, json_array_get(list, k), field->of))
				rc = err_set(err, ERR_INVALID, "%s is the second %s %.64s", item,
					field->of->what, shown_name(&a, value, field->of));
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
		if (!json_is_integer(value) || json_integer_value(value) < field->min ||
			json_integer_value(value) > field->max ||
			(field->flags & STATE_EVEN && json_integer_value(value) % 2))
			return err_set(err, ERR_INVALID, "%s must be %s number from %ld to %ld", place,
				field->flags & STATE_EVEN ? "an even" : "a whole", field->min, field->max);
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

const struct state_field *state_field(const struct state_object *object, const char *name)
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
		const struct state_field *field = state_field(object, name);

		snprintf(inner, sizeof(inner), "%.100s%s%.50s", place, *place ? "." : "", name);
		if (!field)
			return err_set(err, ERR_INVALID, "%s: there is no such field", inner);
		if (!(field->flags & STATE_READ) && check_value(child, field, inner, err) == -1)
			return -1;
	}
	return 0;
}

int state_check_object(json_t *value, const struct state_object *object, struct err *err)
{
	return check_object(value, object, "", err);
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
	if (object->with) {
		const char *with = json_string_value(json_object_get(value, object->with));

		return arena_printf(a, "%s %s", json_string_value(name), with ? with : "");
	}
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

/* What stands in list and not in other. */
static void diff_texts(const json_t *list, const json_t *other, const char *field, const char *became,
	const char *place, struct state_report *report)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *value = json_array_get(list, i);
		char what[512];
		size_t k = 0;

		while (k < json_array_size(other) && !json_equal(json_array_get(other, k), value))
			k++;
		snprintf(what, sizeof(what), "%s: %s %s", field, json_string_value(value), became);
		if (k == json_array_size(other))
			change(report, place, what);
	}
}

static const json_t *find_object(
	struct arena *a, const json_t *list, const char *name, const struct state_object *object)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(state_name(a, json_array_get(list, i), object), name) == 0)
			return json_array_get(list, i);
	return NULL;
}

static void diff_objects(const json_t *before, const json_t *after, const struct state_object *object,
	const char *outer, struct state_report *report)
{
	const struct {
		const json_t *list, *other;
		const char *became;
	} sides[] = {{after, before, "added"}, {before, after, "removed"}};
	struct arena a = {0};

	for (size_t s = 0; s < ARRAY_SIZE(sides); s++)
		for (size_t i = 0; i < json_array_size(sides[s].list); i++) {
			const json_t *value = json_array_get(sides[s].list, i);
			const char *name = state_name(&a, value, object);
			const char *place = arena_printf(&a, "%s%s%s %s", outer, *outer ? ", " : "",
				object->what, shown_name(&a, value, object));
			const json_t *other = find_object(&a, sides[s].other, name, object);

			if (!other)
				change(report, place, sides[s].became);
			if (sides[s].list == after)
				diff_object(other, value, object, place, report);
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

		if (f->flags & STATE_READ)
			continue;
		if (f->type == STATE_OBJECTS) {
			diff_objects(was, is, f->of, place, report);
		} else if (f->type == STATE_NAMES) {
			diff_texts(is, was, f->name, "added", place, report);
			diff_texts(was, is, f->name, "removed", place, report);
		} else if (before && (was || is) && !json_equal(was, is)) {
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
