/* SPDX-License-Identifier: ISC */
/* A state taken into the database: everything in one transaction, which a dry run takes back. */
#include "config.h"
#include "state_doc.h"

#include "asset_admin.h"
#include "parameter.h"
#include "tenant_admin.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* $1 is the document without the assets. A field that is not there keeps what is, one that is null takes it
 * away. */
#define EACH(list, as)	     "jsonb_array_elements(coalesce($1::jsonb -> '" list "', '[]')) as " as
#define OF(object, list, as) "jsonb_array_elements(coalesce(" object " -> '" list "', '[]')) as " as
#define NAMES_OF(object, list, as)                                                                           \
	"jsonb_array_elements_text(coalesce(" object " -> '" list "', '[]')) as " as
#define TENANT_OF "join b3lb.tenant tt on tt.slug = lower(t ->> 'slug') "

static const struct db_stmt stmt_profiles = {"state_profiles",
	"with changed as (update b3lb.profile p set description = coalesce(j ->> 'description', "
	"p.description), "
	"kind = coalesce(j ->> 'kind', p.kind), source = coalesce(j ->> 'source', p.source), "
	"type = coalesce(j ->> 'type', p.type), listed = coalesce((j ->> 'listed')::boolean, p.listed), "
	"download = coalesce((j ->> 'download')::boolean, p.download), "
	"preset = coalesce((j ->> 'preset')::boolean, p.preset) from " EACH("profiles",
		"j") " where p.name = j ->> 'name') "
		     "insert into b3lb.profile (name, description, kind, source, type, listed, download, "
		     "preset) "
		     "select j ->> 'name', coalesce(j ->> 'description', ''), coalesce(j ->> 'kind', "
		     "'copy'), "
		     "coalesce(j ->> 'source', 'any'), coalesce(j ->> 'type', 'video'), coalesce((j ->> "
		     "'listed')::boolean, true), "
		     "coalesce((j ->> 'download')::boolean, false), coalesce((j ->> 'preset')::boolean, "
		     "false) from " EACH("profiles", "j") " where not exists (select 1 from b3lb.profile p "
							  "where p.name = j ->> 'name')",
	false};
static const struct db_stmt stmt_clusters = {"state_clusters",
	"with changed as (update b3lb.cluster c set load_a = coalesce((j ->> 'load_a')::float8, c.load_a), "
	"load_m = coalesce((j ->> 'load_m')::float8, c.load_m), "
	"cpu_iterations = coalesce((j ->> 'cpu_iterations')::int, c.cpu_iterations), "
	"cpu_max = coalesce((j ->> 'cpu_max')::float8, c.cpu_max), sha = coalesce(j ->> 'sha', c.sha) "
	"from " EACH("clusters",
		"j") " where c.name = j ->> 'name') "
		     "insert into b3lb.cluster (name, load_a, load_m, cpu_iterations, cpu_max, sha) "
		     "select j ->> 'name', coalesce((j ->> 'load_a')::float8, 1), coalesce((j ->> "
		     "'load_m')::float8, 30), "
		     "coalesce((j ->> 'cpu_iterations')::int, 6), coalesce((j ->> 'cpu_max')::float8, 5000), "
		     "coalesce(j ->> 'sha', 'sha256') from " EACH(
			     "clusters", "j") " where not exists (select 1 from b3lb.cluster c where c.name "
					      "= j ->> 'name')",
	false};
static const struct db_stmt stmt_groups = {"state_groups",
	"insert into b3lb.cluster_group (name) select j ->> 'name' from " EACH(
		"groups", "j") " on conflict (name) do nothing",
	false};
