/* SPDX-License-Identifier: ISC */
/* Commands that change the configuration: options become fields of an object, and core/change.h does the rest. */
#include "config.h"
#include "change.h"
#include "json.h"

#include "base/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 20

const struct admin_option admin_dry_run[] = {ADMIN_DRY_RUN, {.name = NULL}};

void admin_print_lines(struct admin *a, const struct buf *lines)
{
	for (const char *line = buf_str(lines); *line;) {
		size_t len = strcspn(line, "\n");

		term_print(stdout, arena_strndup(&a->arena, line, len));
		putchar('\n');
		line += len + (line[len] == '\n');
	}
}

void admin_print_report(struct admin *a, const struct state_report *report, bool dry_run)
{
	if (!a->json) {
		admin_print_lines(a, &report->changes);
		admin_print_lines(a, &report->secrets);
		printf("%d change%s%s\n", report->count, report->count == 1 ? "" : "s",
			dry_run ? ", none of them made" : "");
		return;
	}
	admin_json_print(json_pack("{s:b, s:o, s:o}", "dry_run", dry_run, "changes",
		state_report_changes(report), "secrets", state_report_secrets(report)));
}

void admin_print_dry(struct admin *a, const struct buf *lines)
{
	struct state_report report = {.changes = *lines};

	for (const char *p = buf_str(lines); *p; p++)
		report.count += *p == '\n';
	admin_print_report(a, &report, true);
}

int admin_foretell(struct admin *a, const char *line)
{
	struct buf lines = BUF_INIT;

	buf_printf(&lines, "%s\n", line);
	admin_print_dry(a, &lines);
	buf_free(&lines);
	return 0;
}

bool admin_is_dry(const struct admin *a)
{
	return admin_option(a, "dry-run") != NULL;
}

int admin_changes(struct admin *a, const struct change *changes, size_t count, struct err *err)
{
	struct change_report report = {0};
	bool dry_run = admin_is_dry(a);
	int rc = change_objects(a->db, &a->conf, changes, count, dry_run, admin_actor(a), &report, err);

	if (rc == 0 && dry_run)
		admin_print_report(a, &report.told, true);
	change_report_free(&report);
	return rc;
}

/* "gpu, eu" as a list. */
static json_t *names(const char *text)
{
	json_t *list = json_array();

	for (const char *p = text + strspn(text, ", "); *p; p += strspn(p, ", ")) {
		size_t len = strcspn(p, ", ");
		json_t *name = json_stringn(p, len);

		if (!name) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, name);
		p += len;
	}
	return list;
}

static json_t *option_value(const struct state_field *f, const char *text)
{
	if (f->flags & STATE_NULLABLE && (!*text || strcmp(text, "default") == 0))
		return json_null();
	switch (f->type) {
	case STATE_COUNT:
		return json_integer(atoll(text));
	case STATE_NUMBER:
		return json_real(strtod(text, NULL));
	case STATE_BOOL:
		return json_boolean(strcmp(text, "on") == 0);
	case STATE_NAMES:
		return names(text);
	default:
		return json_string(text);
	}
}

json_t *admin_body(struct admin *a, const struct state_object *object, struct err *err)
{
	const struct admin_option *o = a->command->options;
	json_t *body = json_object();

	for (int i = 0; o && o[i].name; i++) {
		char *name = arena_strdup(&a->arena, o[i].name);
		const struct state_field *f;

		for (char *p = name; *p; p++)
			*p = *p == '-' ? '_' : *p;
		f = state_field(object, name);
		if (a->values[i] && f && f != object->fields &&
			json_object_set_new(body, name, option_value(f, a->values[i])) == -1) {
			err_set(err, ERR_INVALID, "--%s must be UTF-8", o[i].name);
			json_decref(body);
			return NULL;
		}
	}
	return body;
}

int admin_change(struct admin *a, const struct state_object *object, const char *parent, const char *name,
	struct err *err)
{
	bool add = strcmp(a->command->action, "add") == 0;
	bool remove = strcmp(a->command->action, "remove") == 0;
	json_t *body = remove ? NULL : admin_body(a, object, err);
	const struct change change = {.object = object,
		.parent = parent,
		.name = name,
		.kind = add	 ? CHANGE_PUT
			: remove ? CHANGE_DELETE
				 : CHANGE_PATCH,
		.only_new = add,
		.force = admin_option(a, "force") || admin_option(a, "recordings"),
		.body = body};
	int rc = body || remove ? admin_changes(a, &change, 1, err) : -1;

	json_decref(body);
	return rc;
}

/* The list with the value, or without it; NULL: it has it, or lacks it, already. No name that is not UTF-8 fits a rule: it becomes
 * one that does not, either. */
static json_t *changed_list(const json_t *list, const char *value, bool add)
{
	json_t *out = json_deep_copy(list);
	size_t i = 0;

	while (i < json_array_size(out) && strcasecmp(json_string_value(json_array_get(out, i)), value) != 0)
		i++;
	if ((i < json_array_size(out)) == add) {
		json_decref(out);
		return NULL;
	}
	if (add)
		json_array_append_new(out, admin_json_text(value));
	else
		json_array_remove(out, i);
	return out;
}

int admin_change_list(struct admin *a, const struct change *what, const char *field, const char *value,
	bool add, struct err *err)
{
	int rc = -1;

	/* Somebody else may change the list between reading and writing: then it is read again. */
	for (int i = 0; i < TRIES && rc == -1; i++) {
		json_t *object = change_read(a->db, what->object, what->parent, what->name, err), *list,
		       *body;
		struct change change = *what;

		if (!object)
			return -1;
		list = changed_list(json_object_get(object, field), value, add);
		if (!list) {
			json_decref(object);
			return add ? 0 : err_set(err, ERR_NOT_FOUND, "there is no such %s", value);
		}
		body = json_pack("{s:o}", field, list);
		change.kind = CHANGE_PATCH;
		change.body = body;
		change.if_match =
			arena_printf(&a->arena, "\"%s\"", json_string_value(json_object_get(object, "etag")));
		rc = admin_changes(a, &change, 1, err);
		json_decref(object);
		json_decref(body);
		if (rc == -1 && err->kind != ERR_STALE)
			break;
	}
	return rc;
}
