/* SPDX-License-Identifier: ISC */
/* b3lb-admin's command line: finds the command, then reads its options and arguments. */
#include "config.h"
#include "admin.h"

#include "base/near.h"
#include "run/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADMIN_JSON = PROGRAM_COMMON_COUNT, ADMIN_YES, ADMIN_COMMON_COUNT };

/* Ends a complaint with the help that says more: of the command, else of the object, else of all. Either may be
 * NULL. */
static int point_to_help(const struct admin_object *object, const struct admin_command *command)
{
	const char *name = command ? command->object : object ? object->name : "";
	const char *action = command ? command->action : "";

	fprintf(stderr, "; see b3lb-admin %s%s%s%s--help\n", name, *name ? " " : "", action,
		*action ? " " : "");
	return EXIT_USAGE;
}

static int usage(const struct admin *a, const char *what, const char *arg)
{
	fprintf(stderr, "b3lb-admin: %s%s%s%s", what, *arg ? " '" : "", arg, *arg ? "'" : "");
	return point_to_help(NULL, a->command);
}

/* near NULL: nothing is like it. object NULL: it is the object that is unknown. */
static int unknown(const struct admin_object *object, const char *word, const char *near)
{
	fprintf(stderr,
		near ? "b3lb-admin: unknown %s '%s' (did you mean %s?)" : "b3lb-admin: unknown %s '%s'",
		object ? "action" : "object", word, near);
	return point_to_help(object, NULL);
}

static bool check_value(const struct admin_option *o, const char *value, char *rule, size_t size)
{
	char *end = NULL;
	const char *at = NULL;
	double number;

	switch (o->type) {
	case ADMIN_COUNT:
		if (text_is_number(value, 9))
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
		for (at = strstr(o->value, value); at && *value; at = strstr(at + 1, value))
			if ((at == o->value || at[-1] == '|') &&
				(!at[strlen(value)] || at[strlen(value)] == '|'))
				return true;
		snprintf(rule, size, "--%s must be one of %s", o->name, o->value);
		return false;
	case ADMIN_TEXT:
	case ADMIN_LIST:
	case ADMIN_SWITCH:
		break;
	}
	return true;
}

