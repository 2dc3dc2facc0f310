/* SPDX-License-Identifier: ISC */
/* The one way to change the configuration: merged, checked, written, told and noted, in one transaction. */
#include "config.h"
#include "core/change_doc.h"

#include "bbb/lrs.h"
#include "core/secret.h"
#include "http/etag.h"
#include "sql/statements.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct changing {
	struct db_conn *conn;
	const struct conf *conf;
	const struct change *change;
	struct change_report *report;
	struct arena arena;
	bool dry_run;
};

static const struct {
	const struct state_object *object;
	const struct db_stmt *remove;
} removes[] = {
	{&state_cluster, &stmt_cluster_remove},
	{&state_group, &stmt_group_remove},
	{&state_node, &stmt_node_remove},
	{&state_profile, &stmt_profile_remove},
	{&state_tenant, &stmt_tenant_remove},
	{&state_secret, &stmt_secret_remove},
	{&state_parameter, &stmt_rule_remove},
	{&state_asset, &stmt_asset_remove},
};

/* *doc: an object as the state has it, with secrets; *seen: what is shown beside it, or NULL. */
static int parse(const struct db_result *r, int row, const struct state_object *object, json_t **doc,
	json_t **seen, struct err *err)
{
	const char *beside = db_text(r, row, CHANGE_OBJECTS_SEEN);

	*doc = json_loads(db_text(r, row, CHANGE_OBJECTS_DOC), 0, NULL);
	*seen = beside ? json_loads(beside, 0, NULL) : NULL;
	if (!*doc || (beside && !*seen))
		return err_set(err, ERR_INTERNAL, "the database's JSON cannot be read");
	/* What has a list of its own. */
	for (const struct state_field *f = object->fields; f->name; f++)
		if (f->type == STATE_OBJECTS)
			json_object_del(*doc, f->name);
	return 0;
}

/* An object as it is shown. Takes over both. */
static json_t *shown(json_t *doc, json_t *seen, const struct state_object *object)
{
	char etag[CHANGE_ETAG_LEN + 1];

	state_hide(doc, object);
	json_object_update(doc, seen);
	json_decref(seen);
	change_etag(doc, object, etag);
	json_object_set_new(doc, "etag", json_string(etag));
	return doc;
}

/* What is there of the change's object, *doc NULL: nothing. The caller frees both. */
static int look(struct changing *x, json_t **doc, json_t **seen, struct err *err)
{
	const struct change *c = x->change;
	struct db_result *r = NULL;
	int rc =
		db_exec(x->conn, &stmt_change_objects, DB_ARGS(c->object->what, c->parent, c->name), &r, err);

	*doc = *seen = NULL;
	if (rc == 0 && db_rows(r) > 0)
		rc = parse(r, 0, c->object, doc, seen, err);
	db_free(r);
	return rc;
}

/* Notes the object for the report. */
static void note_object(
	struct change_report *report, const struct state_object *object, const json_t *doc, json_t *seen)
{
	json_decref(report->object);
	report->object = NULL;
	*report->etag = '\0';
	if (!doc)
		return;
	report->object = shown(json_deep_copy(doc), json_incref(seen), object);
	snprintf(report->etag, sizeof(report->etag), "%s",
		json_string_value(json_object_get(report->object, "etag")));
}

/* If-Match, existence, and what a tenant's own administrator may make or remove. */
static int check_conditions(
	const struct change *c, const struct change_report *report, const char *label, struct err *err)
{
	char tag[CHANGE_ETAG_LEN + 3];

	snprintf(tag, sizeof(tag), "\"%s\"", report->etag);
	if (!*report->etag && c->kind != CHANGE_PUT)
		return err_set(err, ERR_NOT_FOUND, "there is no such %s", c->object->what);
	if (c->if_match && (!*report->etag || !etag_listed(c->if_match, tag, true)))
		return err_set(err, ERR_STALE, "%s is not as it was any more", label);
	if (*report->etag && c->only_new)
		return err_set(err, ERR_CONFLICT, "%s exists already", label);
	if (c->kind == CHANGE_ROLL && c->if_match && json_is_true(json_object_get(report->object, "rolling")))
		return err_set(err, ERR_CONFLICT, "%s has two secrets already: finish that first", label);
	if (c->kind == CHANGE_DELETE && c->owner && !(c->object->fields[0].flags & STATE_OWNER))
		return err_set(err, ERR_DENIED, "%s is not the tenant's own to remove", label);
	return 0;
}

