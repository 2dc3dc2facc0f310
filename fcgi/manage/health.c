/* SPDX-License-Identifier: ISC */
/* The service itself: what the checks found, jobs, versions, the configuration in force. */
#include "config.h"
#include "lists.h"

#include "core/finding.h"
#include "core/report.h"
#include "db/rows.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_MAX 65536

static void send_findings(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *r = NULL, *looked = NULL;
	struct buf more = BUF_INIT;
	struct err err = {0};
	int rc = report_looked_at(m->service->db, &looked, &err);

	if (rc == 0) {
		rows_json_object(&more, looked, 0);
		more.ptr[more.len - 1] = ','; /* it goes on */
		rc = report_findings(m->service->db, &r, &err);
	}
	manage_send_rows(m, rc, r, more.len ? buf_str(&more) + 1 : "", &err);
	buf_free(&more);
	db_free(looked);
}

/* By the job of each host, as soon as it runs. */
static void ask_findings(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct err err = {0};

	if (finding_ask(m->service->db, &err) == -1) {
		manage_fail(m, &err);
		return;
	}
	manage_note(m,
		&(const struct audit_entry){.object = "finding", .name = "", .changes = "checks asked for"});
	manage_send(m, 202, "{}", 2);
}

static void send_jobs(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *r = NULL;
	struct err err = {0};
	int rc = report_jobs(m->service->db, &r, &err);

	manage_send_rows(m, rc, r, "", &err);
}

static void send_health(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct conf *conf = m->service->conf;
	struct db_result *r = NULL;
	json_t *doc = NULL, *storage, *waiting;
	long long bytes = -1;
	struct err err = {0};
	const char *text;

	if (report_health(m->service->db, &r, &err) == -1) {
		manage_fail(m, &err);
		return;
	}
	text = db_text(r, 0, 0);
	doc = json_loads(text, 0, NULL);
	waiting = json_incref(json_object_get(doc, "waiting"));
	json_object_del(doc, "waiting");
	storage = json_pack("{s:s, s:n, s:o?}", "kind",
		conf->record_storage == CONF_STORAGE_LOCAL ? "local" : "s3", "free", "waiting", waiting);
	if (store_free_bytes(m->service->store, &bytes, &err) == 0 && bytes >= 0)
		json_object_set_new(storage, "free", json_integer(bytes));
	json_object_set_new(doc, "storage", storage);
	json_object_set_new(json_object_get(doc, "versions"), "programs", json_string(PACKAGE_VERSION));
	manage_send_json(m, 200, doc);
	db_free(r);
}

/* Keys in force; a secret that was set shows as such. */
static void send_config(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	char *value = mem_alloc(VALUE_MAX);
	json_t *items = json_array();

	for (const struct conf_key *k = conf_keys; k->name; k++) {
		bool preset;

		conf_value(m->service->conf, k, value, VALUE_MAX);
		preset = k->preset && strcmp(value, k->preset) == 0;
		json_array_append_new(items, json_pack("{s:s, s:s, s:b, s:s}", "key", k->name, "value",
						     k->secret && *value && !preset ? "***" : value,
						     "default", preset, "help", k->help));
	}
	free(value);
	manage_send_json(m, 200, json_pack("{s:o}", "items", items));
}

static const struct endpoint rows[] = {
	ROW("v1/health", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "Say how the service is", send_health, ),
	ROW("v1/jobs", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List jobs", send_jobs, ),
	ROW("v1/findings", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List what the checks found", send_findings, ),
	ROW("v1/findings/run", ON_POST, MAY_OPERATE, ROW_GLOBAL, "Ask for the checks", ask_findings, ),
	ROW("v1/config", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List the configuration in force", send_config, ),
};
MANAGE_ROWS(health_rows, rows);
