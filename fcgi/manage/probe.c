/* SPDX-License-Identifier: ISC */
/* A node tried before it is saved, or as it is: whether it answers, and takes the secret. */
#include "config.h"
#include "manage.h"

#include "base/clock.h"
#include "base/name.h"
#include "doctor/doctor.h"
#include "sql/statements.h"

#include <string.h>

/* False when the field is there and breaks its rule, which was answered. */
static bool fits(struct manage *m, const char *field, enum name_kind kind, const char *value)
{
	if (!value || name_fits(kind, value))
		return true;
	m->pointer = arena_printf(&m->x.rq->arena, "/%s", field);
	m->rule = name_rule(kind);
	manage_refuse(&m->x, 422, arena_printf(&m->x.rq->arena, "%s %s", field, m->rule));
	return false;
}

/* What the body says of the node in place of what is there; false when it was answered. */
static bool read_body(struct manage *m, json_t *body, struct node *node)
{
	static const struct manage_field fields[] = {{"url", FIELD_TEXT_OR_NULL},
		{"domain", FIELD_TEXT_OR_NULL}, {"secret", FIELD_TEXT_OR_NULL},
		{"cluster", FIELD_TEXT_OR_NULL}, {NULL, FIELD_READ}};
	const char *url = json_string_value(json_object_get(body, "url"));
	const char *domain = json_string_value(json_object_get(body, "domain"));
	const char *secret = json_string_value(json_object_get(body, "secret"));

	if (!manage_check_fields(m, body, fields) || !fits(m, "url", NAME_NODE_URL, url) ||
		!fits(m, "domain", NAME_NODE_DOMAIN, domain))
		return false;
	if (url || domain) {
		node->url = url;
		node->domain = domain;
	}
	if (secret && *secret)
		node->secret = secret;
	if (node->secret && (node->url || node->domain))
		return true;
	m->pointer = node->secret ? "/url" : "/secret";
	m->rule = "is needed";
	manage_refuse(&m->x, 422, "an address (url or domain) and a secret are needed");
	return false;
}

/* The algorithm of the cluster that is named, when one is; false when it was answered. */
static bool read_cluster(struct manage *m, const char *cluster, struct node *node)
{
	struct db_result *r = NULL;
	struct err err = {0};
	int sha;

	if (!cluster)
		return true;
	if (db_run_found(m->service->db, &stmt_manage_cluster_sha, DB_ARGS(cluster), &r, "such cluster",
		    &err) == -1) {
		manage_fail(m, &err);
		return false;
	}
	sha = sha_alg_by_name(db_text(r, 0, MANAGE_CLUSTER_SHA_SHA));
	node->sha = sha < 0 ? SHA_ALG_256 : (enum sha_alg)sha;
	db_free(r);
	return true;
}

static void try_node(struct manage *m, const struct node *node)
{
	const struct conf *conf = m->service->conf;
	struct check_answer answer;
	struct buf why = BUF_INIT;
	long long since = clock_ms(), ms;
	bool good = check_node_answers(conf, node, &why, &answer);
	const char *version;

	ms = clock_ms() - since;
	version = good ? check_node_version(conf, &m->x.rq->arena, node) : NULL;
	manage_send_json(m, 200,
		json_pack("{s:b, s:I, s:s?, s:f, s:o, s:o}", "ok", good, "ms", (json_int_t)ms, "version",
			version, "clock_ahead", answer.ahead, "certificate_days",
			answer.certificate_days < 0 ? json_null() : json_integer(answer.certificate_days),
			"error", good ? json_null() : json_string(buf_str(&why))));
	buf_free(&why);
}

static void probe_new(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct node node = {.slug = "node", .sha = SHA_ALG_256};
	json_t *body = NULL;

	if (manage_read_json(m, &body) && read_body(m, body, &node) &&
		read_cluster(m, json_string_value(json_object_get(body, "cluster")), &node))
		try_node(m, &node);
	json_decref(body);
}

static void probe_known(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *r = NULL;
	struct node node;
	json_t *body = NULL;
	struct err err = {0};

	if (db_run_found(m->service->db, &stmt_manage_node, DB_ARGS(x->values[0]), &r, "such node", &err) ==
		-1) {
		manage_fail(m, &err);
		return;
	}
	node_read(&x->rq->arena, r, 0, 0, &node);
	/* Without an address of its own it has the one that its name makes. */
	if (!node.url && !node.domain)
		node.domain = arena_printf(
			&x->rq->arena, "%s.%s", node.slug, m->service->conf->node_default_domain);
	if (manage_read_json(m, &body) && read_body(m, body, &node) &&
		read_cluster(m, json_string_value(json_object_get(body, "cluster")), &node))
		try_node(m, &node);
	json_decref(body);
	db_free(r);
}

static const struct endpoint rows[] = {
	ROW("v1/nodes/probe", ON_POST, MAY_CONFIGURE, ROW_GLOBAL, "Try a node that is not saved yet",
		probe_new, .body = "Probe", .answer = "Probed"),
	ROW("v1/nodes/{name}/probe", ON_POST, MAY_CONFIGURE, ROW_GLOBAL,
		"Try a node, or what it is to become", probe_known, .body = "Probe", .answer = "Probed"),
};
MANAGE_ROWS(probe_rows, rows);
