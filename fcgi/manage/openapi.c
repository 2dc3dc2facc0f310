/* SPDX-License-Identifier: ISC */
/* The description of the API (OpenAPI 3.1), out of its tables: rows, objects of the state, lists. */
#include "config.h"
#include "manage.h"

#include "base/name.h"
#include "core/account.h"
#include "core/list.h"
#include "http/problem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bodies that are no object of the state, and answers that several share; what is named elsewhere is any object. */
static const struct {
	const char *name, *json;
} schemas[] = {
	{"Problem",
		"{\"type\":\"object\",\"description\":\"RFC 9457\",\"required\":[\"type\",\"title\",\"status\",\"detail\",\"request_id\"],"
		"\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
		"\"detail\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
		"\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}},\"used_by\":{\"type\":\"array\",\"items\":{"
		"\"type\":\"string\"}},\"current\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"}}}"},
	{"Changes",
		"{\"type\":\"object\",\"description\":\"What a dry run would have changed\",\"properties\":{\"dry_run\":{\"const\":true},"
		"\"changes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}"},
	{"Login",
		"{\"type\":\"object\",\"required\":[\"name\",\"password\"],\"properties\":{\"name\":{\"type\":\"string\"},"
		"\"password\":{\"type\":\"string\",\"writeOnly\":true}}}"},
	{"Account",
		"{\"type\":\"object\",\"required\":[\"role\"],\"properties\":{\"name\":{\"type\":\"string\",\"readOnly\":true},"
		"\"role\":{\"enum\":[\"admin\",\"operator\",\"viewer\"]},\"tenants\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":"
		"\"string\"}},\"disabled\":{\"type\":\"boolean\"},\"password\":{\"type\":\"string\",\"minLength\":12,\"writeOnly\":true},"
		"\"locked_until\":{\"type\":[\"string\",\"null\"],\"readOnly\":true},\"login_at\":{\"type\":[\"string\",\"null\"],"
		"\"readOnly\":true},\"created_at\":{\"type\":\"string\",\"readOnly\":true},\"etag\":{\"type\":\"string\",\"readOnly\":true},"
		"\"has_password\":{\"type\":\"boolean\",\"readOnly\":true}}}"},
	{"Token",
		"{\"type\":\"object\",\"required\":[\"role\"],\"properties\":{\"name\":{\"type\":\"string\",\"readOnly\":true},"
		"\"role\":{\"enum\":[\"admin\",\"operator\",\"viewer\"]},\"tenants\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":"
		"\"string\"}},\"expires_at\":{\"type\":[\"string\",\"null\"]},\"token\":{\"type\":\"string\",\"readOnly\":true,"
		"\"description\":\"In the answer that made it\"}}}"},
	{"Range",
		"{\"type\":\"object\",\"required\":[\"from\",\"to\"],\"properties\":{\"from\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":"
		"999},\"to\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":999}}}"},
	{"Analytics",
		"{\"type\":\"object\",\"properties\":{\"tenant\":{\"type\":\"string\"},\"sub_id\":{\"type\":\"integer\"},\"meeting_id\":{"
		"\"type\":\"string\"},\"internal_id\":{\"type\":\"string\"},\"received_at\":{\"type\":\"string\"},\"kept_until\":{\"type\":"
		"\"string\"},\"analytics\":{\"type\":\"object\",\"description\":\"As the node says it\"}}}"},
	{"End", "{\"type\":\"object\",\"properties\":{\"force\":{\"type\":\"boolean\"}}}"},
	{"CallbackChoice",
		"{\"type\":\"object\",\"properties\":{\"tenant\":{\"type\":\"string\"},\"host\":{\"type\":\"string\"}}}"},
	{"RecordingChange",
		"{\"type\":\"object\",\"properties\":{\"published\":{\"type\":\"boolean\"},\"protected\":{\"type\":\"boolean\"}}}"},
	{"RecordingAction",
		"{\"type\":\"object\",\"required\":[\"action\",\"ids\"],\"properties\":{\"action\":{\"type\":\"string\"},\"ids\":{\"type\":"
		"\"array\",\"items\":{\"type\":\"string\"}},\"tenants\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}"},
	{"Message", "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}"},
	{"Probe",
		"{\"type\":\"object\",\"properties\":{\"url\":{\"type\":\"string\"},\"domain\":{\"type\":\"string\"},\"secret\":{\"type\":"
		"\"string\",\"writeOnly\":true},\"cluster\":{\"type\":\"string\"}}}"},
};
static const char *const permissions[MAY__MAX] = {"read", "operate", "configure", "secrets", "access"};

