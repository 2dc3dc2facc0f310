/* SPDX-License-Identifier: ISC */
/* A doctor, who looks at everything that must work together and says what to do. */
#include "config.h"
#include "doctor/doctor_parts.h"

#include "core/dialin.h"
#include "core/migration.h"
#include "core/usage.h"
#include "sql/statements.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION_MIN	130000
#define CLOCK_TOLERANCE 2.0
#define PROGRAMS	6 /* FastCGI programs with a pool each */
#define MIB		(1LL << 20)
#define PINS_MANY	20 /* percent */

static void check_configuration(const struct doctor *d)
{
	struct report *r = d->report;
	const char *subject = "configuration";
	struct stat st;

	report_add(r, REPORT_OK, subject, "%s, domain %s", d->config, d->conf->api_base_domain);
	if (strcmp(d->conf->api_base_domain, "bbb.example.com") == 0)
		report_add(
			r, REPORT_ERROR, subject, "api_base_domain is still the example's: b3lb-admin setup");
	if (stat(d->config, &st) == 0 && st.st_mode & S_IROTH &&
		(*d->conf->s3_secret_key || *d->conf->admin_token || *d->conf->dialin_password ||
			strstr(d->conf->database, "password")))
		report_add(r, REPORT_WARNING, subject,
			"it holds secrets and anybody may read it: chgrp b3lb %s && chmod 640 %s", d->config,
			d->config);
	if (!*d->conf->backend_allow)
		report_add(r, REPORT_WARNING, subject,
			"backend_allow is empty: no node can send recordings or tell us that a meeting "
			"ended");
}

static void check_server(const struct doctor *d, const struct check_server *s)
{
	struct report *r = d->report;
	int wanted = PROGRAMS * d->conf->database_connections;

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
			PROGRAMS, d->conf->database_connections, s->connections_max);
	if (fabs(s->clock_ahead) > CLOCK_TOLERANCE)
		report_add(r, REPORT_WARNING, "database",
			"its clock is %.0f seconds %s ours: let both follow the same time servers "
			"(timedatectl)",
			fabs(s->clock_ahead), s->clock_ahead > 0 ? "ahead of" : "behind");
}

static void check_zone(const struct doctor *d)
{
	struct err err = {0};
	const char *zone;
	bool known = true;

	if (usage_zone(d->db, d->conf, &zone, &known, &err) == 0 && !known)
		report_add(d->report, REPORT_WARNING, "configuration",
			"time_zone: PostgreSQL knows no zone \"%s\", months begin by UTC; select name from "
			"pg_timezone_names shows those that it knows",
			d->conf->time_zone);
}

static void check_lrs(struct doctor *d)
{
	const char *tenants = NULL;
	struct err err = {0};

	if (check_read_lrs(d->db, &d->arena, &tenants, &err) == 0 && tenants)
		report_add(d->report, REPORT_WARNING, "configuration",
			"nothing opens the learning record store of %s, nodes send nothing there: "
			"b3lb-admin tenant set --lrs-token-file, or --lrs-user and --lrs-password-file",
			tenants);
}

/* People on the phone. */
static void check_dialin(const struct doctor *d)
{
	struct err err = {0};
	int share;

	if (*d->conf->dialin_password && !*d->conf->dialin_allow)
		report_add(d->report, REPORT_WARNING, "dial-in",
			"dialin_allow is empty: no gateway may ask where a call goes");
	if (*d->conf->dialin_allow && !*d->conf->dialin_password)
		report_add(d->report, REPORT_WARNING, "dial-in",
			"there is no dialin_password: no gateway may ask where a call goes");
	if (dialin_share(d->db, d->conf, &share, &err) == 0 && share >= PINS_MANY)
		report_add(d->report, REPORT_WARNING, "dial-in",
			"%d %% of the PINs of %d digits are taken, and guessed as easily: raise pin_length",
			share, d->conf->pin_length);
}

/* False when nothing else can be read. */
static bool check_database(struct doctor *d)
{
	struct report *r = d->report;
	struct check_server server;
	struct err err = {0};

	if (check_read_server(d->db, &d->arena, &server, &err) == -1) {
		report_add(r, REPORT_ERROR, "database", "%s; b3lb-admin setup says what it needs", err.text);
		return false;
	}
	check_server(d, &server);
	if (migration_check(d->db, &err) == -1) {
		report_add(r, REPORT_ERROR, "schema", "%s", err.text);
		return err.kind != ERR_NOT_FOUND;
	}
	report_add(r, REPORT_OK, "schema", "it is this program's");
	check_zone(d);
	check_lrs(d);
	check_dialin(d);
	return true;
}

