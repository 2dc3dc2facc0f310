/* SPDX-License-Identifier: ISC */
/* b3lb-admin setup: the questions; each has an option, and where no terminal is the missing ones are named at
 * once. */
#include "config.h"
#include "change.h"
#include "setup.h"

#include "base/name.h"
#include "core/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define EXAMPLE_DOMAIN "bbb.example.com"

static const char *ask(const struct setup *s, const char *question, const char *preset)
{
	char *line = NULL;
	const char *answer;
	size_t cap = 0;
	ssize_t len;

	fprintf(stderr, preset ? "%s [%s]: " : "%s: ", question, preset ? preset : "");
	len = getline(&line, &cap, stdin);
	while (len > 0 && strchr(" \t\r\n", line[len - 1]))
		line[--len] = '\0';
	answer = len > 0 ? arena_strdup(&s->admin->arena, line) : preset;
	free(line);
	return answer;
}

int setup_find(const struct db_result *r, const char *column, const char *text)
{
	for (int i = 0; r && i < db_rows(r); i++) {
		const char *cell = setup_cell(r, i, column);

		if (cell && strcasecmp(cell, text) == 0)
			return i;
	}
	return -1;
}

const char *setup_cell(const struct db_result *r, int row, const char *column)
{
	int col = 0;

	while (col < db_columns(r) && strcmp(db_column_name(r, col), column) != 0)
		col++;
	return col < db_columns(r) ? db_text(r, row, col) : NULL;
}

static bool any(const struct db_result *r)
{
	return r && db_rows(r) > 0;
}

/* "bbb7" of https://bbb7.example.net/bigbluebutton/api; "node1" of an address. */
static const char *node_name(struct arena *a, const char *url)
{
	const char *host = check_host(a, url);

	if (!host[strspn(host, "0123456789.:")] || strchr(host, ':'))
		return "node1";
	return arena_strndup(a, host, strcspn(host, "."));
}

static int missing(const struct setup *s, struct err *err)
{
	const struct {
		bool is;
		const char *option;
	} list[] = {
		{!s->domain, "--domain"},
		{s->make_node && !s->node_url, "--node-url"},
		{s->make_node && !s->node_secret, "--node-secret"},
		{!s->tenant, "--tenant"},
	};
	struct buf names = BUF_INIT;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		if (list[i].is)
			buf_printf(&names, "%s%s", names.len ? ", " : "", list[i].option);
	if (names.len) {
		err_set(err, ERR_INVALID, "missing options: %s; see b3lb-admin(8)", buf_str(&names));
		rc = EXIT_USAGE;
	}
	buf_free(&names);
	return rc;
}

/* Before anything is made, so that the database does not refuse it when half is done. */
static int check_names_given(const struct setup *s, struct err *err)
{
	const struct {
		const char *option, *value;
		enum name_kind kind;
	} names[] = {{"--cluster", s->cluster, NAME_OBJECT}, {"--group", s->group, NAME_OBJECT},
		{"--node-url", s->make_node ? s->node_url : NULL, NAME_NODE_URL},
		{"--node", s->make_node ? s->node : NULL, NAME_NODE}, {"--tenant", s->tenant, NAME_TENANT}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].value && !name_fits(names[i].kind, names[i].value))
			return err_set(err, ERR_INVALID, "%s '%.64s' %s", names[i].option, names[i].value,
				name_rule(names[i].kind));
	return 0;
}

static int check_answers(const struct setup *s, struct err *err)
{
	if (!conf_domain_valid(s->domain))
		return err_set(err, ERR_INVALID, "--domain must be a domain name");
	if (s->make_node && !*s->node_url)
		return err_set(err, ERR_INVALID, "--node-url must not be empty");
	if (s->node_secret && !*s->node_secret)
		return err_set(err, ERR_INVALID, "--node-secret must not be empty");
	if (check_names_given(s, err) == -1)
		return -1;
	if (s->secret && !*s->secret)
		return err_set(err, ERR_INVALID, "--secret must not be empty");
	if (s->platform_name && !platform_find(s->platform_name))
		return err_set(err, ERR_INVALID, "--platform must be one of " PLATFORM_NAMES);
	return 0;
}

/* Whether a node is to be made: there is none, or another one is named. */
static void decide_node(struct setup *s)
{
	if (s->node_url) {
		size_t len = strlen(s->node_url);

		while (len && s->node_url[len - 1] == '/')
			len--;
		s->node_url = arena_strndup(&s->admin->arena, s->node_url, len);
		if (!s->node)
			s->node = node_name(&s->admin->arena, s->node_url);
		s->make_node = setup_find(s->nodes, "node", s->node) == -1 &&
			       setup_find(s->nodes, "address", s->node_url) == -1;
	} else {
		s->make_node = !any(s->nodes) || (s->node && setup_find(s->nodes, "node", s->node) == -1);
	}
}

static void ask_all(struct setup *s)
{
	const char *old = s->domain ? s->domain : NULL;

	if (s->domain_open)
		s->domain = ask(
			s, "Domain; every tenant is one name below it, such as acme.bbb.example.com", old);
	if (s->make_node && !s->node_url)
		s->node_url = ask(
			s, "URL of the first BigBlueButton server (bbb-conf --secret on it shows it)", NULL);
	if (s->make_node && !s->node_secret)
		s->node_secret = ask(s, "Its secret", NULL);
	if (!s->tenant)
		s->tenant = ask(s, "First tenant: a letter, then letters or digits", "acme");
	if (setup_find(s->tenants, "tenant", s->tenant) == -1 && !s->platform_name)
		s->platform_name = ask(s, "What it uses: " PLATFORM_NAMES, "other");
}

int setup_answer(struct setup *s, struct err *err)
{
	struct admin *a = s->admin;
	int rc;

	s->domain = admin_option(a, "domain");
	s->domain_open = !s->domain && strcmp(a->conf.api_base_domain, EXAMPLE_DOMAIN) == 0;
	if (!s->domain && !s->domain_open)
		s->domain = a->conf.api_base_domain;
	s->cluster = admin_option(a, "cluster");
	s->group = admin_option(a, "group");
	s->node = admin_option(a, "node");
	s->node_url = admin_option(a, "node-url");
	s->node_secret = admin_option(a, "node-secret");
	s->secret = admin_option(a, "secret");
	s->tenant = admin_option(a, "tenant");
	s->platform_name = admin_option(a, "platform");
	if (!s->tenant && any(s->tenants))
		s->tenant = setup_cell(s->tenants, 0, "tenant");
	decide_node(s);
	if (!a->yes && !admin_is_dry(a) && isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
		ask_all(s);
		decide_node(s);
	}
	rc = missing(s, err);
	if (rc != 0 || check_answers(s, err) == -1)
		return rc != 0 ? rc : -1;
	s->platform = s->platform_name ? platform_find(s->platform_name) : NULL;
	if (!s->cluster)
		s->cluster = any(s->clusters) ? setup_cell(s->clusters, 0, "name") : "main";
	if (!s->group)
		s->group = any(s->groups) ? setup_cell(s->groups, 0, "name") : "all";
	s->make_tenant = setup_find(s->tenants, "tenant", s->tenant) == -1;
	s->make_secret = true;
	for (int i = 0; s->secrets && i < db_rows(s->secrets); i++)
		if (strcasecmp(setup_cell(s->secrets, i, "tenant"), s->tenant) == 0 &&
			strcmp(setup_cell(s->secrets, i, "sub_id"), "0") == 0)
			s->make_secret = false;
	return 0;
}
