/* SPDX-License-Identifier: ISC */
/* b3lb-admin OBJECT ACTION [NAME] [--option value]: finds the command in its table, checks the arguments,
 * runs it. */
#include "config.h"
#include "admin.h"

#include "base/log.h"
#include "run/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ADMIN_TIMEOUT_MS 60000

static const struct admin_command *const tables[] = {
	admin_setup_commands,
	admin_check_commands,
	admin_db_commands,
	admin_cluster_commands,
	admin_group_commands,
	admin_node_commands,
	admin_tenant_commands,
	admin_secret_commands,
	admin_parameter_commands,
	admin_asset_commands,
	admin_profile_commands,
	admin_recording_commands,
	admin_meeting_commands,
	admin_state_commands,
	admin_config_commands,
	admin_status_commands,
};

struct globals {
	const char *config;
	bool json, yes, verbose, help, version;
};

static void print_command(const struct admin_command *c)
{
	printf("  %s%s%s%s%s", c->object, *c->action ? " " : "", c->action, *c->args ? " " : "", c->args);
	for (const struct admin_option *o = c->options; o && o->name; o++)
		printf(o->required ? " --%s%s%s" : " [--%s%s%s]", o->name, o->type == ADMIN_SWITCH ? "" : " ",
			o->type == ADMIN_SWITCH ? "" : o->help);
	printf("\n");
}

/* object NULL: everything. */
static void print_help(const char *object)
{
	printf("usage: b3lb-admin OBJECT ACTION [NAME] [--option value]\n"
	       "options of every command: --config FILE, --json, --yes, --verbose, --help, --version\n\n");
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		for (const struct admin_command *c = tables[t]; c->object; c++)
			if (!object || strcmp(object, c->object) == 0)
				print_command(c);
}

static int usage(const char *what, const char *arg)
{
	fprintf(stderr, "b3lb-admin: %s%s%s%s; see b3lb-admin --help\n", what, *arg ? " '" : "", arg,
		*arg ? "'" : "");
	return EXIT_USAGE;
}

static const struct admin_command *find_command(const char *object, const char *action, bool *object_known)
{
	*object_known = false;
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		for (const struct admin_command *c = tables[t]; c->object; c++) {
			if (strcmp(c->object, object) != 0)
				continue;
			*object_known = true;
			if (strcmp(c->action, action) == 0)
				return c;
		}
	}
	return NULL;
}

static bool check_value(const struct admin_option *o, const char *value, char *rule, size_t size)
{
	char *end = NULL;
	const char *at = NULL;
	double number;

	switch (o->type) {
	case ADMIN_COUNT:
		if (*value && strlen(value) <= 9 && !value[strspn(value, "0123456789")])
			return true;
		snprintf(rule, size, "--%s must be a whole number from 0 to 999999999", o->name);
		return false;
	case ADMIN_NUMBER:
		errno = 0;
		number = strtod(value, &end);
		if (!errno && end != value && !*end && number >= 0 && number <= 1e9)
			return true;
		snprintf(rule, size, "--%s must be a number from 0 to 1000000000", o->name);
		return false;
	case ADMIN_CHOICE:
		for (at = strstr(o->help, value); at && *value; at = strstr(at + 1, value))
			if ((at == o->help || at[-1] == '|') &&
				(!at[strlen(value)] || at[strlen(value)] == '|'))
				return true;
		snprintf(rule, size, "--%s must be one of %s", o->name, o->help);
		return false;
	case ADMIN_TEXT:
	case ADMIN_SWITCH:
		break;
	}
	return true;
}

static bool is_secret(const char *option)
{
	size_t len = strlen(option);

	return len >= 6 && strcmp(option + len - 6, "secret") == 0;
}

/* --secret - and the like: a line of standard input, so that no secret shows in the list of processes. */
static const char *value_from_stdin(struct arena *arena)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len = getline(&line, &cap, stdin);
	const char *copy;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		line[--len] = '\0';
	copy = arena_strdup(arena, len > 0 ? line : "");
	free(line);
	return copy;
}

/* One --option of argv[*i]; -1: taken, else the exit status. */
static int take_option(struct admin *a, struct globals *g, int argc, char **argv, int *i)
{
	struct {
		const char *name;
		bool *flag;
	} flags[] = {{"json", &g->json}, {"yes", &g->yes}, {"verbose", &g->verbose}, {"help", &g->help},
		{"version", &g->version}};
	const char *name = argv[*i] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	const struct admin_option *o = a->command ? a->command->options : NULL;
	bool config = len == 6 && strncmp(name, "config", 6) == 0;
	char rule[256];

	for (size_t f = 0; f < ARRAY_SIZE(flags); f++) {
		if (strlen(flags[f].name) == len && strncmp(flags[f].name, name, len) == 0 && !value) {
			*flags[f].flag = true;
			return -1;
		}
	}
	while (!config && o && o->name && (strlen(o->name) != len || strncmp(o->name, name, len) != 0))
		o++;
	if (!config && (!o || !o->name))
		return usage("unknown option", argv[*i]);
	if (!config && o->type == ADMIN_SWITCH) {
		if (value)
			return usage("option takes no value", argv[*i]);
		value = "";
	} else if (!value) {
		if (*i + 1 >= argc)
			return usage("option needs a value", argv[*i]);
		value = argv[++*i];
	}
	if (config) {
		g->config = value;
		return -1;
	}
	if (o->type == ADMIN_TEXT && strcmp(value, "-") == 0 && is_secret(o->name))
		value = value_from_stdin(&a->arena);
	if (!check_value(o, value, rule, sizeof(rule)))
		return usage(rule, "");
	a->values[o - a->command->options] = value;
	return -1;
}

