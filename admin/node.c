/* SPDX-License-Identifier: ISC */
/* b3lb-admin node: the BigBlueButton servers. */
#include "config.h"
#include "admin.h"

#include "core/node.h"

#include <stdlib.h>
#include <string.h>

static const struct admin_option add_options[] = {
	{"cluster", ADMIN_TEXT, true, "NAME"},
	{"secret", ADMIN_TEXT, true, "S"},
	{"domain", ADMIN_TEXT, false, "D"},
	{"url", ADMIN_TEXT, false, "URL"},
	{"load-url", ADMIN_TEXT, false, "URL"},
	{"weight", ADMIN_NUMBER, false, "1.0"},
	{NULL, ADMIN_TEXT, false, NULL},
};
static const struct admin_option set_options[] = {
	{"cluster", ADMIN_TEXT, false, "NAME"},
	{"secret", ADMIN_TEXT, false, "S"},
	{"domain", ADMIN_TEXT, false, "D"},
	{"url", ADMIN_TEXT, false, "URL"},
	{"load-url", ADMIN_TEXT, false, "URL"},
	{"weight", ADMIN_NUMBER, false, "1.0"},
	{NULL, ADMIN_TEXT, false, NULL},
};

static const struct admin_option remove_options[] = {
	{"force", ADMIN_SWITCH, false, "also with meetings, which are over then"},
	{NULL, ADMIN_TEXT, false, NULL},
};

static struct node_settings read_settings(const struct admin *a)
{
	return (struct node_settings){
		.slug = a->args[0],
		.cluster = admin_option(a, "cluster"),
		.secret = admin_option(a, "secret"),
		.domain = admin_option(a, "domain"),
		.url = admin_option(a, "url"),
		.load_url = admin_option(a, "load-url"),
		.weight = admin_option(a, "weight"),
	};
}

static bool is_url(const char *s)
{
	return (strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0) && strstr(s, "://")[3] &&
	       strstr(s, "://")[3] != '/' && !strpbrk(s, " \t\r\n?#\"<>");
}

static bool is_domain(const char *s)
{
	return *s && strlen(s) <= 253 &&
	       !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:")];
}

int admin_node_check(const struct node_settings *s, struct err *err)
{
	if (s->url && *s->url && !node_url_valid(s->url))
		return err_set(err, ERR_INVALID, "--url " NODE_URL_SAYS);
	if (s->load_url && *s->load_url && !is_url(s->load_url))
		return err_set(err, ERR_INVALID, "--load-url must be an http or https URL without a query");
	if (s->domain && *s->domain && !is_domain(s->domain))
		return err_set(err, ERR_INVALID, "--domain must be a host name");
	if (s->secret && !*s->secret)
		return err_set(err, ERR_INVALID, "--secret must not be empty");
	if (s->weight && strtod(s->weight, NULL) <= 0)
		return err_set(err, ERR_INVALID, "--weight must be greater than 0");
	return 0;
}

static int add(struct admin *a, struct err *err)
{
	struct node_settings s = read_settings(a);

	if (admin_node_check(&s, err) == -1)
		return -1;
	if (s.url && s.domain)
		return err_set(err, ERR_INVALID, "give --domain or --url, not both");
	if (!s.url && !s.domain && !*a->conf.node_default_domain)
		return err_set(err, ERR_INVALID,
			"node %s: give --domain or --url, or set node_default_domain in the configuration",
			s.slug);
	return admin_explain(node_add(a->db, &s, err), "node", s.slug, err);
}

static int set(struct admin *a, struct err *err)
{
	struct node_settings s = read_settings(a);

	if (admin_node_check(&s, err) == -1)
		return -1;
	return admin_explain(node_set(a->db, &s, err), "node", s.slug, err);
}

static int enable(struct admin *a, struct err *err)
{
	return node_set_state(a->db, a->args[0], "enabled", err);
}

static int drain(struct admin *a, struct err *err)
{
	return node_set_state(a->db, a->args[0], "draining", err);
}

static int maintenance(struct admin *a, struct err *err)
{
	return node_set_state(a->db, a->args[0], "maintenance", err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (node_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int take_away(struct admin *a, struct err *err)
{
	bool force = admin_option(a, "force");

	return admin_explain(node_remove(a->db, a->args[0], force, err), "node", a->args[0], err);
}

const struct admin_command admin_node_commands[] = {
	{"node", "add", "SLUG", 1, 1, add_options, false, false, add},
	{"node", "set", "SLUG", 1, 1, set_options, false, false, set},
	{"node", "list", "", 0, 0, NULL, false, false, list},
	{"node", "enable", "SLUG", 1, 1, NULL, false, false, enable},
	{"node", "drain", "SLUG", 1, 1, NULL, false, false, drain},
	{"node", "maintenance", "SLUG", 1, 1, NULL, false, false, maintenance},
	{"node", "remove", "SLUG", 1, 1, remove_options, false, true, take_away},
	{NULL, NULL, NULL, 0, 0, NULL, false, false, NULL},
};
