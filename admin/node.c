/* SPDX-License-Identifier: ISC */
/* b3lb-admin node: the BigBlueButton servers. */
#include "config.h"
#include "admin.h"

#include "base/name.h"
#include "core/node.h"

#include <stdlib.h>
#include <string.h>

static const struct admin_option options[] = {
	{"cluster", ADMIN_TEXT, true, "NAME", "Cluster that it belongs to."},
	{"secret", ADMIN_TEXT, true, "S",
		"Secret of its API, as bbb-conf --secret prints it; - reads a line of standard input."},
	{"domain", ADMIN_TEXT, false, "D",
		"Its host name; node_protocol and node_bbb_endpoint make the URL."},
	{"url", ADMIN_TEXT, false, "URL", "Its whole URL, where no host name will do."},
	{"load-url", ADMIN_TEXT, false, "URL",
		"URL of its load value; without it node_load_endpoint of the same host."},
	{"weight", ADMIN_NUMBER, false, "1.0",
		"How much it can take beside others: 2.0 takes twice what 1.0 takes."},
	{.name = NULL},
};
static const struct admin_option remove_options[] = {
	{"force", ADMIN_SWITCH, false, NULL, "Also with meetings, which are over then."},
	{.name = NULL},
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

int admin_node_check(const struct node_settings *s, struct err *err)
{
	const struct {
		const char *option, *value;
		enum name_kind kind;
	} names[] = {{"--url", s->url, NAME_NODE_URL}, {"--load-url", s->load_url, NAME_URL},
		{"--domain", s->domain, NAME_NODE_DOMAIN}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].value && *names[i].value && !name_fits(names[i].kind, names[i].value))
			return err_set(err, ERR_INVALID, "%s %s", names[i].option, name_rule(names[i].kind));
	if (s->slug && !name_fits(NAME_NODE, s->slug))
		return err_set(err, ERR_INVALID, "node '%.64s' %s", s->slug, name_rule(NAME_NODE));
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
	{"node", "add", "SLUG", 1, 1, options, false, false, add,
		"Adds a BigBlueButton server; it gets meetings after its first good poll.",
		"b3lb-admin node add bbb2 --cluster main --domain bbb2.example.org --secret -"},
	{"node", "set", "SLUG", 1, 1, options, false, false, set,
		"Changes what is given of a node; the rest stays.", "b3lb-admin node set bbb2 --weight 2"},
	{"node", "list", "", 0, 0, NULL, false, false, list,
		"Lists all nodes with state, load and last poll; one that gets no meetings has no load.",
		"b3lb-admin node list"},
	{"node", "enable", "SLUG", 1, 1, NULL, false, false, enable, "Lets a node have new meetings again.",
		"b3lb-admin node enable bbb2"},
	{"node", "drain", "SLUG", 1, 1, NULL, false, false, drain,
		"On its way out: it keeps its meetings and gets no new ones; that it fails is still an error.",
		"b3lb-admin node drain bbb2"},
	{"node", "maintenance", "SLUG", 1, 1, NULL, false, false, maintenance,
		"Out: it gets no new meetings, and that it does not answer is expected.",
		"b3lb-admin node maintenance bbb2"},
	{"node", "remove", "SLUG", 1, 1, remove_options, false, true, take_away, "Removes a node.",
		"b3lb-admin node remove bbb2"},
	{.object = NULL},
};
