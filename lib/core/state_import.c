/* SPDX-License-Identifier: ISC */
/* A state taken into the database: everything in one transaction, which a dry run takes back. */
#include "config.h"
#include "core/state_doc.h"

#include "core/audit.h"
#include "core/asset.h"
#include "core/rule.h"
#include "core/secret.h"
#include "sql/statements.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct import {
	struct db_conn *conn;
	const struct conf *conf;
	json_t *doc;	/* assets are taken out */
	json_t *assets; /* {tenant: [asset]} */
	struct arena arena;
	struct state_report *report;
	bool dry_run;
};

/* out may be NULL. */
static int run(struct import *im, const struct db_stmt *stmt, struct db_result **out, struct err *err)
{
	char *text = json_dumps(im->doc, JSON_COMPACT);
	int rc = text ? 0 : err_set(err, ERR_INTERNAL, "could not write the JSON");

	if (rc == 0)
		rc = db_exec(im->conn, stmt, DB_ARGS(text), out, err);
	free(text);
	return rc;
}

static int complain(struct import *im, struct err *err)
{
	struct db_result *r = NULL;
	int rc = run(im, &stmt_state_complaint, &r, err);

	if (rc == 0 && db_text(r, 0, STATE_COMPLAINT_COMPLAINT))
		rc = err_set(err, ERR_INVALID, "%s", db_text(r, 0, STATE_COMPLAINT_COMPLAINT));
	db_free(r);
	return rc;
}

/* What the tenants that are there now would do to each other, where the document has a tenant's names. */
static int complain_of_aliases(struct import *im, struct err *err)
{
	const json_t *tenants = json_object_get(im->doc, "tenants");
	struct db_result *r = NULL;
	size_t i = 0;
	int rc;

	while (i < json_array_size(tenants) && !json_object_get(json_array_get(tenants, i), "group"))
		i++;
	if (i == json_array_size(tenants))
		return 0;
	rc = db_exec(im->conn, &stmt_tenant_alias_complaint,
		DB_ARGS((const char *)im->conf->api_base_domain, conf_admin_host(im->conf)), &r, err);
	if (rc == 0 && db_text(r, 0, TENANT_ALIAS_COMPLAINT_COMPLAINT))
		rc = err_set(err, ERR_INVALID, "%s", db_text(r, 0, TENANT_ALIAS_COMPLAINT_COMPLAINT));
	db_free(r);
	return rc;
}

static json_t *find(json_t *list, const char *field, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *value = json_object_get(json_array_get(list, i), field);

		if (json_is_string(value) ? strcmp(json_string_value(value), name) == 0
					  : json_integer_value(value) == atoll(name))
			return json_array_get(list, i);
	}
	return NULL;
}

/* Secrets of tenants that are new and not given. */
static int make_secrets(struct import *im, struct err *err)
{
	struct db_result *r = NULL;
	int rc = run(im, &stmt_state_new_secrets, &r, err);

	for (int i = 0; rc == 0 && i < db_rows(r); i++) {
		json_t *tenant = find(
			json_object_get(im->doc, "tenants"), "slug", db_text(r, i, STATE_NEW_SECRETS_TENANT));
		json_t *entry = find(json_object_get(tenant, "secrets"), "sub_id",
			db_text(r, i, STATE_NEW_SECRETS_SUB_ID));
		const char *secret = secret_make(&im->arena, err);

		rc = secret ? json_object_set_new(entry, "secret", json_string(secret)) : -1;
		if (rc == 0 && !im->dry_run)
			buf_printf(&im->report->secrets, "%s-%s %s\n",
				db_text(r, i, STATE_NEW_SECRETS_TENANT),
				db_text(r, i, STATE_NEW_SECRETS_SUB_ID), secret);
	}
	db_free(r);
	return rc;
}

/* *type: what libmagic finds. */
static int check_asset(
	struct import *im, const char *place, const json_t *asset, const char **type, struct err *err)
{
	const char *kind = json_string_value(json_object_get(asset, "kind")),
		   *text = json_string_value(json_object_get(asset, "data"));
	size_t len = strlen(text), pad = 0;
	unsigned char *data = mem_alloc(len / 4 * 3 + 1);
	struct err why = {0};
	int k = 0, n = -1, rc = -1;

	while (strcmp(asset_names[k], kind) != 0)
		k++;
	while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
		pad++;
	if (len % 4 == 0 && len / 4 * 3 <= asset_max((enum asset_kind)k) + 3)
		n = EVP_DecodeBlock(data, (const unsigned char *)text, (int)len);
	if (n < 1 || (size_t)n <= pad || (size_t)n - pad > asset_max((enum asset_kind)k))
		err_set(err, ERR_INVALID, "%s: data must be base64 of at most %zu bytes", place,
			asset_max((enum asset_kind)k));
	else
		rc = asset_type(&im->arena, (enum asset_kind)k, data, (size_t)n - pad,
			json_string_value(json_object_get(asset, "type")), type, &why);
	if (why.kind)
		err_set(err, ERR_INVALID, "%s: %s", place, why.text);
	free(data);
	return rc;
}