/* Points to the field that a complaint of the database is about: it begins with it, or names what is missing. */
static void point(struct changing *x, const char *detail)
{
	const char *found = x->change->object == &state_parameter ? "value" : NULL;

	if (x->change->object == &state_tenant && strstr(detail, " is the base domain"))
		found = "aliases";

	for (const struct state_field *f = x->change->object->fields; f->name && !found; f++) {
		size_t len = strlen(f->name), stem = len;

		/* clusters, aliases */
		if (f->type == STATE_NAMES)
			stem -= len > 3 && strcmp(f->name + len - 3, "ses") == 0 ? 2 : 1;
		if ((strncmp(detail, f->name, len) == 0 && detail[len] == ' ') ||
			strstr(detail, arena_printf(&x->arena, " %.*s ", (int)stem, f->name)))
			found = f->name;
	}
	if (found)
		snprintf(x->report->pointer, sizeof(x->report->pointer), "/%.62s", found);
}

/* The sentence of a complaint that stands behind the object's name. */
static void explain(struct changing *x, const char *label, const char *field, struct err *err)
{
	const char *state = db_sqlstate(), *at = strcasestr(err->text, label);
	struct err told = *err;

	if (field)
		err_set(err, told.kind, "%s: %s", label, told.text);
	else if (err->kind == ERR_CONFLICT && strcmp(state, "23503") == 0)
		err_set(err, ERR_CONFLICT, "%s is still in use", label);
	else if (err->kind == ERR_CONFLICT && strcmp(state, "23505") == 0)
		err_set(err, ERR_CONFLICT, "%s exists already, or an alias of it is another's", label);
	else if (err->kind == ERR_INVALID && strcmp(state, "23514") == 0)
		err_set(err, ERR_INVALID, "%s: a name or value breaks its rule", label);
	if (field)
		snprintf(x->report->pointer, sizeof(x->report->pointer), "/%.62s", field);
	if (field || (at && strncmp(at + strlen(label), ": ", 2) == 0))
		x->report->detail = (field ? 0 : (size_t)(at - err->text)) + strlen(label) + 2;
	if (!field && err->kind == ERR_INVALID)
		point(x, err->text + x->report->detail);
}

/* Says what became of it, and notes that. from: where its lines begin. */
static int tell(struct changing *x, size_t from, const json_t *before, const json_t *after,
	const struct actor *actor, struct err *err)
{
	json_t *was = change_whole(x->change, before), *is = change_whole(x->change, after);
	int rc = 0;

	state_diff(was, is, &x->report->told);
	if (x->report->told.changes.len > from)
		rc = audit_lines(x->conn, actor, x->report->told.changes.ptr + from, err);
	json_decref(was);
	json_decref(is);
	return rc;
}

static int take_away(struct changing *x, const char *label, struct err *err)
{
	const struct change *c = x->change;
	bool tenant = c->object == &state_tenant;
	const struct db_args *args = c->parent				  ? DB_ARGS(c->parent, c->name)
				     : tenant || c->object == &state_node ? DB_ARGS(c->name, c->force)
									  : DB_ARGS(c->name);
	struct db_result *r = NULL;
	size_t i = 0;
	int rc;

	while (removes[i].object != c->object)
		i++;
	rc = db_exec(x->conn, removes[i].remove, args, &r, err);
	if (rc == 0 && tenant && db_rows(r) && db_int(r, 0, TENANT_REMOVE_RECORDINGS)) {
		buf_printf(&x->report->told.changes, "%s: %lld recordings deleted\n", label,
			db_int(r, 0, TENANT_REMOVE_RECORDINGS));
		x->report->told.count++;
	}
	db_free(r);
	return rc;
}

/* A secret that is rolled: the body's or a made one before the one that is there. */
static json_t *roll(struct changing *x, const json_t *before, const char **field, struct err *err)
{
	const char *tenant = change_name(&x->arena, &state_tenant, x->change->parent), *made = NULL;
	json_t *after = change_merge(&x->arena, x->change, before, field, err);
	const json_t *old = json_object_get(before, "secret");

	if (!after)
		return NULL;
	if (!json_object_get(x->change->body, "secret")) {
		made = secret_make(&x->arena, err);
		if (!made || json_object_set_new(after, "secret", json_string(made)) == -1) {
			json_decref(after);
			return NULL;
		}
	}
	json_object_set(after, "secret2", (json_t *)old);
	if (made && !x->dry_run)
		buf_printf(&x->report->told.secrets, "%s-%s %s\n", tenant, x->change->name, made);
	return after;
}