static bool is_secret(const char *option)
{
	size_t len = strlen(option);

	return (len >= 6 && strcmp(option + len - 6, "secret") == 0) || strcmp(option, "password") == 0;
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

/* The first two words that are no options, and where they stand. */
struct words {
	const char *word[2];
	int at[2], count;
};

static void find_words(struct words *w, int argc, char **argv)
{
	for (int i = 1; i < argc && w->count < 2; i++) {
		size_t len = strlen(argv[i]);

		/* --config and its abbreviations are followed by a file. */
		if (len > 2 && strncmp(argv[i], "--config", len) == 0)
			i++;
		else if (*argv[i] != '-') {
			w->at[w->count] = i;
			w->word[w->count++] = argv[i];
		}
	}
}

static const struct admin_command *find_action(const struct admin_object *o, const char *action)
{
	for (const struct admin_command *c = o->commands; c->object; c++)
		if (strcmp(c->action, action) == 0)
			return c;
	return NULL;
}

/* Finds object and action, since options belong to them; -1: go on. *skip: how many of the words are their
 * names. */
static int find(struct admin *a, const struct words *w, const struct admin_object **object, int *skip)
{
	struct near near = {.word = w->word[0]};
	const struct admin_object *o = admin_objects;

	*object = NULL;
	*skip = w->count;
	if (!w->count)
		return -1;
	while (o->name && strcmp(o->name, w->word[0]) != 0)
		near_look(&near, (o++)->name);
	if (!o->name)
		return unknown(NULL, w->word[0], near.best);
	*object = o;
	a->command = find_action(o, "");
	*skip = 1;
	if (a->command || w->count < 2)
		return -1;
	*skip = 2;
	a->command = find_action(o, w->word[1]);
	if (a->command)
		return -1;
	near = (struct near){.word = w->word[1]};
	for (const struct admin_command *c = o->commands; c->object; c++)
		near_look(&near, c->action);
	return unknown(o, w->word[1], near.best);
}

/* Of a list given again: words for all and for none stand alone, and the last one counts. */
static bool goes_on(const char *value)
{
	return *value && strcmp(value, "all") != 0 && strcmp(value, "none") != 0 && strcmp(value, "*") != 0;
}

/* One option of the command; -1: taken. */
static int take_option(struct admin *a, int i, const char *value)
{
	const struct admin_option *o = &a->command->options[i];
	char rule[256];

	if (o->type == ADMIN_TEXT && strcmp(value, "-") == 0 && is_secret(o->name))
		value = value_from_stdin(&a->arena);
	if (!check_value(o, value, rule, sizeof(rule)))
		return usage(a, rule, "");
	if (a->values[i] && o->type == ADMIN_LIST)
		value = goes_on(a->values[i]) && goes_on(value)
				? arena_printf(&a->arena, "%s,%s", a->values[i], value)
				: value;
	else if (a->values[i] && o->type != ADMIN_SWITCH)
		return usage(a, "option given twice", arena_printf(&a->arena, "--%s", o->name));
	a->values[i] = value;
	return -1;
}

/* All options of the command line; given: those that every command takes. */
static int take_options(struct admin *a, int argc, char **argv, const char **given)
{
	struct options options = {0};
	int own = 0, next, status = -1;
	const char *value;

	for (; a->command && a->command->options && a->command->options[own].name; own++)
		options_add(&options, a->command->options[own].name, a->command->options[own].value != NULL);
	for (int i = 0; i < ADMIN_COMMON_COUNT; i++)
		options_add(&options, admin_common(i)->name, admin_common(i)->value != NULL);
	while ((next = options_next(&options, argc, argv, &value)) != OPTIONS_END) {
		int wrong = next == OPTIONS_BAD ? usage(a, options.why, "") : -1;

		if (next >= own)
			given[next - own] = value;
		else if (next >= 0)
			wrong = take_option(a, next, value);
		if (wrong != -1)
			return wrong;
	}
	return status;
}

/* What is left must fit the command. */
static int take_arguments(struct admin *a, const struct admin_object *object, int count, char **args)
{
	const struct admin_command *c = a->command;

	bool changes = false;

	if (!c) {
		fprintf(stderr, "b3lb-admin: %s is missing", object ? "an action" : "an object");
		return point_to_help(object, NULL);
	}
	if (count < c->min_args)
		return usage(a, "an argument is missing:", c->args);
	if (count > c->max_args)
		return usage(a, "unexpected argument", args[c->max_args]);
	for (int i = 0; i < count; i++)
		a->args[a->arg_count++] = args[i];
	for (int i = 0; c->options && c->options[i].name; i++) {
		if (admin_option_required(c, &c->options[i]) && !a->values[i])
			return usage(
				a, "missing option", arena_printf(&a->arena, "--%s", c->options[i].name));
		changes = changes || a->values[i];
	}
	/* Of one name: its options are all that it could change. */
	if (!changes && c->options && c->max_args == 1 && strcmp(c->action, "set") == 0)
		return usage(a, "an option is missing: nothing says what to change", "");
	return -1;
}

bool admin_option_required(const struct admin_command *c, const struct admin_option *o)
{
	return o->required && strcmp(c->action, "add") == 0;
}

/* Takes words out of the command line. */
static int without(const struct words *w, int count, int argc, char **argv)
{
	for (int k = count - 1; k >= 0; k--) {
		memmove(argv + w->at[k], argv + w->at[k] + 1, sizeof(*argv) * (size_t)(argc - w->at[k]));
		argc--;
	}
	return argc;
}

int admin_parse(struct admin *a, struct admin_globals *g, int argc, char **argv)
{
	const char *given[ADMIN_COMMON_COUNT] = {NULL};
	const struct admin_object *object = NULL;
	struct words w = {0};
	int skip, status;

	find_words(&w, argc, argv);
	status = find(a, &w, &object, &skip);
	if (status != -1)
		return status;
	argc = without(&w, skip, argc, argv);
	status = take_options(a, argc, argv, given);
	if (status != -1)
		return status;
	if (given[PROGRAM_HELP]) {
		admin_help(object, a->command);
		return EXIT_DONE;
	}
	if (given[PROGRAM_VERSION]) {
		printf("b3lb-admin %s\n", PACKAGE_VERSION);
		return EXIT_DONE;
	}
	g->config = given[PROGRAM_CONFIG];
	g->verbose = given[PROGRAM_VERBOSE] != NULL;
	a->json = given[ADMIN_JSON] != NULL;
	a->yes = given[ADMIN_YES] != NULL;
	return take_arguments(a, object, argc - optind, argv + optind);
}
