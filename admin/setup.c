/* SPDX-License-Identifier: ISC */
/* b3lb-admin setup: a guided first set-up, which may be run again: what is there already stays. */
#include "config.h"
#include "setup.h"
#include "change.h"

#include "core/account.h"
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
	struct buf steps = BUF_INIT;
	int rc = 0;

	if (migration_check(db, err) == -1 && err->kind == ERR_NOT_FOUND)
		return 0;
	if (migration_run(db, &steps, err) == -1 || cluster_list(db, &s->clusters, err) == -1 ||
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

/* The nodes' addresses, where nobody is allowed yet. */
static int allow_node(struct setup *s, struct err *err)
{
	char addresses[ADDRESSES_MAX][CHECK_ADDRESS_SIZE];
	struct buf list = BUF_INIT;
	bool changed = false;
	int count = 0, rc = 0;

	if (s->make_node && !*s->admin->conf.backend_allow)
		count = check_addresses(check_host(&s->admin->arena, s->node_url), addresses, ADDRESSES_MAX);
	for (int i = 0; i < count; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", addresses[i]);
	if (count)
		rc = setup_write_key(s->admin->config, "backend_allow", buf_str(&list), &changed, err);
	if (changed && rc == 0)
		report_add(&s->report, REPORT_OK, "configuration",
			"backend_allow = %s: what the node may call us from", buf_str(&list));
	s->files_changed |= changed;
	buf_free(&list);
	return rc;
}

static int write_files(struct setup *s, struct err *err)
{
	struct admin *a = s->admin;
	char *domain = arena_strdup(&a->arena, s->domain);
	bool changed = false;

	conf_domain_normalize(domain);
	s->domain = domain;
	if (admin_become_caller(err) == -1)
		return -1;
	if ((s->database && setup_write_key(a->config, "database", s->database, &changed, err) == -1) ||
		(strcmp(a->conf.api_base_domain, domain) != 0 &&
			setup_write_key(a->config, "api_base_domain", domain, &changed, err) == -1) ||
		setup_write_domain(a->config, domain, &changed, err) == -1 || allow_node(s, err) == -1)
		return -1;
	s->files_changed |= changed;
	free(a->conf.api_base_domain);
	a->conf.api_base_domain = mem_strdup(domain);
	report_add(&s->report, REPORT_OK, "domain", "%s, in %s and for the web server%s", domain, a->config,
		changed ? "" : ", already");
	return admin_become_service(err);
}

static int make_schema(struct setup *s, bool there, struct err *err)
{
	struct admin *a = s->admin;
	struct buf steps = BUF_INIT;
	bool created = false;
	int rc;

	if (!there && migration_create_database(&a->conf, false, &created, err) == -1) {
		explain_database(s, err->text);
		return err_set(err, ERR_AWAY, "the database is missing");
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

/* A new object, of a body that is given up. */
static int make(struct setup *s, const struct state_object *object, const char *parent, const char *name,
	json_t *body, struct err *err)
{
	const struct change change = {.object = object,
		.parent = parent,
		.name = name,
		.kind = CHANGE_PUT,
		.only_new = true,
		.body = body};
	int rc = body ? admin_changes(s->admin, &change, 1, err)
		      : err_set(err, ERR_INVALID, "%s %.64s: all text must be UTF-8", object->what, name);

	json_decref(body);
	return rc;
}

static int make_cluster(struct setup *s, struct err *err)
{
	const struct change group = {.object = &state_group, .name = s->group};
	bool make_cluster = setup_find(s->clusters, "name", s->cluster) == -1;
	bool make_group = setup_find(s->groups, "name", s->group) == -1;

	if ((make_cluster && make(s, &state_cluster, NULL, s->cluster, json_object(), err) == -1) ||
		(make_group && make(s, &state_group, NULL, s->group, json_object(), err) == -1) ||
		((make_cluster || make_group) &&
			admin_change_list(s->admin, &group, "clusters", s->cluster, true, err) == -1))
		return -1;
	report_add(&s->report, REPORT_OK, "cluster", "%s, in group %s%s", s->cluster, s->group,
		make_cluster || make_group ? "" : ", already");
	return 0;
}

static int make_node(struct setup *s, struct err *err)
{
	int row = s->node ? setup_find(s->nodes, "node", s->node) : -1;
	const char *address;

	if (s->make_node) {
		if (make(s, &state_node, NULL, s->node,
			    json_pack("{s:s, s:s, s:s}", "cluster", s->cluster, "secret", s->node_secret,
				    "url", s->node_url),
			    err) == -1)
			return -1;
		report_add(&s->report, REPORT_OK, "node", "%s is made: it answers and takes the secret",
			s->node);
		return 0;
	}
	address = row >= 0 ? setup_cell(s->nodes, row, "address") : NULL;
	if (s->node_url && address && strcmp(address, s->node_url) != 0)
		report_add(&s->report, REPORT_WARNING, "node",
			"%s is there already, at %s: b3lb-admin node set changes it", s->node, address);
	else
		report_add(&s->report, REPORT_OK, "node", "there already: %d", db_rows(s->nodes));
	return 0;
}

static int make_tenant(struct setup *s, struct err *err)
{
	if (s->make_tenant && make(s, &state_tenant, NULL, s->tenant,
				      json_pack("{s:s, s:o}", "group", s->group, "error_status",
					      s->platform ? platform_error_status(s->platform) : json_null()),
				      err) == -1)
		return -1;
	report_add(&s->report, REPORT_OK, "tenant", "%s%s", s->tenant,
		s->make_tenant ? " is made" : ", already");
	if (!s->make_secret)
		return 0;
	if (!s->secret && !(s->secret = secret_make(&s->admin->arena, err)))
		return -1;
	return make(s, &state_secret, s->tenant, "0", json_pack("{s:s}", "secret", s->secret), err);
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

/* Nobody can sign in to the console yet: the first one, whose password is shown this once. */
static int make_account(struct setup *s, struct err *err)
{
	struct admin *a = s->admin;
	struct account_settings account = {.name = "admin", .role = "admin"};
	const char *url = conf_console_url(&a->conf, &a->arena);
	struct buf changes = BUF_INIT;
	json_t *accounts = NULL;
	int rc = account_read(a->db, NULL, &accounts, err);
	bool there = json_array_size(accounts) > 0;

	if (rc == 0 && !there) {
		account.password = password_make(&a->arena, err);
		rc = account.password
			     ? account_set(a->db, admin_actor(a), &account, NULL, false, &changes, NULL, err)
			     : -1;
	}
	if (rc == 0 && there)
		report_add(
			&s->report, REPORT_OK, "console", "%s; who signs in: b3lb-admin account list", url);
	else if (rc == 0)
		report_add(&s->report, REPORT_OK, "console", "%s, sign in as admin with the password %s", url,
			account.password);
	json_decref(accounts);
	buf_free(&changes);
	return rc;
}

static void say_next(struct setup *s)
{
	struct report *r = &s->report;

	if (s->files_changed)
		report_add(r, REPORT_NEXT, "web server",
			"let it read the domain: systemctl reload apache2, or systemctl restart lighttpd; "
			"programs that run "
			"already: systemctl try-restart 'b3lb-*.service'");
	if (s->make_node || s->files_changed)
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
	struct setup s = {.admin = a, .report = report_on_stdout(a->json)};
	struct err ignored = {0};
	bool there = false;
	int rc = reach_database(&s, &there, err);

	if (rc == 0 && there)
		rc = read_what_is_there(&s, err);
	if (rc == 0)
		rc = setup_answer(&s, err);
	if (rc == 0 &&
		(try_node(&s, err) == -1 || write_files(&s, err) == -1 || make_schema(&s, there, err) == -1 ||
			make_cluster(&s, err) == -1 || make_node(&s, err) == -1 ||
			make_tenant(&s, err) == -1 || make_account(&s, err) == -1))
		rc = -1;
	if (rc == 0)
		say_result(&s);
	report_end(&s.report, &ignored);
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
