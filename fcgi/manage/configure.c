/* SPDX-License-Identifier: ISC */
/* The configuration as resources: clusters, groups, nodes, profiles, tenants, secrets, parameters, all along one path. */
#include "config.h"
#include "configure.h"

#include "core/list.h"
#include "core/rule_table.h"
#include "db/rows.h"
#include "sql/statements.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What is shown of an object beside its fields: of all of a kind by a statement of names and JSON ($1: the tenant), or of one by its
 * row of a list. */
static const struct live {
	const struct state_object *object;
	const struct db_stmt *stmt;
	const struct list *list;
} lives[] = {
	{&state_cluster, &stmt_manage_live_clusters, NULL},
	{&state_secret, &stmt_manage_live_secrets, NULL},
	{&state_node, NULL, &list_nodes},
	{&state_tenant, NULL, &list_tenants},
};

static const struct state_object *object_of(const struct manage *m)
{
	const struct manage_route *route = m->x.endpoint->more;

	return route->object;
}

/* Of what belongs to a tenant the path names that one first. */
static bool is_owned(const struct state_object *object)
{
	return object == &state_secret || object == &state_parameter || object == &state_asset;
}

/* A rule for all tenants is named by its own path. */
static bool is_of_tenant(const struct manage *m)
{
	return is_owned(object_of(m)) && m->x.endpoint->flags & ROW_OF_TENANT;
}

static const char *name_of(const struct manage *m)
{
	return m->x.values[is_of_tenant(m) ? 1 : 0];
}

static const char *parent_of(const struct manage *m)
{
	return is_of_tenant(m) ? m->x.values[0] : object_of(m) == &state_parameter ? CHANGE_ALL : NULL;
}

struct change configure_change(struct manage *m, enum change_kind kind, const json_t *body)
{
	const char *none = request_env(m->x.rq, "HTTP_IF_NONE_MATCH");

	return (struct change){
		.object = object_of(m),
		.parent = parent_of(m),
		.name = name_of(m),
		.kind = kind,
		.body = body,
		.if_match = manage_if_match(m),
		.only_new = kind == CHANGE_PUT && none && strcmp(none, "*") == 0,
		.force = manage_is_set(
			m, kind == CHANGE_DELETE && object_of(m) == &state_tenant ? "recordings" : "force"),
		.owner = manage_is_bound(&m->who),
	};
}

/* A rule without the name of its field, which the pointer has. */
static const char *rule_of(const struct change_report *report, const char *text)
{
	size_t len = strlen(report->pointer);
	const char *rule = text + (report->detail < strlen(text) ? report->detail : 0);

	return len > 1 && strncmp(rule, report->pointer + 1, len - 1) == 0 && rule[len - 1] == ' '
		       ? rule + len
		       : rule;
}

static void fail(struct manage *m, const struct change_report *report, const struct err *err)
{
	struct arena *a = &m->x.rq->arena;

	if (*report->pointer) {
		m->pointer = arena_strdup(a, report->pointer);
		m->rule = rule_of(report, err->text);
	}
	if (report->used_by.len)
		m->used_by = manage_lines(m, &report->used_by);
	if (err->kind == ERR_STALE && *report->etag)
		m->current = arena_printf(a, "\"%s\"", report->etag);
	manage_fail(m, err);
}

bool configure_run(struct manage *m, const struct change *changes, size_t count, struct change_report *report)
{
	const struct actor actor = manage_actor(m);
	bool dry = manage_is_set(m, "dry_run");
	struct err err = {0};

	if (change_objects(m->service->db, m->service->conf, changes, count, dry, &actor, report, &err) == -1)
		fail(m, report, &err);
	else if (dry)
		manage_send_changes(m, &report->told.changes);
	else
		return true;
	return false;
}

const char *configure_secret(struct manage *m, const struct change_report *report)
{
	const char *line = buf_str(&report->told.secrets), *blank = strchr(line, ' ');

	return blank ? arena_strndup(&m->x.rq->arena, blank + 1, strcspn(blank + 1, "\n")) : "";
}

void configure_note(struct manage *m, const char *object, const char *name, const char *what)
{
	const struct actor actor = manage_actor(m);
	const struct audit_entry entry = {.object = object,
		.name = name,
		.tenant = is_owned(object_of(m)) ? manage_upper(m, m->x.values[0]) : NULL,
		.changes = what};
	struct err err = {0};

	if (audit_note(m->service->db, &actor, &entry, &err) == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: no row in the audit: %s", m->x.rq->id,
			err.text);
}

static const struct live *find_live(const struct state_object *object)
{
	for (size_t i = 0; i < ARRAY_SIZE(lives); i++)
		if (lives[i].object == object)
			return &lives[i];
	return NULL;
}