static json_t *reference(const char *name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s", name));
}

/* "a|b" as a list. */
static json_t *choices(const char *text, char separator)
{
	const char stop[] = {separator, '\0'};
	json_t *list = json_array();

	for (const char *p = text; p && *p; p += strspn(p, stop)) {
		size_t n = strcspn(p, stop);

		json_array_append_new(list, json_stringn(p, n));
		p += n;
	}
	return list;
}

/* A text of a kind, in the one language of the document. */
static json_t *text_schema(const struct state_field *f)
{
	json_t *schema = json_pack("{s:s}", "type", "string");

	if (f->type == STATE_NAME || f->type == STATE_NAMES)
		json_object_set_new(schema, "description", json_string(name_rule((enum name_kind)f->max)));
	if (f->flags & STATE_FILLED)
		json_object_set_new(schema, "minLength", json_integer(1));
	return schema;
}

static json_t *field_schema(const struct state_field *f)
{
	switch (f->type) {
	case STATE_TEXT:
	case STATE_NAME:
		return text_schema(f);
	case STATE_CHOICE:
		return json_pack("{s:s, s:o}", "type", "string", "enum", choices(f->choices, '|'));
	case STATE_COUNT:
		return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)f->min,
			"maximum", (json_int_t)f->max);
	case STATE_NUMBER:
		return json_pack("{s:s, s:i, s:i}", "type", "number", "minimum", 0, "maximum", 1000000000);
	case STATE_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case STATE_NAMES:
		return json_pack("{s:s, s:o}", "type", "array", "items", text_schema(f));
	case STATE_OBJECTS:
		break;
	}
	return json_pack("{s:s, s:o}", "type", "array", "items", reference(f->of->what));
}

/* whole: with what has a list of its own, as it stands in a state. */
static json_t *object_schema(const struct state_object *object, bool whole)
{
	json_t *properties = json_object(), *required = json_array(), *schema;

	for (const struct state_field *f = object->fields; f->name; f++) {
		if (f->type == STATE_OBJECTS && !whole)
			continue;
		schema = field_schema(f);
		if (f->flags & STATE_NULLABLE && f->type == STATE_CHOICE)
			json_array_append_new(json_object_get(schema, "enum"), json_null());
		if (f->flags & STATE_NULLABLE)
			json_object_set_new(
				schema, "type", json_pack("[O, s]", json_object_get(schema, "type"), "null"));
		if (f->flags & STATE_SECRET)
			json_object_set_new(schema, "writeOnly", json_true());
		if (f->flags & STATE_READ)
			json_object_set_new(schema, "readOnly", json_true());
		if (f->preset)
			json_object_set_new(schema, "default", json_loads(f->preset, JSON_DECODE_ANY, NULL));
		json_object_set_new(properties, f->name, schema);
		/* The path has its name. */
		if (f->flags & STATE_REQUIRED && (whole || f != object->fields))
			json_array_append_new(required, json_string(f->name));
	}
	if (!whole) {
		json_object_set_new(
			properties, "etag", json_pack("{s:s, s:b}", "type", "string", "readOnly", 1));
		json_object_set_new(
			properties, "live", json_pack("{s:s, s:b}", "type", "object", "readOnly", 1));
	}
	schema = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
	if (json_array_size(required))
		json_object_set(schema, "required", required);
	json_decref(required);
	return schema;
}

static json_t *parameter(const char *name, const char *in, bool required, json_t *schema)
{
	return json_pack(
		"{s:s, s:s, s:b, s:o}", "name", name, "in", in, "required", required, "schema", schema);
}

static json_t *type_schema(const char *type)
{
	return json_pack("{s:s}", "type", type);
}

static void add_list_parameters(json_t *list, const struct list *of)
{
	json_t *sorts = json_array();

	for (const struct list_sort *s = of->sorts; s->name; s++)
		json_array_append_new(sorts, json_string(s->name));
	json_array_append_new(list, parameter("limit", "query", false,
					    json_pack("{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1,
						    "maximum", LIST_LIMIT_MAX, "default", 50)));
	json_array_append_new(list, parameter("offset", "query", false,
					    json_pack("{s:s, s:i}", "type", "integer", "minimum", 0)));
	json_array_append_new(list,
		parameter("sort", "query", false,
			json_pack("{s:s, s:o}", "type", "string", "description",
				json_sprintf(
					"Names separated by commas, - before one for downwards; without it %s",
					of->order))));
	json_object_set_new(json_object_get(json_array_get(list, json_array_size(list) - 1), "schema"),
		"examples", sorts);
	json_array_append_new(list, parameter("format", "query", false, json_pack("{s:[s]}", "enum", "csv")));
	for (const struct list_filter *f = of->filters; f->name; f++)
		json_array_append_new(
			list, parameter(f->name, "query", false,
				      f->kind == LIST_CHOICE ? json_pack("{s:s, s:o}", "type", "string",
								       "enum", choices(f->more, ' '))
							     : type_schema("string")));
}