/* Finds object and action first, since options belong to them; -1: go on. */
static int find(struct admin *a, int argc, char **argv, const char **object, int *first)
{
	const char *words[2] = {NULL, ""};
	bool known = false;
	int count = 0, at[2] = {0, 0};

	for (int i = 1; i < argc && count < 2; i++) {
		if (strcmp(argv[i], "--config") == 0)
			i++;
		else if (strncmp(argv[i], "--", 2) != 0) {
			at[count] = i;
			words[count++] = argv[i];
		}
	}
	*object = words[0];
	if (!words[0])
		return -1;
	a->command = find_command(words[0], words[1], &known);
	*first = 2;
	if (!a->command) {
		a->command = find_command(words[0], "", &known);
		*first = 1;
	}
	if (!known)
		return usage("unknown object", words[0]);
	if (!a->command && at[1])
		return usage("unknown action", words[1]);
	return -1;
}

static int parse(struct admin *a, struct globals *g, int argc, char **argv)
{
	const char *object = NULL;
	int skip = 0, status = find(a, argc, argv, &object, &skip);
	bool plain = false;

	for (int i = 1; status == -1 && i < argc; i++) {
		if (!plain && strcmp(argv[i], "--") == 0)
			plain = true;
		else if (!plain && strncmp(argv[i], "--", 2) == 0)
			status = take_option(a, g, argc, argv, &i);
		else if (skip > 0)
			skip--;
		else if (a->arg_count == ADMIN_ARGS_MAX)
			status = usage("too many arguments", "");
		else
			a->args[a->arg_count++] = argv[i];
	}
	if (g->help) {
		print_help(object);
		return EXIT_DONE;
	}
	if (g->version) {
		printf("b3lb-admin %s\n", PACKAGE_VERSION);
		return EXIT_DONE;
	}
	if (status != -1)
		return status;
	if (!a->command)
		return usage(object ? "an action is missing" : "an object is missing", "");
	if (a->arg_count < a->command->min_args)
		return usage("an argument is missing:", a->command->args);
	if (a->arg_count > a->command->max_args)
		return usage("unexpected argument", a->args[a->command->max_args]);
	for (int i = 0; a->command->options && a->command->options[i].name; i++)
		if (a->command->options[i].required && !a->values[i])
			return usage("missing option",
				arena_printf(&a->arena, "--%s", a->command->options[i].name));
	return -1;
}

static bool confirmed(const struct admin *a)
{
	char answer[16] = "";

	if (!a->command->destroys || a->yes || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return true;
	fprintf(stderr, "%s %s %s: sure? [y/N] ", a->command->object, a->command->action,
		a->arg_count ? a->args[0] : "");
	return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

const char *admin_option(const struct admin *a, const char *name)
{
	for (int i = 0; a->command->options && a->command->options[i].name; i++)
		if (strcmp(a->command->options[i].name, name) == 0)
			return a->values[i];
	return NULL;
}

int admin_tenant_sub(const char *text, char slug[ROUTE_SLUG_MAX + 1], int *sub_id, struct err *err)
{
	if (route_parse_tenant(text, strlen(text), slug, sub_id))
		return 0;
	return err_set(err, ERR_INVALID,
		"'%.64s' must be TENANT or TENANT-SUB: a letter, then letters or digits, 2 to 32; sub id 0 "
		"to 999",
		text);
}

int admin_explain(int rc, const char *object, const char *name, struct err *err)
{
	const char *state = db_sqlstate();

	if (rc == -1 && err->kind == ERR_CONFLICT && strcmp(state, "23505") == 0)
		err_set(err, ERR_CONFLICT, "%s %s exists already", object, name);
	else if (rc == -1 && err->kind == ERR_CONFLICT && strcmp(state, "23503") == 0)
		err_set(err, ERR_CONFLICT, "%s %s is still in use", object, name);
	else if (rc == -1 && err->kind == ERR_INVALID && strcmp(state, "23514") == 0)
		err_set(err, ERR_INVALID, "%s %s: a name or value breaks its rule: see b3lb-admin(8)", object,
			name);
	return rc;
}

int main(int argc, char **argv)
{
	struct admin a = {0};
	struct globals g = {0};
	struct err err = {0};
	int status = parse(&a, &g, argc, argv);

	program_hide_memory();
	if (status == -1 && conf_load(&a.conf, g.config, &err) == -1) {
		fprintf(stderr, "b3lb-admin: %s\n", err.text);
		status = EXIT_USAGE;
	}
	if (status == -1 && admin_become_service(&err) == -1) {
		fprintf(stderr, "b3lb-admin: %s\n", err.text);
		status = EXIT_FAILED;
	}
	if (status == -1) {
		a.config = conf_path(g.config);
		a.json = g.json;
		a.yes = g.yes;
		log_init("b3lb-admin", LOG_TARGET_STDERR, g.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
		if (!a.command->offline)
			a.db = db_open(&a.conf, "b3lb-admin", 2, ADMIN_TIMEOUT_MS);
		status = EXIT_DONE;
		if (!confirmed(&a)) {
			fprintf(stderr, "b3lb-admin: nothing was changed\n");
			status = EXIT_FAILED;
		} else {
			int rc = a.command->run(&a, &err);

			if (rc != 0)
				fprintf(stderr, "b3lb-admin: %s\n", err.text);
			status = rc == -1 ? EXIT_FAILED : rc;
		}
		db_close(a.db);
	}
	conf_free(&a.conf);
	arena_free(&a.arena);
	return fflush(stdout) == 0 ? status : EXIT_FAILED;
}