static int put_assets(struct import *im, struct err *err)
{
	const char *tenant;
	json_t *list;

	json_object_foreach(im->assets, tenant, list)
	{
		for (size_t i = 0; i < json_array_size(list); i++) {
			const json_t *asset = json_array_get(list, i);
			const char *place = arena_printf(&im->arena, "tenant %s, asset %s", tenant,
				json_string_value(json_object_get(asset, "kind")));
			const char *type = NULL;

			if (check_asset(im, place, asset, &type, err) == -1 ||
				db_exec(im->conn, &stmt_state_asset,
					DB_ARGS(tenant, json_string_value(json_object_get(asset, "kind")),
						type, json_string_value(json_object_get(asset, "name")),
						json_string_value(json_object_get(asset, "data"))),
					NULL, err) == -1)
				return -1;
		}
	}
	return 0;
}

/* Of a tenant, or of all: slug NULL. */
static int check_rules(const json_t *parameters, const char *slug, struct err *err)
{
	for (size_t i = 0; i < json_array_size(parameters); i++) {
		const json_t *p = json_array_get(parameters, i);
		struct err why = {0};

		if (rule_check(json_string_value(json_object_get(p, "name")),
			    json_string_value(json_object_get(p, "mode")),
			    json_string_value(json_object_get(p, "value")), &why) == -1)
			return err_set(err, ERR_INVALID, "%s%.32s%s%s", slug ? "tenant " : "",
				slug ? slug : "", slug ? ": " : "", why.text);
	}
	return 0;
}

/* Takes the assets out, which are long, and checks the parameters. */
static int prepare(struct import *im, struct err *err)
{
	json_t *tenants = json_object_get(im->doc, "tenants");

	im->assets = json_object();
	if (check_rules(json_object_get(im->doc, "parameters"), NULL, err) == -1)
		return -1;
	for (size_t i = 0; i < json_array_size(tenants); i++) {
		json_t *tenant = json_array_get(tenants, i), *assets = json_object_get(tenant, "assets");
		const char *slug = json_string_value(json_object_get(tenant, "slug"));

		if (assets && json_object_set(im->assets, slug, assets) == 0)
			json_object_del(tenant, "assets");
		if (check_rules(json_object_get(tenant, "parameters"), slug, err) == -1)
			return -1;
	}
	return 0;
}

int state_take(struct db_conn *conn, const struct conf *conf, json_t *doc, bool dry_run,
	struct state_report *report, struct err *err)
{
	struct import im = {.conn = conn, .conf = conf, .doc = doc, .report = report, .dry_run = dry_run};
	int rc = -1;

	/* What is referred to comes first. */
	if (prepare(&im, err) == 0 && run(&im, &stmt_state_clusters, NULL, err) == 0 &&
		complain(&im, err) == 0 && run(&im, &stmt_state_nodes, NULL, err) == 0 &&
		run(&im, &stmt_state_tenants, NULL, err) == 0 && complain_of_aliases(&im, err) == 0 &&
		make_secrets(&im, err) == 0 && run(&im, &stmt_state_secrets, NULL, err) == 0 &&
		put_assets(&im, err) == 0)
		rc = 0;
	json_decref(im.assets);
	arena_free(&im.arena);
	return rc;
}

static int import(struct db_conn *conn, const struct conf *conf, json_t *doc, bool dry_run,
	const struct actor *actor, struct state_report *report, struct err *err)
{
	json_t *before = NULL, *after = NULL;
	int rc = -1;

	if (db_begin(conn, err) == 0 && db_exec(conn, &stmt_change_lock, NULL, NULL, err) == 0)
		before = state_read(conn, false, err);
	if (before && state_take(conn, conf, doc, dry_run, report, err) == 0)
		after = state_read(conn, false, err);
	if (after) {
		state_diff(before, after, report);
		rc = dry_run ? 0 : audit_lines(conn, actor, buf_str(&report->changes), err);
		if (rc == 0 && !dry_run)
			rc = db_commit(conn, err);
	}
	json_decref(before);
	json_decref(after);
	return rc;
}

int state_import(struct db *db, const struct conf *conf, const char *json, size_t len, bool dry_run,
	const struct actor *actor, struct state_report *report, struct err *err)
{
	json_error_t why;
	json_t *doc = json_loadb(json, len, JSON_REJECT_DUPLICATES, &why);
	struct db_conn *conn = NULL;
	int rc = -1;

	if (!doc)
		err_set(err, ERR_INVALID, "it is no JSON: line %d: %s", why.line, why.text);
	else if (state_check(doc, err) == 0)
		conn = db_borrow(db, err);
	if (conn)
		rc = import(conn, conf, doc, dry_run, actor, report, err);
	/* What was not committed is rolled back. */
	db_return(conn);
	json_decref(doc);
	return rc;
}

void state_report_free(struct state_report *report)
{
	buf_free(&report->changes);
	buf_free(&report->secrets);
}

/* The line's end, which is a NUL or a line break. */
static const char *line_end(const char *line)
{
	return line + strcspn(line, "\n");
}

json_t *state_report_changes(const struct state_report *report)
{
	json_t *list = json_array();

	for (const char *line = buf_str(&report->changes); *line; line = line_end(line) + 1)
		json_array_append_new(list, json_stringn(line, (size_t)(line_end(line) - line)));
	return list;
}

json_t *state_report_secrets(const struct state_report *report)
{
	json_t *list = json_array();

	/* "acme-5 SECRET" */
	for (const char *line = buf_str(&report->secrets); *line; line = line_end(line) + 1) {
		size_t name = strcspn(line, "-"), sub = strcspn(line, " ");

		json_array_append_new(list,
			json_pack("{s:s%, s:i, s:s%}", "tenant", line, name, "sub_id", atoi(line + name + 1),
				"secret", line + sub + 1, (size_t)(line_end(line) - line) - sub - 1));
	}
	return list;
}
