/* SPDX-License-Identifier: ISC */
/* b3lb-admin check: a doctor, who looks at everything that must work together and says what to do. */
#include "config.h"
#include "check.h"

#include "base/name.h"
#include "core/migration.h"
#include "core/status.h"
#include "sql/statements.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATABASE_TIMEOUT_MS 10000
#define VERSION_MIN	    130000
#define CLOCK_TOLERANCE	    2.0
#define PROGRAMS	    5 /* FastCGI programs with a pool each */
#define MIB		    (1LL << 20)

static const struct admin_option options[] = {
	{"url", ADMIN_TEXT, false, "URL",
		"The web server, where it is not where the domain's names point to."},
	{"ca-file", ADMIN_TEXT, false, "FILE", "PEM file of the authority that signed its certificate."},
	{.name = NULL},
};

/* How long ago a job's last good round may be, and how long one may take, in seconds. */
static const struct job_age {
	const char *name;
	long long age, busy;
	enum report_level level;
} jobs[] = {
	{"poll", 120, 120, REPORT_ERROR},
	{"meetings", 120, 120, REPORT_ERROR},
	{"callbacks", 300, 600, REPORT_ERROR},
	{"hooks", 300, 300, REPORT_WARNING},
	{"rollup", 600, 600, REPORT_WARNING},
	{"render", 600, 86400, REPORT_WARNING},
	{"cleanup", 7800, 86400, REPORT_WARNING},
};

static void check_configuration(struct admin *a, struct report *r)
{
	const char *subject = "configuration";
	struct stat st;

	report_add(r, REPORT_OK, subject, "%s, domain %s", a->config, a->conf.api_base_domain);
	if (strcmp(a->conf.api_base_domain, "bbb.example.com") == 0)
		report_add(
			r, REPORT_ERROR, subject, "api_base_domain is still the example's: b3lb-admin setup");
	if (stat(a->config, &st) == 0 && st.st_mode & S_IROTH &&
		(*a->conf.s3_secret_key || *a->conf.admin_token || strstr(a->conf.database, "password")))
		report_add(r, REPORT_WARNING, subject,
			"it holds secrets and anybody may read it: chgrp b3lb %s && chmod 640 %s", a->config,
			a->config);
	if (!*a->conf.backend_allow)
		report_add(r, REPORT_WARNING, subject,
			"backend_allow is empty: no node can send recordings or tell us that a meeting "
			"ended");
}

static void check_server(struct admin *a, struct report *r, const struct check_server *s)
{
	int wanted = PROGRAMS * a->conf.database_connections;

	if (s->version_number < VERSION_MIN)
		report_add(r, REPORT_ERROR, "database", "PostgreSQL %s is too old: 13 or newer", s->version);
	else
		report_add(r, REPORT_OK, "database", "PostgreSQL %s, %d of %d connections open", s->version,
			s->connections, s->connections_max);
	if (wanted > s->connections_max)
		report_add(r, REPORT_WARNING, "database",
			"%d programs may open %d connections each (database_connections), the server allows "
			"%d: raise its "
			"max_connections",
			PROGRAMS, a->conf.database_connections, s->connections_max);
	if (fabs(s->clock_ahead) > CLOCK_TOLERANCE)
		report_add(r, REPORT_WARNING, "database",
			"its clock is %.0f seconds %s ours: let both follow the same time servers "
			"(timedatectl)",
			fabs(s->clock_ahead), s->clock_ahead > 0 ? "ahead of" : "behind");
}

/* False when nothing else can be read. */
static bool check_database(struct admin *a, struct report *r)
{
	struct check_server server;
	struct err err = {0};

	if (check_read_server(a->db, &a->arena, &server, &err) == -1) {
		report_add(r, REPORT_ERROR, "database", "%s; b3lb-admin setup says what it needs", err.text);
		return false;
	}
	check_server(a, r, &server);
	if (migration_check(a->db, &err) == -1) {
		report_add(r, REPORT_ERROR, "schema", "%s", err.text);
		return err.kind != ERR_NOT_FOUND;
	}
	report_add(r, REPORT_OK, "schema", "it is this program's");
	return true;
}

static void check_job(struct report *r, const struct job_age *job, const struct db_result *rows)
{
	char subject[32] = "job ";
	int row = 0;

	strncat(subject, job->name, sizeof(subject) - 5);
	while (row < db_rows(rows) && strcmp(db_text(rows, row, STATUS_JOBS_JOB), job->name) != 0)
		row++;
	if (row == db_rows(rows)) {
		report_add(r, job->level, subject,
			"it never ran: systemctl enable --now b3lb-%s.timer, or its line of cron", job->name);
		return;
	}
	const char *state = db_text(rows, row, STATUS_JOBS_STATE),
		   *message = db_text(rows, row, STATUS_JOBS_MESSAGE);
	bool busy = strcmp(state, "running") == 0 && db_int(rows, row, STATUS_JOBS_STARTED_AGO) <= job->busy;

	if (strcmp(state, "failed") == 0)
		report_add(r, REPORT_ERROR, subject, "its last round on %s failed: %s",
			db_text(rows, row, STATUS_JOBS_HOST), message ? message : "");
	else if (!busy && (!db_text(rows, row, STATUS_JOBS_GOOD_AGO) ||
				  db_int(rows, row, STATUS_JOBS_GOOD_AGO) > job->age))
		report_add(r, job->level, subject,
			"its last good round was %lld seconds ago (on %s): does its timer or cron line run?",
			db_text(rows, row, STATUS_JOBS_GOOD_AGO) ? db_int(rows, row, STATUS_JOBS_GOOD_AGO)
								 : db_int(rows, row, STATUS_JOBS_STARTED_AGO),
			db_text(rows, row, STATUS_JOBS_HOST));
	else
		report_add(r, REPORT_OK, subject,
			busy ? "a round is under way since %lld seconds" : "%lld seconds ago",
			busy ? db_int(rows, row, STATUS_JOBS_STARTED_AGO)
			     : db_int(rows, row, STATUS_JOBS_GOOD_AGO));
}