/* Puts what is live to each of the objects whose name is a row's. */
static int add_lives(struct manage *m, const struct live *live, json_t *objects, struct err *err)
{
	const char *key = live->object->fields[0].name;
	struct db_result *r = NULL;
	json_t *object;
	size_t i;

	if (db_run(m->service->db, live->stmt, DB_ARGS(parent_of(m)), &r, err) == -1)
		return -1;
	json_array_foreach(objects, i, object)
	{
		const char *name = state_name(&m->x.rq->arena, object, live->object);

		for (int row = 0; row < db_rows(r) && json_object_get(object, key); row++)
			if (db_is(r, row, MANAGE_LIVE_NAME, name))
				json_object_set_new(object, "live",
					json_loads(db_text(r, row, MANAGE_LIVE_LIVE), 0, NULL));
	}
	db_free(r);
	return 0;
}

/* What the object's row of a list has as live. */
static int add_live(struct manage *m, const struct live *live, json_t *object, struct err *err)
{
	const char *name = state_name(&m->x.rq->arena, object, live->object);
	struct db_result *r = NULL;
	struct buf text = BUF_INIT;
	json_t *row;

	if (list_find(m->service->db, live->list, m->who.tenants, name, &r, err) == -1)
		return err->kind == ERR_NOT_FOUND ? 0 : -1;
	rows_json_object(&text, r, 0);
	row = json_loads(buf_str(&text), 0, NULL);
	json_object_set(object, "live", json_object_get(row, "live"));
	json_decref(row);
	buf_free(&text);
	db_free(r);
	return 0;
}

static void get_object(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct live *live = find_live(object_of(m));
	struct err err = {0};
	json_t *object = change_read(m->service->db, object_of(m), parent_of(m), name_of(m), &err);
	json_t *one = json_pack("[O]", object);

	if (!object || (live && live->stmt && add_lives(m, live, one, &err) == -1) ||
		(live && live->list && add_live(m, live, object, &err) == -1)) {
		manage_fail(m, &err);
		json_decref(object);
	} else {
		manage_send_object(m, 200, object);
	}
	json_decref(one);
}

static void get_objects(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct live *live = find_live(object_of(m));
	struct err err = {0};
	json_t *objects = change_list(m->service->db, object_of(m), parent_of(m), &err);

	if (!objects || (live && live->stmt && add_lives(m, live, objects, &err) == -1)) {
		manage_fail(m, &err);
		json_decref(objects);
		return;
	}
	manage_send_page(m, objects);
}

/* PATCH of a node: who operates may change its state, and what is only read comes back with it. */
static bool may_change(struct manage *m, json_t *body)
{
	static const char *const operated[] = {"state", "drain_to", "slug", "live", "etag"};
	const char *key;
	json_t *value;

	if (m->who.permissions & 1u << MAY_CONFIGURE)
		return true;
	json_object_foreach(body, key, value)
	{
		bool found = false;

		for (size_t i = 0; i < ARRAY_SIZE(operated); i++)
			found = found || strcmp(operated[i], key) == 0;
		if (found)
			continue;
		manage_refuse(&m->x, 403,
			arena_printf(
				&m->x.rq->arena, "this role may change state and drain_to, not %.64s", key));
		return false;
	}
	return true;
}

static void change_object(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	bool replaces = x->rq->method == METHOD_PUT;
	struct change_report report = {0};
	struct change change;
	json_t *body = NULL;

	if (!manage_read_json(m, &body) || !may_change(m, body))
		goto out;
	change = configure_change(m, replaces ? CHANGE_PUT : CHANGE_PATCH, body);
	if (!configure_run(m, &change, 1, &report))
		goto out;
	if (report.created)
		m->location = x->rq->path;
	manage_send_object(m, report.created ? 201 : 200, json_incref(report.object));
out:
	change_report_free(&report);
	json_decref(body);
}

void configure_delete(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct change change = configure_change(m, CHANGE_DELETE, NULL);
	struct change_report report = {0};

	if (configure_run(m, &change, 1, &report))
		manage_send_nothing(m);
	change_report_free(&report);
}

/* A parameter's row, as a form needs it. */
static json_t *parameter_json(const struct rule_row *row)
{
	static const char *const types[] = {[RULE_TEXT] = "text",
		[RULE_BOOL] = "bool",
		[RULE_NUMBER] = "int",
		[RULE_COLOUR] = "color",
		[RULE_LOCALE] = "locale",
		[RULE_URL] = "url",
		[RULE_ENUM] = "choice",
		[RULE_LIST] = "list"};
	json_t *choices = json_array(), *calls = json_array(),
	       *modes = json_pack("[s, s, s]", "block", "set", "override");

	for (size_t i = 0; row->choices && row->choices[i]; i++)
		json_array_append_new(choices, json_string(row->choices[i]));
	if (row->calls & RULE_CREATE)
		json_array_append_new(calls, json_string("create"));
	if (row->calls & RULE_JOIN)
		json_array_append_new(calls, json_string("join"));
	if (row->type == RULE_NUMBER)
		json_array_append_new(modes, json_string("max"));
	if (row->type == RULE_LIST || row->type == RULE_TEXT)
		json_array_append_new(modes, json_string("append"));
	return json_pack("{s:s, s:s, s:o, s:o, s:o}", "name", row->name, "type", types[row->type], "choices",
		choices, "calls", calls, "modes", modes);
}