/* What the statements after it would silently pass over. */
static const struct db_stmt stmt_complaint = {"state_complaint",
	"select 'group ' || (g ->> 'name') || ': there is no cluster ' || c from " EACH(
		"groups", "g") ", " NAMES_OF("g", "clusters",
		"c") " where not exists (select 1 from b3lb.cluster where name = c) "
		     "union all select 'node ' || (n ->> 'slug') || ': there is no cluster ' || (n ->> "
		     "'cluster') from " EACH("nodes",
			     "n") " where not exists (select 1 from b3lb.cluster where name = n ->> "
				  "'cluster') "
				  "union all select 'node ' || (n ->> 'slug') || ': it is new, and there is "
				  "no secret for it' from " EACH("nodes",
					  "n") " where n ->> 'secret' is null and not exists (select 1 from "
					       "b3lb.node where slug = lower(n ->> "
					       "'slug')) "
					       "union all select 'node ' || (n ->> 'slug') || ': weight must "
					       "be greater than 0' from " EACH("nodes",
						       "n") " where (n ->> 'weight')::float8 <= 0 "
							    "union all select 'tenant ' || (t ->> 'slug') || "
							    "': there is no group ' || (t ->> 'group') "
							    "from " EACH("tenants",
								    "t") " where not exists (select 1 from "
									 "b3lb.cluster_group where name = t "
									 "->> 'group') "
									 "union all select 'tenant ' || (t "
									 "->> 'slug') || ': ' || h || ' is "
									 "an alias of ' || upper(o.slug) "
									 "from " EACH("tenants",
										 "t") " cross join " NAMES_OF("t",
										 "aliases",
										 "h") " join "
										      "b3lb.tenant_alias a "
										      "on a.host = lower(h) "
										      "join b3lb.tenant o on "
										      "o.id = a.tenant_id "
										      "where o.slug <> "
										      "lower(t ->> 'slug') "
										      "union all select "
										      "'secret ' || (t ->> "
										      "'slug') || '-' || (s "
										      "->> 'sub_id') || ': "
										      "there is no profile ' "
										      "|| p from " EACH(
											      "tenants", "t") " cross join " OF("t",
											      "secrets", "s") " cross join " NAMES_OF("s",
											      "profiles",
											      "p") " where "
												   "not "
												   "exists "
												   "(select "
												   "1 from "
												   "b3lb."
												   "profile "
												   "where "
												   "name = "
												   "p) limit "
												   "1",
	true};
static const struct db_stmt stmt_members = {"state_members",
	"insert into b3lb.cluster_group_member (group_id, cluster_id) select g.id, c.id from " EACH(
		"groups", "j") " cross join " NAMES_OF("j", "clusters",
		"n") " join b3lb.cluster_group g on g.name = j ->> 'name' "
		     "join b3lb.cluster c on c.name = n on conflict do nothing",
	false};
#define NULLABLE(column) column " = case when j ? '" column "' then j ->> '" column "' else o." column " end"
static const struct db_stmt stmt_nodes = {"state_nodes",
	"with changed as (update b3lb.node o set cluster_id = c.id, secret = coalesce(j ->> 'secret', "
	"o.secret), " NULLABLE("domain") ", " NULLABLE("url") ", " NULLABLE(
		"load_url") ", "
			    "weight = coalesce((j ->> 'weight')::float8, o.weight), state = coalesce(j ->> "
			    "'state', o.state) from " EACH("nodes",
				    "j") " join b3lb.cluster c on c.name = j ->> 'cluster' where o.slug = "
					 "lower(j ->> 'slug')) "
					 "insert into b3lb.node (slug, cluster_id, secret, domain, url, "
					 "load_url, weight, state) "
					 "select lower(j ->> 'slug'), c.id, j ->> 'secret', j ->> 'domain', "
					 "j ->> 'url', j ->> 'load_url', "
					 "coalesce((j ->> 'weight')::float8, 1), coalesce(j ->> 'state', "
					 "'enabled') from " EACH("nodes",
						 "j") " join b3lb.cluster c on c.name = j ->> 'cluster' "
						      "where not exists (select 1 from b3lb.node o where "
						      "o.slug = lower(j ->> 'slug'))",
	false};
