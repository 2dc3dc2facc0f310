/* SPDX-License-Identifier: ISC */
/* b3lb-admin setup: a guided first set-up, which may be run again: what is there already stays. */
#include "config.h"
#include "setup.h"
#include "change.h"

#include "core/cluster.h"
#include "core/group.h"
#include "core/migration.h"
#include "core/node.h"
#include "net/probe.h"
#include "core/secret.h"
#include "core/tenant.h"
#include "core/tenant_urls.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS	 60000
#define ADDRESSES_MAX	 16
#define NO_SUCH_DATABASE "3D000"

static const struct admin_option options[] = {
	{"domain", ADMIN_TEXT, false, "D", "Domain of the service; every tenant is one name below it."},
	{"database", ADMIN_TEXT, false, "CONNINFO",
		"libpq connection string, where it is not the one of the configuration."},
	{"node-url", ADMIN_TEXT, false, "URL",
		"URL of the first BigBlueButton server, as bbb-conf --secret prints it."},
	{"node-secret", ADMIN_TEXT, false, "S", "Its secret; - reads a line of standard input."},
	{"node", ADMIN_TEXT, false, "SLUG", "Name of the node; without it the first label of its host."},
	{"tenant", ADMIN_TEXT, false, "SLUG", "Name of the first tenant."},
	{"platform", ADMIN_CHOICE, false, PLATFORM_NAMES,
		"What the first tenant uses: sets what that needs, and says where URL and secret are entered there."},
	{"secret", ADMIN_TEXT, false, "S",
		"Secret of the first tenant; without it one is made, - reads a line of standard input."},
	{"cluster", ADMIN_TEXT, false, "main", "Name of the cluster that the node is put into."},
	{"group", ADMIN_TEXT, false, "all", "Name of the group that the tenant may use."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static const char *current_user(void)
{
	const struct passwd *user = getpwuid(geteuid());

	return user ? user->pw_name : "b3lb";
}

/* Exactly the commands that make role and database. */
static void explain_database(struct setup *s, const char *why)
{
	const char *conninfo = s->admin->conf.database;
	char *host = db_conninfo_value(conninfo, "host"), *name = db_conninfo_value(conninfo, "dbname"),
	     *user = db_conninfo_value(conninfo, "user");
	const char *role = user ? user : current_user(), *base = name ? name : role;
	bool local = !host || *host == '/';

	report_add(&s->report, REPORT_ERROR, "database", "%s", why);
	report_add(&s->report, REPORT_NEXT, "database", "on %s: runuser -u postgres -- createuser%s %s",
		local ? "this machine (apt install postgresql)" : host, local ? "" : " --pwprompt", role);
	report_add(&s->report, REPORT_NEXT, "database",
		"and there: runuser -u postgres -- createdb --owner=%s %s", role, base);
	report_add(&s->report, REPORT_NEXT, "database",
		"then again: b3lb-admin setup; or, with a database elsewhere: b3lb-admin setup --database "
		"\"host=db.example.com user=b3lb password=... dbname=b3lb\"");
	free(host);
	free(name);
	free(user);
}

/* 0: it can be used, or made (*there tells); -1: it was said what to do. */
static int reach_database(struct setup *s, bool *there, struct err *err)
{
	struct admin *a = s->admin;
	struct db_conn *c;

	s->database = admin_option(a, "database");
	if (s->database) {
		free(a->conf.database);
		a->conf.database = mem_strdup(s->database);
	}
	a->db = db_open(&a->conf, "b3lb-admin", 2, TIMEOUT_MS);
	if (admin_is_dry(a))
		db_rehearse(a->db);
	c = db_borrow(a->db, err);
	*there = c != NULL;
	db_return(c);
	if (*there || strcmp(db_sqlstate(), NO_SUCH_DATABASE) == 0)
		return 0;
	explain_database(s, err->text);
	return err_set(err, ERR_AWAY, "nothing was set up");
}

static int read_what_is_there(struct setup *s, struct err *err)
{
	struct db *db = s->admin->db;
	bool dry = admin_is_dry(s->admin);
	struct buf steps = BUF_INIT;
	int rc = migration_check(db, err);

	s->schema = rc == 0 || err->kind != ERR_NOT_FOUND;
	if (!s->schema || (rc == -1 && dry))
		return s->schema ? -1 : 0;
	rc = 0;
	if ((!dry && migration_run(db, &steps, err) == -1) || cluster_list(db, &s->clusters, err) == -1 ||
		group_list(db, &s->groups, err) == -1 || node_list(db, &s->nodes, err) == -1 ||
		tenant_list(db, NULL, &s->tenants, err) == -1 ||
		secret_list(db, NULL, false, &s->secrets, err) == -1)
		rc = -1;
	buf_free(&steps);
	return rc;
}

/* Before anything is written. */
static int try_node(struct setup *s, struct err *err)
{
	const struct node node = {
		.slug = s->node, .url = s->node_url, .secret = s->node_secret, .sha = SHA_ALG_256};
	struct buf why = BUF_INIT;
	struct check_answer said;
	bool good = !s->make_node || check_node_answers(&s->admin->conf, &node, &why, &said);

	if (!good)
		err_set(err, ERR_INVALID, "node %s: %s; nothing was set up", s->node_url, buf_str(&why));
	buf_free(&why);
	return good ? 0 : -1;
}

/* Gives the configuration's key its value, where it has another; shown: nothing in it is secret. */
static int write_key(struct setup *s, const char *key, const char *value, bool shown, struct err *err)
{
	struct setup_files files = {.dry = s->files.dry};

	if (setup_write_key(s->admin->config, key, value, &files, err) == -1)
		return -1;
	if (files.changed)
		buf_printf(&s->lines, "configuration: %s %s%s\n", key, shown ? "= " : "changed",
			shown ? value : "");
	s->files.changed |= files.changed;
	return 0;
}

/* The nodes' addresses, where nobody is allowed yet. */
static int allow_node(struct setup *s, struct err *err)
{
	char addresses[ADDRESSES_MAX][CHECK_ADDRESS_SIZE];
	struct buf list = BUF_INIT;
	int count = 0, rc = 0;

	if (s->make_node && !*s->admin->conf.backend_allow)
		count = check_addresses(check_host(&s->admin->arena, s->node_url), addresses, ADDRESSES_MAX);
	for (int i = 0; i < count; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", addresses[i]);
	if (count)
		rc = write_key(s, "backend_allow", buf_str(&list), true, err);
	if (count && rc == 0 && !s->files.dry)
		report_add(&s->report, REPORT_OK, "configuration",
			"backend_allow = %s: what the node may call us from", buf_str(&list));
	buf_free(&list);
	return rc;
}

static int write_files(struct setup *s, struct err *err)
{
	struct admin *a = s->admin;
	char *domain = arena_strdup(&a->arena, s->domain);
	struct setup_files web = {.dry = s->files.dry};
	bool changed;

	conf_domain_normalize(domain);
	s->domain = domain;
	if (admin_become_caller(err) == -1)
		return -1;
	if ((s->database && write_key(s, "database", s->database, false, err) == -1) ||
		(strcmp(a->conf.api_base_domain, domain) != 0 &&
			write_key(s, "api_base_domain", domain, true, err) == -1) ||
		setup_write_domain(a->config, domain, &web, err) == -1)
		return -1;
	if (web.changed)
		buf_printf(&s->lines, "web server: domain %s\n", domain);
	s->files.changed |= web.changed;
	changed = s->files.changed;
	if (allow_node(s, err) == -1)
		return -1;
	free(a->conf.api_base_domain);
	a->conf.api_base_domain = mem_strdup(domain);
	if (!s->files.dry)
		report_add(&s->report, REPORT_OK, "domain", "%s, in %s and for the web server%s", domain,
			a->config, changed ? "" : ", already");
	return admin_become_service(err);
}

static int make_schema(struct setup *s, bool there, struct err *err)
{
	struct admin *a = s->admin;
	struct buf steps = BUF_INIT;
	bool created = false;
	int rc;

	if (!there && migration_create_database(&a->conf, s->files.dry, &created, err) == -1) {
		explain_database(s, err->text);
		return err_set(err, ERR_AWAY, "the database is missing");
	}
	if (s->files.dry) {
		buf_puts(&s->lines, created ? "created the database\n" : "");
		return s->schema ? 0 : migration_plan(there ? a->db : NULL, &s->lines, err);
	}
	if (!there) {
		/* The first one remembers for a moment that it could not connect. */
		db_close(a->db);
		a->db = db_open(&a->conf, "b3lb-admin", 2, TIMEOUT_MS);
	}
	rc = migration_run(a->db, &steps, err);
	if (rc == 0)
		report_add(&s->report, REPORT_OK, "database", "%s",
			s->nodes  ? "the schema is there already"
			: created ? "made, with its schema"
				  : "the schema is made");
	buf_free(&steps);
	return rc;
}

static void check_certificate(struct setup *s, const char *slug)
{
	const struct conf *conf = &s->admin->conf;
	const struct probe_call call = {.url = arena_printf(&s->admin->arena, "https://%s.%s/b3lb/ping", slug,
						conf->api_base_domain)};
	struct probe_answer answer = {0};
	struct err err = {0};

	if (probe_do(conf, &call, &answer, &err) == -1 && answer.failure == PROBE_TLS)
		report_add(&s->report, REPORT_WARNING, "certificate",
			"%s: it must be for %s and *.%s, the tenants' names", err.text, conf->api_base_domain,
			conf->api_base_domain);
	else if (answer.failure != PROBE_NONE)
		report_add(&s->report, REPORT_WARNING, "certificate",
			"not seen, https does not answer yet: %s", err.text);
	else if (!answer.request_id)
		report_add(&s->report, REPORT_WARNING, "certificate",
			"it is good, but the web server does not send the tenant's name to us yet");
	else
		report_add(&s->report, REPORT_OK, "certificate",
			"good for the tenant's name and %d more days", answer.certificate_days);
	probe_answer_free(&answer);
}

static void say_next(struct setup *s)
{
	struct report *r = &s->report;

	if (s->files.changed)
		report_add(r, REPORT_NEXT, "web server",
			"let it read the domain: systemctl reload apache2, or systemctl restart lighttpd; "
			"programs that run "
			"already: systemctl try-restart 'b3lb-*.service'");
	if (s->make_node || s->files.changed)
		report_add(r, REPORT_NEXT, "jobs",
			"systemctl enable --now b3lb-poll.timer b3lb-meetings.timer b3lb-callbacks.timer b3lb-hooks.timer "
			"b3lb-rollup.timer "
			"b3lb-render.timer b3lb-cleanup.timer b3lb-check.timer");
	if (s->make_node)
		report_add(r, REPORT_NEXT, "nodes",
			"on each: apt install b3lb-node, for its load and its recordings; more of them: "
			"b3lb-admin node add");
	if (s->platform)
		report_add(r, REPORT_NEXT, s->platform->name, "%s", s->platform->where);
	report_add(r, REPORT_NEXT, "check", "b3lb-admin check looks at all of it, and says what is left");
}

static void say_result(struct setup *s)
{
	struct buf mate = BUF_INIT;
	char slug[ROUTE_SLUG_MAX + 1];
	struct err err = {0};
	int sub_id;

	if (admin_tenant_sub(s->tenant, slug, &sub_id, &err) == -1)
		return;
	check_names(&s->report, &s->admin->conf, slug);
	check_certificate(s, slug);
	report_add(&s->report, REPORT_OK, "URL for the platform", "%s",
		platform_url(s->admin, s->platform, slug));
	if (s->make_secret) {
		report_add(&s->report, REPORT_OK, "secret", "%s", s->secret);
		if (tenant_api_mate(s->admin->db, &s->admin->conf, &s->admin->arena, slug, 0, &mate, &err) ==
			0)
			report_add(&s->report, REPORT_OK, "API Mate", "%s", buf_str(&mate));
	} else {
		report_add(&s->report, REPORT_OK, "secret",
			"there already: b3lb-admin secret list %s --show, and b3lb-admin "
			"secret api-mate %s",
			slug, slug);
	}
	say_next(s);
	buf_free(&mate);
}

static int setup(struct admin *a, struct err *err)
{
	struct setup s = {.admin = a,
		.report = report_on_stdout(a->json),
		.files.dry = admin_is_dry(a),
		.lines = BUF_INIT};
	struct err ignored = {0};
	bool there = false;
	int rc = reach_database(&s, &there, err);

	if (rc == 0 && there)
		rc = read_what_is_there(&s, err);
	if (rc == 0)
		rc = setup_answer(&s, err);
	if (rc == 0 && (try_node(&s, err) == -1 || write_files(&s, err) == -1 ||
			       make_schema(&s, there, err) == -1 || setup_make(&s, err) == -1))
		rc = -1;
	if (rc == 0 && s.files.dry)
		admin_print_dry(a, &s.lines);
	else if (rc == 0)
		say_result(&s);
	if (rc != 0 || !s.files.dry)
		report_end(&s.report, &ignored);
	buf_free(&s.lines);
	db_free(s.clusters);
	db_free(s.groups);
	db_free(s.nodes);
	db_free(s.tenants);
	db_free(s.secrets);
	return rc;
}

const struct admin_command admin_setup_commands[] = {
	{"setup", "", "", 0, 0, options, true, false, setup,
		"A guided first set-up: database, domain, first node, tenant and secret; may be run again.",
		"b3lb-admin setup --domain bbb.example.org --node-url https://bbb1.example.org/bigbluebutton/ --node-secret - --tenant acme"},
	{.object = NULL},
};