static void check_job(struct report *r, const struct check_job *j)
{
	char subject[64];

	snprintf(subject, sizeof(subject), "job %s", j->name);
	if (strcmp(j->state, "never") == 0)
		report_add(r, j->severe ? REPORT_ERROR : REPORT_WARNING, subject,
			"it never ran: systemctl enable --now b3lb-%s.timer, or its line of cron", j->name);
	else if (strcmp(j->state, "failed") == 0)
		report_add(r, REPORT_ERROR, subject, "its last round on %s failed: %s", j->host, j->message);
	else if (j->late)
		report_add(r, j->severe ? REPORT_ERROR : REPORT_WARNING, subject,
			"its last good round was %d seconds ago (on %s): does its timer or cron line run?",
			j->good_ago < 0 ? j->started_ago : j->good_ago, j->host);
	else if (strcmp(j->state, "running") == 0)
		report_add(r, REPORT_OK, subject, "a round is under way since %d seconds", j->started_ago);
	else
		report_add(r, REPORT_OK, subject, "%d seconds ago", j->good_ago);
}

static void check_jobs(struct doctor *d)
{
	struct check_job *jobs = NULL;
	struct err err = {0};
	int count = 0;

	if (check_read_jobs(d->db, &d->arena, &jobs, &count, &err) == -1)
		report_add(d->report, REPORT_ERROR, "jobs", "%s", err.text);
	for (int i = 0; i < count; i++)
		check_job(d->report, &jobs[i]);
}

/* An operator may want it so: the job does not warn each hour. */
static void check_clusters(struct doctor *d)
{
	struct check_cluster *clusters = NULL;
	struct err err = {0};
	char subject[96];
	int count = 0;

	if (check_read_clusters(d->db, &d->arena, &clusters, &count, &err) == -1)
		report_add(d->report, REPORT_ERROR, "clusters", "%s", err.text);
	for (int i = 0; i < count; i++) {
		snprintf(subject, sizeof(subject), "cluster %s", clusters[i].name);
		report_add(d->report, d->as_job ? REPORT_OK : REPORT_WARNING, subject,
			"load_m is %g: a meeting weighs as much as %g people who are not there, and doc/placement "
			"has what that costs: b3lb-admin cluster set %s --load-m 0",
			clusters[i].load_m, clusters[i].people, clusters[i].name);
	}
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

static void check_storage(const struct doctor *d)
{
	struct report *r = d->report;
	bool local = d->conf->record_storage == CONF_STORAGE_LOCAL;
	const char *where = local ? d->conf->record_path : d->conf->s3_bucket;
	struct store *store = store_open(d->conf);
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
	else if (bytes < d->conf->record_free_min * MIB)
		report_add(r, REPORT_ERROR, "storage",
			"%s: %lld MiB are free, uploads are refused below record_free_min = %d", where,
			bytes / MIB, d->conf->record_free_min);
	else
		report_add(r, bytes < 2 * d->conf->record_free_min * MIB ? REPORT_WARNING : REPORT_OK,
			"storage", "%s: written, read and deleted; %lld MiB are free", where, bytes / MIB);
	store_close(store);
	if (faccessat(AT_FDCWD, d->conf->render_path, R_OK | W_OK | X_OK, AT_EACCESS) == -1)
		report_add(r, REPORT_WARNING, "storage", "render_path %s: %s; b3lb-render needs it",
			d->conf->render_path, strerror(errno));
}

static void check_tags(struct doctor *d)
{
	struct check_tag *tags = NULL;
	struct err err = {0};
	int count = 0;

	if (check_read_tags(d->db, &d->arena, &tags, &count, &err) == -1)
		report_add(d->report, REPORT_ERROR, "tenants", "%s", err.text);
	for (int i = 0; i < count; i++)
		report_add(d->report, REPORT_WARNING, arena_printf(&d->arena, "tenant %s", tags[i].tenant),
			"%s", tags[i].message);
}

void doctor_examine(struct doctor *d)
{
	struct check_client client = {0};
	struct err err = {0};

	check_configuration(d);
	if (check_database(d)) {
		check_jobs(d);
		check_clusters(d);
		check_nodes(d);
		check_tags(d);
		if (check_read_client(d->db, &d->arena, &client, &err) == -1)
			report_add(d->report, REPORT_ERROR, "tenants", "%s", err.text);
		else if (!client.slug)
			report_add(d->report, REPORT_ERROR, "tenants",
				"none has a secret yet: b3lb-admin setup");
	}
	if (!d->url && client.slug)
		check_names(d->report, d->conf, client.slug);
	check_web(d, &client);
	check_storage(d);
}