#define LIMITS                                                                                               \
	"description = coalesce(j ->> 'description', o.description), "                                       \
	"attendee_limit = coalesce((j ->> 'attendee_limit')::int, o.attendee_limit), "                       \
	"meeting_limit = coalesce((j ->> 'meeting_limit')::int, o.meeting_limit), "                          \
	"recording = coalesce((j ->> 'recording')::boolean, o.recording), "                                  \
	"hold_days = coalesce((j ->> 'hold_days')::int, o.hold_days), "                                      \
	"stats_token = coalesce(j ->> 'stats_token', o.stats_token)"
#define LIMIT_COLUMNS "description, attendee_limit, meeting_limit, recording, hold_days, stats_token"
#define LIMIT_VALUES                                                                                         \
	"coalesce(j ->> 'description', ''), coalesce((j ->> 'attendee_limit')::int, 0), "                    \
	"coalesce((j ->> 'meeting_limit')::int, 0), coalesce((j ->> 'recording')::boolean, true), "          \
	"coalesce((j ->> 'hold_days')::int, 0), "                                                            \
	"coalesce(j ->> 'stats_token', replace(gen_random_uuid()::text, '-', ''))"
static const struct db_stmt stmt_tenants = {"state_tenants",
	"with changed as (update b3lb.tenant o set group_id = g.id, " NULLABLE(
		"error_status") ", " LIMITS " from " EACH("tenants",
		"j") " join b3lb.cluster_group g on g.name = j ->> 'group' where o.slug = lower(j ->> "
		     "'slug')) "
		     "insert into b3lb.tenant (slug, group_id, error_status, " LIMIT_COLUMNS ") "
		     "select lower(j ->> 'slug'), g.id, j ->> 'error_status', " LIMIT_VALUES
		     " from " EACH("tenants", "j") " join b3lb.cluster_group g on g.name = j ->> 'group' "
						   "where not exists (select 1 from b3lb.tenant o where "
						   "o.slug = lower(j ->> 'slug'))",
	false};
static const struct db_stmt stmt_aliases = {"state_aliases",
	"insert into b3lb.tenant_alias (host, tenant_id) select lower(h), tt.id from " EACH("tenants",
		"t") " cross join " NAMES_OF("t", "aliases", "h") " " TENANT_OF "on conflict do nothing",
	false};
static const struct db_stmt stmt_new_secrets = {"state_new_secrets",
	"select t ->> 'slug', s ->> 'sub_id' from " EACH("tenants", "t") " cross join " OF(
		"t", "secrets", "s") " where s ->> 'secret' is null and not exists (select 1 from "
				     "b3lb.secret o join b3lb.tenant tt on "
				     "tt.id = o.tenant_id where tt.slug = lower(t ->> 'slug') and o.sub_id = "
				     "(s ->> 'sub_id')::int)",
	true};
static const struct db_stmt stmt_secrets = {"state_secrets",
	"with changed as (update b3lb.secret o set secret = coalesce(j ->> 'secret', o.secret), " NULLABLE(
		"secret2") ", " LIMITS " from " EACH("tenants", "t") " cross join " OF("t", "secrets",
		"j") " " TENANT_OF "where o.tenant_id = tt.id and o.sub_id = (j ->> 'sub_id')::int) "
		     "insert into b3lb.secret (tenant_id, sub_id, secret, secret2, " LIMIT_COLUMNS ") "
		     "select tt.id, (j ->> 'sub_id')::int, j ->> 'secret', j ->> 'secret2', " LIMIT_VALUES
		     " from " EACH("tenants", "t") " cross join " OF("t", "secrets",
			     "j") " " TENANT_OF "where not exists (select 1 from b3lb.secret o where "
				  "o.tenant_id = tt.id and o.sub_id = (j ->> 'sub_id')::int)",
	false};