static json_t *parameters(const struct endpoint *row, bool reads)
{
	const struct manage_route *route = row->more;
	json_t *list = json_array(), *names = choices(route->query, ' '), *name;
	size_t i;

	for (const char *p = strchr(row->path, '{'); p; p = strchr(p + 1, '{'))
		json_array_append_new(list,
			json_pack("{s:o, s:s, s:b, s:o}", "name", json_stringn(p + 1, strcspn(p + 1, "}")),
				"in", "path", "required", 1, "schema", type_schema("string")));
	json_array_foreach(names, i, name) json_array_append_new(
		list, parameter(json_string_value(name), "query", false, type_schema("string")));
	if (route->list && reads && !strchr(row->path, '{'))
		add_list_parameters(list, route->list);
	if (row->flags & ROW_DRY)
		json_array_append_new(
			list, parameter("dry_run", "query", false, json_pack("{s:[s]}", "enum", "1")));
	if (!reads && (route->object || row->flags & ROW_CONDITIONAL))
		json_array_append_new(list,
			parameter("If-Match", "header", row->flags & ROW_CONDITIONAL, type_schema("string")));
	json_decref(names);
	return list;
}

/* A schema by its name: of the tables, of an object of the state ("{}"), or a media type's. */
static json_t *content(const struct manage_route *route, const char *name)
{
	if (name && strchr(name, '/'))
		return json_pack("{s:{s:{s:s}}}", name, "schema", "type", "string");
	return json_pack("{s:{s:o}}", "application/json", "schema",
		route->object && (!name || strcmp(name, "{}") == 0) ? reference(route->object->what)
		: name						    ? reference(name)
								    : type_schema("object"));
}

/* What of an object of the state a list of them is. */
static json_t *answer_content(const struct endpoint *row)
{
	const struct manage_route *route = row->more;
	size_t len = strlen(row->path);
	bool many = route->object && row->path[len - 1] != '}' && !route->answer;
	json_t *item;

	if (!many && !(route->list && !strchr(row->path, '{')))
		return content(route, route->answer);
	item = many ? reference(route->object->what) : type_schema("object");
	return json_pack("{s:{s:{s:s, s:{s:{s:s, s:o}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}}}}",
		"application/json", "schema", "type", "object", "properties", "items", "type", "array",
		"items", item, "total", "type", "integer", "limit", "type", "integer", "offset", "type",
		"integer", "facets", "type", "object");
}

static json_t *responses(const struct endpoint *row, enum method method)
{
	json_t *all = json_pack("{s:{s:s, s:{s:{s:o}}}}", "default", "description", "A problem", "content",
		"application/problem+json", "schema", reference("Problem"));
	const struct manage_route *route = row->more;

	/* A dry run of what answers nothing says what it would change. */
	if (method == METHOD_DELETE ||
		(method == METHOD_POST && !route->answer && !route->object && !route->body))
		json_object_set_new(all, "204", json_pack("{s:s}", "description", "Done"));
	if (method != METHOD_DELETE)
		json_object_set_new(all, "200",
			json_pack("{s:s, s:o}", "description", "Done", "content", answer_content(row)));
	else if (row->flags & ROW_DRY)
		json_object_set_new(all, "200",
			json_pack("{s:s, s:{s:{s:o}}}", "description", "A dry run", "content",
				"application/json", "schema", reference("Changes")));
	if (method == METHOD_PUT ||
		(method == METHOD_POST && route->body && strcmp(route->body, "Range") == 0))
		json_object_set_new(all, "201",
			json_pack("{s:s, s:o}", "description", "Made", "content", answer_content(row)));
	if (method == METHOD_GET)
		json_object_set_new(all, "304", json_pack("{s:s}", "description", "As If-None-Match has it"));
	return all;
}

static const char *scope_of(unsigned flags)
{
	return flags & ROW_OPEN || flags & ROW_SIGNS_IN ? "open"
	       : flags & ROW_GLOBAL			? "global"
	       : flags & ROW_OF_TENANT			? "tenant"
							: "own";
}