/* Every parameter that a tenant may rule, for forms; meta_ and userdata- stand for all that begin so. */
static void get_parameter_table(struct exchange *x)
{
	struct manage *m = (struct manage *)x;

	json_t *items = json_array();
	const struct rule_row *row;

	for (size_t i = 0; (row = rule_row(i)); i++)
		json_array_append_new(items, parameter_json(row));
	json_array_append_new(items, parameter_json(rule_find("meta_x")));
	json_array_append_new(items, parameter_json(rule_find("userdata-x")));
	manage_send_json(m, 200, json_pack("{s:o}", "items", items));
}

#define OBJECTS(path_, flags_, object_, many_, one_)                                                         \
	ROW("v1/" path_, ON_GET_HEAD, MAY_READ, flags_, "List " many_, get_objects, .object = (object_)),    \
		ROW("v1/" path_ "/{name}", ON_GET_HEAD, MAY_READ, flags_, "Read " one_, get_object,          \
			.object = (object_))
#define CHANGES(path_, flags_, own_, object_, one_)                                                          \
	ROW("v1/" path_ "/{name}", ON_PUT, MAY_CONFIGURE, flags_ | own_ | ROW_DRY, "Make or replace " one_,  \
		change_object, .object = (object_), .body = "{}"),                                           \
		ROW("v1/" path_ "/{name}", ON_DELETE, MAY_CONFIGURE, flags_ | own_ | ROW_DRY,                \
			"Remove " one_, configure_delete, .object = (object_))
#define PATCH(path_, permission_, flags_, object_, one_)                                                     \
	ROW("v1/" path_ "/{name}", ON_PATCH, permission_, flags_ | ROW_DRY, "Change " one_, change_object,   \
		.object = (object_), .body = "{}")

static const struct endpoint rows[] = {
	OBJECTS("clusters", ROW_GLOBAL, &state_cluster, "clusters", "a cluster"),
	CHANGES("clusters", ROW_GLOBAL, 0, &state_cluster, "a cluster"),
	PATCH("clusters", MAY_CONFIGURE, ROW_GLOBAL, &state_cluster, "a cluster"),
	OBJECTS("groups", ROW_GLOBAL, &state_group, "groups", "a group"),
	CHANGES("groups", ROW_GLOBAL, 0, &state_group, "a group"),
	PATCH("groups", MAY_CONFIGURE, ROW_GLOBAL, &state_group, "a group"),
	OBJECTS("profiles", ROW_GLOBAL, &state_profile, "video profiles", "a video profile"),
	CHANGES("profiles", ROW_GLOBAL, 0, &state_profile, "a video profile"),
	PATCH("profiles", MAY_CONFIGURE, ROW_GLOBAL, &state_profile, "a video profile"),
	ROW("v1/nodes/{name}", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "Read a node", get_object,
		.object = &state_node),
	CHANGES("nodes", ROW_GLOBAL, 0, &state_node, "a node"),
	PATCH("nodes", MAY_OPERATE, ROW_GLOBAL, &state_node, "a node: who may operate, its state alone"),
	ROW("v1/tenants/{tenant}", ON_GET_HEAD, MAY_READ, ROW_OF_TENANT, "Read a tenant", get_object,
		.object = &state_tenant),
	ROW("v1/tenants/{tenant}", ON_PUT, MAY_CONFIGURE, ROW_OF_TENANT | ROW_UNBOUND | ROW_DRY,
		"Make or replace a tenant", change_object, .object = &state_tenant, .body = "{}"),
	ROW("v1/tenants/{tenant}", ON_PATCH, MAY_CONFIGURE, ROW_OF_TENANT | ROW_DRY, "Change a tenant",
		change_object, .object = &state_tenant, .body = "{}"),
	ROW("v1/tenants/{tenant}", ON_DELETE, MAY_CONFIGURE, ROW_OF_TENANT | ROW_UNBOUND | ROW_DRY,
		"Remove a tenant; with recordings=1 its recordings too", configure_delete,
		.query = "recordings", .object = &state_tenant),
	OBJECTS("tenants/{tenant}/secrets", ROW_OF_TENANT, &state_secret, "a tenant's secrets", "a secret"),
	CHANGES("tenants/{tenant}/secrets", ROW_OF_TENANT, ROW_UNBOUND, &state_secret, "a secret"),
	PATCH("tenants/{tenant}/secrets", MAY_CONFIGURE, ROW_OF_TENANT, &state_secret, "a secret"),
	OBJECTS("tenants/{tenant}/parameters", ROW_OF_TENANT, &state_parameter,
		"a tenant's rules on parameters", "a rule"),
	CHANGES("tenants/{tenant}/parameters", ROW_OF_TENANT, 0, &state_parameter, "a rule"),
	OBJECTS("rules", ROW_GLOBAL, &state_parameter, "rules on parameters for all tenants",
		"a rule for all tenants"),
	CHANGES("rules", ROW_GLOBAL, 0, &state_parameter, "a rule for all tenants"),
	ROW("v1/parameters", ON_GET_HEAD, MAY_READ, 0, "List the parameters that a tenant may rule",
		get_parameter_table, ),
};
MANAGE_ROWS(configure_rows, rows);