static const struct db_stmt stmt_secret_profiles = {"state_secret_profiles",
	"insert into b3lb.secret_profile (secret_id, profile_id) select s.id, p.id from " EACH("tenants",
		"t") " cross join " OF("t", "secrets", "j") " cross join " NAMES_OF("j", "profiles",
		"n") " " TENANT_OF
		     "join b3lb.secret s on s.tenant_id = tt.id and s.sub_id = (j ->> 'sub_id')::int "
		     "join b3lb.profile p on p.name = n on conflict do nothing",
	false};
static const struct db_stmt stmt_parameters = {"state_parameters",
	"insert into b3lb.parameter (tenant_id, name, mode, value) select tt.id, j ->> 'name', j ->> 'mode', "
	"j ->> 'value' "
	"from " EACH("tenants", "t") " cross join " OF(
		"t", "parameters", "j") " " TENANT_OF "on conflict (tenant_id, name) do update set mode = "
					"excluded.mode, value = excluded.value",
	false};
static const struct db_stmt stmt_asset = {"state_asset",
	"insert into b3lb.asset (tenant_id, kind, type, name, data, etag) "
	"select id, $2, $3, $4, decode($5, 'base64'), left(encode(sha256(decode($5, 'base64')), 'hex'), 32) "
	"from b3lb.tenant where slug = lower($1) on conflict (tenant_id, kind) do update set type = "
	"excluded.type, "
	"name = excluded.name, data = excluded.data, etag = excluded.etag, updated_at = now() "
	"where asset.etag <> excluded.etag or asset.name <> excluded.name or asset.type <> excluded.type",
	false};

/* The order counts: what is referred to comes first. */
static const struct db_stmt *const before_secrets[] = {
	&stmt_members, &stmt_nodes, &stmt_tenants, &stmt_aliases};
static const struct db_stmt *const after_secrets[] = {&stmt_secrets, &stmt_secret_profiles, &stmt_parameters};
static const struct db_stmt *const first[] = {&stmt_profiles, &stmt_clusters, &stmt_groups};

struct import {
	struct db_conn *conn;
	json_t *doc;	/* assets are taken out */
	json_t *assets; /* {tenant: [asset]} */
	struct arena arena;
	struct state_report *report;
	bool dry_run;
};

static int run_all(struct import *im, const struct db_stmt *const *list, size_t count, struct err *err)
{
	char *text = json_dumps(im->doc, JSON_COMPACT);
	struct db_args args = {0};
	int rc = text ? 0 : err_set(err, ERR_INTERNAL, "could not write the JSON");

	db_arg_text(&args, text);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = db_exec(im->conn, list[i], &args, NULL, err);
	free(text);
	return rc;
}

static int run_reading(struct import *im, const struct db_stmt *stmt, struct db_result **out, struct err *err)
{
	char *text = json_dumps(im->doc, JSON_COMPACT);
	struct db_args args = {0};
	int rc;

	db_arg_text(&args, text);
	rc = db_exec(im->conn, stmt, &args, out, err);
	free(text);
	return rc;
}

static int complain(struct import *im, struct err *err)
{
	struct db_result *r = NULL;

	if (run_reading(im, &stmt_complaint, &r, err) == -1)
		return -1;
	if (db_rows(r) > 0)
		err_set(err, ERR_INVALID, "%s", db_text(r, 0, 0));
	db_free(r);
	return err->kind == ERR_NONE ? 0 : -1;
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
	int rc = run_reading(im, &stmt_new_secrets, &r, err);

	for (int i = 0; rc == 0 && i < db_rows(r); i++) {
		json_t *tenant = find(json_object_get(im->doc, "tenants"), "slug", db_text(r, i, 0));
		json_t *entry = find(json_object_get(tenant, "secrets"), "sub_id", db_text(r, i, 1));
		const char *secret = secret_make(&im->arena, err);

		rc = secret ? json_object_set_new(entry, "secret", json_string(secret)) : -1;
		if (rc == 0 && !im->dry_run)
			buf_printf(&im->report->secrets, "%s-%s %s\n", db_text(r, i, 0), db_text(r, i, 1),
				secret);
	}
	db_free(r);
	return rc;
}

