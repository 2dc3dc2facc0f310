/* SPDX-License-Identifier: ISC */
/* b3lb-admin setup: what it makes in the database. */
#include "config.h"
#include "change.h"
#include "setup.h"

#include "core/account.h"
#include "core/secret.h"

#include <string.h>

/* What is missing, each behind what it needs. */
struct objects {
	struct change list[5]; /* cluster, group, node, tenant, secret */
	size_t count;
};

/* The body is taken. */
static int add(struct objects *o, const struct change *change, struct err *err)
{
	if (!change->body)
		return err_set(err, ERR_INVALID, "%s %.64s: all text must be UTF-8", change->object->what,
			change->name);
	o->list[o->count++] = *change;
	return 0;
}

static int add_new(struct objects *o, const struct state_object *object, const char *parent, const char *name,
	json_t *body, struct err *err)
{
	const struct change change = {.object = object,
		.parent = parent,
		.name = name,
		.kind = CHANGE_PUT,
		.only_new = true,
		.body = body};

	return add(o, &change, err);
}

/* The cluster comes into it, besides those that it has. */
static int add_to_group(struct setup *s, struct objects *o, struct err *err)
{
	struct change change = {.object = &state_group, .name = s->group, .kind = CHANGE_PATCH};
	json_t *group = change_read(s->admin->db, change.object, NULL, s->group, err), *clusters;

	if (!group)
		return -1;
	clusters = json_deep_copy(json_object_get(group, "clusters"));
	json_array_append_new(clusters, json_string(s->cluster));
	change.body = json_pack("{s:o}", "clusters", clusters);
	change.if_match =
		arena_printf(&s->admin->arena, "\"%s\"", json_string_value(json_object_get(group, "etag")));
	json_decref(group);
	return add(o, &change, err);
}

static int collect(struct setup *s, struct objects *o, struct err *err)
{
	bool make_cluster = setup_find(s->clusters, "name", s->cluster) == -1;
	bool make_group = setup_find(s->groups, "name", s->group) == -1;

	if (make_cluster && add_new(o, &state_cluster, NULL, s->cluster, json_object(), err) == -1)
		return -1;
	if (make_group && add_new(o, &state_group, NULL, s->group,
				  json_pack("{s:[s]}", "clusters", s->cluster), err) == -1)
		return -1;
	if (make_cluster && !make_group && add_to_group(s, o, err) == -1)
		return -1;
	s->make_cluster = make_cluster || make_group;
	if (s->make_node && add_new(o, &state_node, NULL, s->node,
				    json_pack("{s:s, s:s, s:s}", "cluster", s->cluster, "secret",
					    s->node_secret, "url", s->node_url),
				    err) == -1)
		return -1;
	if (s->make_tenant && add_new(o, &state_tenant, NULL, s->tenant,
				      json_pack("{s:s, s:o}", "group", s->group, "error_status",
					      s->platform ? platform_error_status(s->platform) : json_null()),
				      err) == -1)
		return -1;
	if (!s->make_secret)
		return 0;
	if (!s->secret && !(s->secret = secret_make(&s->admin->arena, err)))
		return -1;
	return add_new(o, &state_secret, s->tenant, "0", json_pack("{s:s}", "secret", s->secret), err);
}

/* Without a schema there is nothing to try them on. */
static void foretell(struct setup *s, const struct objects *o)
{
	const char *tenant = text_upper(arena_strdup(&s->admin->arena, s->tenant));

	for (size_t i = 0; i < o->count; i++) {
		const struct change *c = &o->list[i];

		if (c->parent)
			buf_printf(&s->lines, "tenant %s, %s %s: added\n", tenant, c->object->what, c->name);
		else
			buf_printf(&s->lines, "%s %s: added\n", c->object->what,
				c->object == &state_tenant ? tenant : c->name);
	}
}

static int make_objects(struct setup *s, struct err *err)
{
	struct admin *a = s->admin;
	struct change_report report = {0};
	struct objects o = {0};
	int rc = collect(s, &o, err);

	if (rc == 0 && s->files.dry && !s->schema)
		foretell(s, &o);
	else if (rc == 0 && o.count)
		rc = change_objects(
			a->db, &a->conf, o.list, o.count, s->files.dry, admin_actor(a), &report, err);
	buf_puts(&s->lines, buf_str(&report.told.changes));
	change_report_free(&report);
	for (size_t i = 0; i < o.count; i++)
		json_decref((json_t *)o.list[i].body);
	return rc;
}

static void say_objects(struct setup *s)
{
	int row = s->node ? setup_find(s->nodes, "node", s->node) : -1;
	const char *address = !s->make_node && row >= 0 ? setup_cell(s->nodes, row, "address") : NULL;

	report_add(&s->report, REPORT_OK, "cluster", "%s, in group %s%s", s->cluster, s->group,
		s->make_cluster ? "" : ", already");
	if (s->make_node)
		report_add(&s->report, REPORT_OK, "node", "%s is made: it answers and takes the secret",
			s->node);
	else if (s->node_url && address && strcmp(address, s->node_url) != 0)
		report_add(&s->report, REPORT_WARNING, "node",
			"%s is there already, at %s: b3lb-admin node set changes it", s->node, address);
	else
		report_add(&s->report, REPORT_OK, "node", "there already: %d", db_rows(s->nodes));
	report_add(&s->report, REPORT_OK, "tenant", "%s%s", s->tenant,
		s->make_tenant ? " is made" : ", already");
}

/* Nobody can sign in to the console yet: the first one, whose password is shown this once. */
static int make_account(struct setup *s, struct err *err)
{
	struct admin *a = s->admin;
	struct account_settings account = {.name = "admin", .role = "admin"};
	const char *url = conf_console_url(&a->conf, &a->arena);
	bool try = s->schema || !s->files.dry;
	struct buf changes = BUF_INIT;
	json_t *accounts = NULL;
	int rc = try ? account_read(a->db, NULL, &accounts, err) : 0;
	bool there = json_array_size(accounts) > 0;

	json_decref(accounts);
	if (rc == 0 && !there && try) {
		account.password = password_make(&a->arena, err);
		rc = account.password ? account_set(a->db, admin_actor(a), &account, NULL, s->files.dry,
						&changes, NULL, err)
				      : -1;
		buf_puts(&s->lines, buf_str(&changes));
		buf_free(&changes);
	} else if (rc == 0 && !there) {
		buf_printf(&s->lines, "account %s: added\n", account.name);
	}
	if (rc == -1 || s->files.dry)
		return rc;
	if (there)
		report_add(
			&s->report, REPORT_OK, "console", "%s; who signs in: b3lb-admin account list", url);
	else
		report_add(&s->report, REPORT_OK, "console", "%s, sign in as admin with the password %s", url,
			account.password);
	return 0;
}

int setup_make(struct setup *s, struct err *err)
{
	if (make_objects(s, err) == -1)
		return -1;
	if (!s->files.dry)
		say_objects(s);
	return make_account(s, err);
}