/* Of a node: it has an address. */
static int check_address(struct changing *x, const json_t *after, const char **field, struct err *err)
{
	if (x->change->object != &state_node || json_is_string(json_object_get(after, "domain")) ||
		json_is_string(json_object_get(after, "url")) || *x->conf->node_default_domain)
		return 0;
	*field = "domain";
	return err_set(
		err, ERR_INVALID, "it needs a domain or a url, or node_default_domain in the configuration");
}

/* Of the two things that open an LRS the one counts that the body names. */
static void choose_lrs(const json_t *body, json_t *after)
{
	static const char *const pair[] = {"lrs_user", "lrs_password"};
	bool token = json_is_string(json_object_get(body, "lrs_token"));
	bool named = json_is_string(json_object_get(body, pair[0])) ||
		     json_is_string(json_object_get(body, pair[1]));

	for (size_t i = 0; i < ARRAY_SIZE(pair) && token && !named; i++)
		json_object_set_new(after, pair[i], json_null());
	if (named && !token)
		json_object_set_new(after, "lrs_token", json_null());
}

/* Of a tenant: one thing opens its LRS, which does not go out in clear unless that is wanted. */
static int check_lrs(
	struct changing *x, const json_t *before, json_t *after, const char **field, struct err *err)
{
	static const char *const parts[] = {"lrs_endpoint", "lrs_token", "lrs_user", "lrs_password"};
	const char *values[ARRAY_SIZE(parts)];
	bool changed = false;
	size_t len = 0;

	if (x->change->object != &state_tenant)
		return 0;
	choose_lrs(x->change->body, after);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		values[i] = json_string_value(json_object_get(after, parts[i]));
		len += values[i] ? strlen(values[i]) : 0;
		changed = changed ||
			  !json_equal(json_object_get(before, parts[i]), json_object_get(after, parts[i]));
	}
	/* An import without secrets leaves one that nothing opens; that is no other change's fault. */
	if (!values[0] || !changed)
		return 0;
	*field = parts[0];
	if (strncmp(values[0], "https:", 6) != 0 && !x->change->force &&
		!json_equal(json_object_get(before, parts[0]), json_object_get(after, parts[0])))
		return err_set(err, ERR_INVALID, "lrs_endpoint must be https, unless that is forced");
	if (len > LRS_PARTS_MAX)
		return err_set(err, ERR_INVALID, "lrs_endpoint and what opens it must have %d bytes at most",
			LRS_PARTS_MAX);
	if (values[1] ? !values[2] && !values[3] : values[2] && values[3])
		return 0;
	*field = values[1] ? parts[1] : parts[0];
	return err_set(err, ERR_INVALID,
		values[1] ? "lrs_token must not be there beside lrs_user and lrs_password"
			  : "lrs_endpoint needs lrs_token, or lrs_user and lrs_password");
}

/* *field: which one is complained of, NULL: the complaint names the object. */
static int write_object(struct changing *x, const json_t *before, const char **field, struct err *err)
{
	const struct change *c = x->change;
	json_t *after = c->kind == CHANGE_ROLL ? roll(x, before, field, err)
					       : change_merge(&x->arena, c, before, field, err);
	json_t *doc = NULL;
	char *text = NULL;
	int rc = -1;

	if (after && check_address(x, after, field, err) == 0 &&
		check_lrs(x, before, after, field, err) == 0) {
		doc = change_document(c, before, after);
		text = json_dumps(doc, JSON_COMPACT);
		rc = db_exec(x->conn, &stmt_change_trim, DB_ARGS(text), NULL, err);
	}
	if (rc == 0)
		rc = state_take(x->conn, x->conf, doc, x->dry_run, &x->report->told, err);
	free(text);
	json_decref(doc);
	json_decref(after);
	return rc;
}

/* A tenant must be there for what belongs to it. */
static int check_parent(struct changing *x, struct err *err)
{
	const struct change parent = {.object = &state_tenant, .name = x->change->parent}, *c = x->change;
	json_t *doc = NULL, *seen = NULL;
	int rc;

	if (!c->parent || change_of_all(c))
		return 0;
	x->change = &parent;
	rc = look(x, &doc, &seen, err);
	x->change = c;
	if (rc == 0 && !doc)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such tenant");
	json_decref(doc);
	json_decref(seen);
	return rc;
}