static void check_jobs(struct admin *a, struct report *r)
{
	struct db_result *rows = NULL;
	struct err err = {0};

	if (status_jobs(a->db, &rows, &err) == -1) {
		report_add(r, REPORT_ERROR, "jobs", "%s", err.text);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		check_job(r, &jobs[i], rows);
	db_free(rows);
}

/* Writes an object, reads it, deletes it; 0 or -1. */
static int try_store(struct store *store, struct err *err)
{
	static const char text[] = "b3lb-admin check\n";
	char key[STORE_KEY_LEN + 1], back[sizeof(text)] = "";
	struct store_reader *reader;
	struct store_put *put;
	ssize_t n = -1;

	store_key_make(key);
	put = store_put_begin(store, key, "text/plain", err);
	if (!put)
		return -1;
	if (store_put_write(put, text, sizeof(text) - 1, err) == -1) {
		store_put_abort(put);
		return -1;
	}
	if (store_put_commit(put, err) == -1)
		return -1;
	reader = store_reader_open(store, key, 0, sizeof(text) - 1, err);
	if (reader)
		n = store_reader_read(reader, back, sizeof(back), err);
	store_reader_close(reader);
	if (store_delete(store, key, err) == -1)
		return -1;
	if (n > 0 && strncmp(back, text, (size_t)n) != 0)
		return err_set(err, ERR_AWAY, "other bytes come back than were written");
	return n > 0 ? 0 : -1;
}

static void check_storage(struct admin *a, struct report *r)
{
	bool local = a->conf.record_storage == CONF_STORAGE_LOCAL;
	const char *where = local ? a->conf.record_path : a->conf.s3_bucket;
	struct store *store = store_open(&a->conf);
	struct err err = {0};
	long long bytes = -1;

	if (try_store(store, &err) == -1)
		report_add(r, REPORT_ERROR, "storage", "%s: %s; %s", where, err.text,
			local ? "it must belong to the user b3lb"
			      : "see s3_endpoint, s3_bucket and the keys");
	else if (store_free_bytes(store, &bytes, &err) == -1)
		report_add(r, REPORT_ERROR, "storage", "%s: %s", where, err.text);
	else if (bytes < 0)
		report_add(r, REPORT_OK, "storage", "%s: written, read and deleted", where);
	else if (bytes < a->conf.record_free_min * MIB)
		report_add(r, REPORT_ERROR, "storage",
			"%s: %lld MiB are free, uploads are refused below record_free_min = %d", where,
			bytes / MIB, a->conf.record_free_min);
	else
		report_add(r, bytes < 2 * a->conf.record_free_min * MIB ? REPORT_WARNING : REPORT_OK,
			"storage", "%s: written, read and deleted; %lld MiB are free", where, bytes / MIB);
	store_close(store);
	if (faccessat(AT_FDCWD, a->conf.render_path, R_OK | W_OK | X_OK, AT_EACCESS) == -1)
		report_add(r, REPORT_WARNING, "storage", "render_path %s: %s; b3lb-render needs it",
			a->conf.render_path, strerror(errno));
}

static int check(struct admin *a, struct err *err)
{
	const char *url = admin_option(a, "url");
	struct report r = {.json = a->json};
	struct check_client client = {0};
	struct err why = {0};

	if (url && !name_fits(NAME_URL, url))
		return err_set(err, ERR_INVALID, "--url %s", name_rule(NAME_URL));
	a->db = db_open(&a->conf, "b3lb-admin", 2, DATABASE_TIMEOUT_MS);
	check_configuration(a, &r);
	if (check_database(a, &r)) {
		check_jobs(a, &r);
		check_nodes(a, &r);
		if (check_read_client(a->db, &a->arena, &client, &why) == -1)
			report_add(&r, REPORT_ERROR, "tenants", "%s", why.text);
		else if (!client.slug)
			report_add(&r, REPORT_ERROR, "tenants", "none has a secret yet: b3lb-admin setup");
	}
	if (!url && client.slug)
		check_names(&r, &a->conf, client.slug);
	check_web(a, &r, url, admin_option(a, "ca-file"), &client);
	check_storage(a, &r);
	return report_end(&r, err);
}

const struct admin_command admin_check_commands[] = {
	{"check", "", "", 0, 0, options, true, false, check,
		"Looks at everything that must work together and says what is wrong and what to do.",
		"b3lb-admin check --url http://127.0.0.1"},
	{.object = NULL},
};