static json_t *operation(const struct endpoint *row, enum method method)
{
	const struct manage_route *route = row->more;
	bool reads = method == METHOD_GET;
	const char *tag = row->path + strlen("v1/");
	char id[160];
	size_t n = 0;
	json_t *one;

	n = (size_t)snprintf(id, sizeof(id), "%s", method_name(method));
	for (const char *p = row->path + strlen("v1"); *p && n + 1 < sizeof(id); p++)
		if (isalnum((unsigned char)*p))
			id[n++] = *p;
		else if (*p == '/' || *p == '-')
			id[n++] = '_';
	id[n] = '\0';
	one = json_pack("{s:s, s:s, s:[o], s:o, s:o}", "operationId", text_lower(id), "summary",
		route->summary, "tags", json_stringn(tag, strcspn(tag, "/")), "parameters",
		parameters(row, reads), "responses", responses(row, method));
	if (route->body && !reads)
		json_object_set_new(one, "requestBody",
			json_pack("{s:b, s:o}", "required", 1, "content", content(route, route->body)));
	if (!(row->flags & (ROW_OPEN | ROW_SIGNS_IN | ROW_ANYONE)))
		json_object_set_new(one, "x-permission", json_string(permissions[route->permission]));
	if (row->flags & (ROW_OPEN | ROW_SIGNS_IN))
		json_object_set_new(one, "security", json_array());
	json_object_set_new(one, "x-scope", json_string(scope_of(row->flags)));
	if (row->flags & ROW_UNBOUND)
		json_object_set_new(one, "x-unbound", json_true());
	return one;
}

static json_t *paths(const struct endpoint *rows, size_t count)
{
	json_t *all = json_object();

	for (size_t i = 0; i < count; i++) {
		json_t *path;

		if (rows[i].flags & ROW_FILE)
			continue;
		path = json_object_get(all, rows[i].path + 2);
		if (!path) {
			path = json_object();
			json_object_set_new(all, rows[i].path + 2, path);
		}
		for (enum method method = METHOD_GET; method < METHOD_OTHER; method++) {
			char name[8];

			if (!(rows[i].methods & 1u << method) || method == METHOD_HEAD)
				continue;
			snprintf(name, sizeof(name), "%s", method_name(method));
			json_object_set_new(path, text_lower(name), operation(&rows[i], method));
		}
	}
	return all;
}

/* What is named, and of the rest that it is an object. */
static json_t *all_schemas(const struct endpoint *rows, size_t count)
{
	static const struct state_object *const objects[] = {&state_cluster, &state_group, &state_node,
		&state_profile, &state_tenant, &state_secret, &state_parameter, &state_asset};
	json_t *all = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(schemas); i++)
		json_object_set_new(all, schemas[i].name, json_loads(schemas[i].json, 0, NULL));
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		json_object_set_new(all, objects[i]->what, object_schema(objects[i], false));
	json_object_set_new(all, "state", type_schema("object"));
	for (size_t i = 0; i < count; i++) {
		const struct manage_route *route = rows[i].more;
		const char *names[] = {route->body, route->answer};

		for (size_t k = 0; k < ARRAY_SIZE(names); k++)
			if (names[k] && !strpbrk(names[k], "/{") && !json_object_get(all, names[k]))
				json_object_set_new(all, names[k], type_schema("object"));
	}
	return all;
}

char *openapi_write(const struct endpoint *rows, size_t count)
{
	json_t *all = json_pack(
		"{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[{s:[]}, {s:[]}], s:o, s:{s:o, s:{s:{s:s, s:s}, "
		"s:{s:s, s:s, s:s}}}}",
		"openapi", "3.1.0", "info", "title", "b3lb management API", "version", PACKAGE_VERSION,
		"description",
		"Everything the console does. Errors are problem documents; ETag and If-Match; dry_run=1.",
		"license", "name", "ISC", "identifier", "ISC", "servers", "url", MANAGE_BASE "v1", "security",
		"token", "session", "paths", paths(rows, count), "components", "schemas",
		all_schemas(rows, count), "securitySchemes", "token", "type", "http", "scheme", "bearer",
		"session", "type", "apiKey", "in", "cookie", "name", MANAGE_COOKIE);
	char *text = all ? json_dumps(all, JSON_INDENT(1)) : NULL;

	json_decref(all);
	return text;
}

static void send_openapi(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	char *text = openapi_write(x->table->rows, x->table->count);
	const struct err err = {ERR_INTERNAL, "could not write the description"};

	if (text)
		manage_send(m, 200, text, strlen(text));
	else
		manage_fail(m, &err);
	free(text);
}

static const struct endpoint rows[] = {
	ROW("v1/openapi.json", ON_GET_HEAD, MAY_READ, 0, "Describe this API", send_openapi, ),
};
MANAGE_ROWS(openapi_rows, rows);
