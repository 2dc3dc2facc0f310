/* SPDX-License-Identifier: ISC */
/* Secrets of tenants and nodes: made, shown, rolled. Each time one is shown the audit says so. */
#include "config.h"
#include "configure.h"

#include "core/tenant_urls.h"
#include "sql/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_AT_ONCE 100
#define SUB_ID_MAX   999

/* A sub id of the path, -1: none. */
static int sub_id_of(const char *text)
{
	return text_is_number(text, 3) ? atoi(text) : -1;
}

static const char *label_of(struct manage *m)
{
	return arena_printf(
		&m->x.rq->arena, "%s-%d", manage_upper(m, m->x.values[0]), sub_id_of(m->x.values[1]));
}

/* A number of the body; false when it was answered. */
static bool read_sub_id(struct manage *m, const json_t *body, const char *name, int *out)
{
	const json_t *value = json_object_get(body, name);

	*out = (int)json_integer_value(value);
	if (json_is_integer(value) && json_integer_value(value) >= 0 &&
		json_integer_value(value) <= SUB_ID_MAX)
		return true;
	m->pointer = arena_printf(&m->x.rq->arena, "/%s", name);
	m->rule = "must be a whole number from 0 to 999";
	manage_refuse(&m->x, 422, arena_printf(&m->x.rq->arena, "%s %s", name, m->rule));
	return false;
}

static bool read_range(struct manage *m, json_t *body, int *from, int *to)
{
	static const struct manage_field fields[] = {
		{"from", FIELD_READ}, {"to", FIELD_READ}, {NULL, FIELD_READ}};

	if (!manage_check_fields(m, body, fields) || !read_sub_id(m, body, "from", from) ||
		!read_sub_id(m, body, "to", to))
		return false;
	if (*from <= *to && *to - *from < MADE_AT_ONCE)
		return true;
	m->pointer = "/to";
	m->rule = "must not be before from, nor more than 99 behind it";
	manage_refuse(&m->x, 422, "to must not be before from, nor more than 99 behind it");
	return false;
}

/* Secrets of a range, each at random: they are in the answer, once. */
static void make_secrets(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct arena *a = &x->rq->arena;
	struct change_report report = {0};
	struct change *changes;
	json_t *body = NULL;
	int from, to;

	if (!manage_read_json(m, &body) || !read_range(m, body, &from, &to))
		goto out;
	changes = arena_alloc(a, sizeof(*changes) * (size_t)(to - from + 1));
	for (int i = from; i <= to; i++)
		changes[i - from] = (struct change){.object = &state_secret,
			.parent = x->values[0],
			.name = arena_printf(a, "%d", i),
			.kind = CHANGE_PUT,
			.only_new = true};
	if (configure_run(m, changes, (size_t)(to - from + 1), &report))
		manage_send_json(m, 201, json_pack("{s:o}", "items", state_report_secrets(&report.told)));
out:
	change_report_free(&report);
	json_decref(body);
}

static json_t *urls_json(const struct tenant_urls *urls)
{
	return json_pack("{s:s?, s:s, s:s, s:s}", "name", urls->name, "path", urls->path, "stats",
		urls->stats, "metrics", urls->metrics);
}

/* The secret itself, with what a platform is given. */
static void reveal_secret(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct arena *a = &x->rq->arena;
	int sub_id = sub_id_of(x->values[1]);
	char *slug = arena_strdup(a, x->values[0]);
	struct db_result *r = NULL;
	struct tenant_urls urls;
	struct buf mate = BUF_INIT;
	struct err err = {0};

	for (char *p = slug; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	if (db_run_found(m->service->db, &stmt_manage_secret, DB_ARGS((const char *)slug, sub_id), &r,
		    "such secret", &err) == -1 ||
		tenant_api_mate(m->service->db, m->service->conf, a, slug, sub_id, &mate, &err) == -1) {
		manage_fail(m, &err);
		goto out;
	}
	tenant_urls(a, m->service->conf, slug, sub_id, &urls);
	configure_note(m, "secret", label_of(m), "shown");
	manage_send_json(m, 200,
		json_pack("{s:s, s:s?, s:s, s:o, s:s}", "secret", db_text(r, 0, MANAGE_SECRET_SECRET),
			"secret2", db_text(r, 0, MANAGE_SECRET_SECRET2), "stats_token",
			db_text(r, 0, MANAGE_SECRET_STATS_TOKEN), "urls", urls_json(&urls), "api_mate",
			buf_str(&mate)));
out:
	buf_free(&mate);
	db_free(r);
}

/* A new one, in the answer, once; the old one stays valid beside it. */
static void roll_secret(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct change change = configure_change(m, CHANGE_ROLL, NULL);
	struct change_report report = {0};

	if (configure_run(m, &change, 1, &report)) {
		m->etag = arena_printf(&x->rq->arena, "\"%s\"", report.etag);
		manage_send_json(m, 200, json_pack("{s:s}", "secret", configure_secret(m, &report)));
	}
	change_report_free(&report);
}

static void finish_roll(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	json_t *body = json_pack("{s:n}", "secret2");
	struct change change = configure_change(m, CHANGE_PATCH, body);
	struct change_report report = {0};

	/* Whoever may roll may finish: it is no field of the tenant's own. */
	change.owner = false;
	if (configure_run(m, &change, 1, &report))
		manage_send_nothing(m);
	change_report_free(&report);
	json_decref(body);
}

static void reveal_node(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct arena *a = &x->rq->arena;
	struct db_result *r = NULL;
	struct buf mate = BUF_INIT;
	struct node node;
	struct err err = {0};

	if (db_run_found(m->service->db, &stmt_manage_node, DB_ARGS(x->values[0]), &r, "such node", &err) ==
		-1)
		goto out;
	node_read(a, r, 0, 0, &node);
	if (node_api_mate(a, m->service->conf, &node, &mate, &err) == -1)
		goto out;
	configure_note(m, "node", node.slug, "secret shown");
	manage_send_json(m, 200, json_pack("{s:s, s:s}", "secret", node.secret, "api_mate", buf_str(&mate)));
out:
	if (err.kind != ERR_NONE)
		manage_fail(m, &err);
	buf_free(&mate);
	db_free(r);
}

#define SECRET "v1/tenants/{tenant}/secrets"
static const struct endpoint rows[] = {
	ROW(SECRET, ON_POST, MAY_SECRETS, ROW_OF_TENANT | ROW_UNBOUND | ROW_DRY,
		"Make secrets of a range of sub ids: they are in the answer, once", make_secrets,
		.object = &state_secret, .body = "Range", .answer = "Secrets"),
	ROW(SECRET "/{name}/reveal", ON_POST, MAY_SECRETS, ROW_OF_TENANT, "Show a secret, with its URLs",
		reveal_secret, .object = &state_secret),
	ROW(SECRET "/{name}/roll", ON_POST, MAY_SECRETS, ROW_OF_TENANT | ROW_CONDITIONAL | ROW_DRY,
		"Make a new secret beside the old one: it is in the answer, once", roll_secret,
		.object = &state_secret),
	ROW(SECRET "/{name}/roll/finish", ON_POST, MAY_SECRETS, ROW_OF_TENANT | ROW_CONDITIONAL | ROW_DRY,
		"End the old secret", finish_roll, .object = &state_secret),
	ROW("v1/nodes/{name}/reveal", ON_POST, MAY_SECRETS, ROW_GLOBAL, "Show a node's secret", reveal_node,
		.object = &state_node),
};
MANAGE_ROWS(secrets_rows, rows);