static int check_asset(struct import *im, const char *place, const json_t *asset, struct err *err)
{
	const char *kind = json_string_value(json_object_get(asset, "kind")),
		   *text = json_string_value(json_object_get(asset, "data")), *type = NULL;
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
			json_string_value(json_object_get(asset, "type")), &type, &why);
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
			struct db_args args = {0};

			if (check_asset(im, place, asset, err) == -1)
				return -1;
			db_arg_text(&args, tenant);
			db_arg_text(&args, json_string_value(json_object_get(asset, "kind")));
			db_arg_text(&args, json_string_value(json_object_get(asset, "type")));
			db_arg_text(&args, json_string_value(json_object_get(asset, "name")));
			db_arg_text(&args, json_string_value(json_object_get(asset, "data")));
			if (db_exec(im->conn, &stmt_asset, &args, NULL, err) == -1)
				return -1;
		}
	}
	return 0;
}

/* Takes the assets out, which are long, and checks the parameters. */
static int prepare(struct import *im, struct err *err)
{
	json_t *tenants = json_object_get(im->doc, "tenants");

	im->assets = json_object();
	for (size_t i = 0; i < json_array_size(tenants); i++) {
		json_t *tenant = json_array_get(tenants, i), *assets = json_object_get(tenant, "assets"),
		       *parameters = json_object_get(tenant, "parameters");
		const char *slug = json_string_value(json_object_get(tenant, "slug"));

		if (assets && json_object_set(im->assets, slug, assets) == 0)
			json_object_del(tenant, "assets");
		for (size_t k = 0; k < json_array_size(parameters); k++) {
			const json_t *p = json_array_get(parameters, k);
			struct err why = {0};

			if (parameter_check(json_string_value(json_object_get(p, "name")),
				    json_string_value(json_object_get(p, "mode")),
				    json_string_value(json_object_get(p, "value")), &why) == -1)
				return err_set(err, ERR_INVALID, "tenant %.32s: %s", slug, why.text);
		}
	}
	return 0;
}

static int import(struct import *im, struct err *err)
{
	json_t *before = NULL, *after = NULL;
	int rc = -1;

	if (db_begin(im->conn, err) == 0)
		before = state_read(im->conn, false, err);
	if (before && run_all(im, first, ARRAY_SIZE(first), err) == 0 && complain(im, err) == 0 &&
		run_all(im, before_secrets, ARRAY_SIZE(before_secrets), err) == 0 &&
		make_secrets(im, err) == 0 &&
		run_all(im, after_secrets, ARRAY_SIZE(after_secrets), err) == 0 && put_assets(im, err) == 0)
		after = state_read(im->conn, false, err);
	if (after) {
		state_diff(before, after, im->report);
		rc = im->dry_run ? 0 : db_commit(im->conn, err);
	}
	json_decref(before);
	json_decref(after);
	return rc;
}

int state_import(struct db *db, const char *json, size_t len, bool dry_run, struct state_report *report,
	struct err *err)
{
	struct import im = {.report = report, .dry_run = dry_run};
	json_error_t why;
	int rc = -1;

	im.doc = json_loadb(json, len, JSON_REJECT_DUPLICATES, &why);
	if (!im.doc)
		err_set(err, ERR_INVALID, "it is no JSON: line %d: %s", why.line, why.text);
	else if (state_check(im.doc, err) == 0 && prepare(&im, err) == 0)
		im.conn = db_borrow(db, err);
	if (im.conn)
		rc = import(&im, err);
	/* What was not committed is rolled back. */
	db_return(im.conn);
	json_decref(im.assets);
	json_decref(im.doc);
	arena_free(&im.arena);
	return rc;
}

void state_report_free(struct state_report *report)
{
	buf_free(&report->changes);
	buf_free(&report->secrets);
}