static int change_one(struct changing *x, const struct actor *actor, struct err *err)
{
	const struct change *c = x->change;
	const char *label = change_label(&x->arena, c), *field = NULL;
	json_t *before = NULL, *after = NULL, *seen = NULL;
	size_t from = x->report->told.changes.len;
	int rc = -1;

	if (check_parent(x, err) == -1 || look(x, &before, &seen, err) == -1)
		goto out;
	note_object(x->report, c->object, before, seen);
	if (check_conditions(c, x->report, label, err) == -1)
		goto out;
	rc = c->kind == CHANGE_DELETE ? take_away(x, label, err) : write_object(x, before, &field, err);
	if (rc == -1) {
		explain(x, label, field, err);
		goto out;
	}
	json_decref(seen);
	rc = look(x, &after, &seen, err);
	if (rc == 0) {
		note_object(x->report, c->object, after, seen);
		x->report->created = !before && after;
		rc = tell(x, from, before, after, actor, err);
	}
out:
	json_decref(before);
	json_decref(after);
	json_decref(seen);
	return rc;
}

/* What still uses an object that was not removed. */
static void find_users(struct db *db, const struct change *c, struct buf *out)
{
	struct db_result *r = NULL;
	struct err err = {0};

	if (db_run(db, &stmt_change_users, DB_ARGS(c->object->what, c->parent, c->name), &r, &err) == -1)
		return;
	for (int i = 0; i < db_rows(r); i++)
		buf_printf(out, "%s\n", db_text(r, i, CHANGE_USERS_WHO));
	db_free(r);
}

int change_objects(struct db *db, const struct conf *conf, const struct change *changes, size_t count,
	bool dry_run, const struct actor *actor, struct change_report *report, struct err *err)
{
	struct changing x = {.conn = db_borrow(db, err), .conf = conf, .report = report, .dry_run = dry_run};
	int rc = x.conn && db_begin(x.conn, err) == 0 ? db_exec(x.conn, &stmt_change_lock, NULL, NULL, err)
						      : -1;

	for (size_t i = 0; i < count && rc == 0; i++) {
		x.change = &changes[i];
		report->failed = i;
		rc = change_one(&x, actor, err);
	}
	if (rc == 0 && !dry_run && report->told.count)
		rc = db_commit(x.conn, err);
	/* What was not committed is rolled back. */
	db_return(x.conn);
	if (rc == -1 && err->kind == ERR_CONFLICT && x.change->kind == CHANGE_DELETE)
		find_users(db, x.change, &report->used_by);
	arena_free(&x.arena);
	return rc;
}

void change_report_free(struct change_report *report)
{
	state_report_free(&report->told);
	buf_free(&report->used_by);
	json_decref(report->object);
}

json_t *change_read(struct db *db, const struct state_object *object, const char *parent, const char *name,
	struct err *err)
{
	struct db_result *r = NULL;
	json_t *doc = NULL, *seen = NULL;

	if (db_run(db, &stmt_change_objects, DB_ARGS(object->what, parent, name), &r, err) == -1)
		return NULL;
	if (db_rows(r) == 0)
		err_set(err, ERR_NOT_FOUND, "there is no such %s", object->what);
	else if (parse(r, 0, object, &doc, &seen, err) == 0)
		doc = shown(doc, seen, object);
	db_free(r);
	return doc;
}

/* The rows of {doc, seen} as a list; NULL with err. r is given up. */
static json_t *read_list(struct db_result *r, const struct state_object *object, struct err *err)
{
	json_t *list = json_array(), *doc, *seen;

	for (int i = 0; list && i < db_rows(r); i++) {
		if (parse(r, i, object, &doc, &seen, err) == 0) {
			json_array_append_new(list, shown(doc, seen, object));
			continue;
		}
		json_decref(doc);
		json_decref(seen);
		json_decref(list);
		list = NULL;
	}
	db_free(r);
	return list;
}

json_t *change_list(struct db *db, const struct state_object *object, const char *parent, struct err *err)
{
	const char *all = NULL;
	struct db_result *r = NULL;
	json_t *tenant;

	if (parent && !(object == &state_parameter && strcmp(parent, CHANGE_ALL) == 0)) {
		tenant = change_read(db, &state_tenant, NULL, parent, err);
		if (!tenant)
			return NULL;
		json_decref(tenant);
	}
	if (db_run(db, &stmt_change_objects, DB_ARGS(object->what, parent, all), &r, err) == -1)
		return NULL;
	return read_list(r, object, err);
}

json_t *change_list_named(
	struct db *db, const struct state_object *object, const char *names, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_change_objects_named, DB_ARGS(object->what, names), &r, err) == -1)
		return NULL;
	return read_list(r, object, err);
}
