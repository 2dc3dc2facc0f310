/* SPDX-License-Identifier: ISC */
/* What b3lb-admin says of itself, out of the table of commands that it runs by. */
#include "config.h"
#include "admin.h"

#include <stdio.h>
#include <string.h>

static const struct program_option own[] = {
	{"json", NULL, "JSON for programs instead of tables", NULL},
	{"yes", NULL, "ask nothing; what destroys needs it where no terminal is", NULL},
};

const struct program_option *admin_common(int i)
{
	if (i < PROGRAM_COMMON_COUNT)
		return &program_common[i];
	i -= PROGRAM_COMMON_COUNT;
	return i < (int)ARRAY_SIZE(own) ? &own[i] : NULL;
}

/* The synopsis, as the man page has it. */
static void print_synopsis(const struct admin_command *c)
{
	printf("%s%s%s%s%s", c->object, *c->action ? " " : "", c->action, *c->args ? " " : "", c->args);
	for (const struct admin_option *o = c->options; o && o->name; o++) {
		bool required = admin_option_required(c, o);

		printf(" %s--%s%s%s%s", required ? "" : "[", o->name, o->value ? " " : "",
			o->value ? o->value : "", required ? "" : "]");
	}
	printf("\n");
}

static void print_all(void)
{
	printf("usage: b3lb-admin OBJECT ACTION [NAME] [--option value]\n"
	       "b3lb-admin OBJECT --help and b3lb-admin OBJECT ACTION --help say more.\n"
	       "options of every command: --config FILE, --json, --yes, --verbose, --help, --version\n\n");
	for (const struct admin_object *o = admin_objects; o->name; o++) {
		for (const struct admin_command *c = o->commands; c->object; c++) {
			printf("  ");
			print_synopsis(c);
		}
	}
}

/* required: how it says that; indent: of its first line. */
static void print_option(const struct admin_option *o, int indent, const char *required)
{
	printf("%*s--%s%s%s\n%*s%.*s%s%s.\n", indent, "", o->name, o->value ? " " : "",
		o->value ? o->value : "", indent + 4, "", (int)strlen(o->says) - 1, o->says, required,
		o->type == ADMIN_LIST ? " (may be given again)" : "");
}

static const char *required(const struct admin_command *c, const struct admin_option *o, const char *text)
{
	return admin_option_required(c, o) ? text : "";
}

static bool is_same(const struct admin_option *a, const struct admin_option *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->says, b->says) == 0;
}

/* Whether another command of the object has it, too, in the same words. */
static bool is_shared(const struct admin_object *object, const struct admin_option *o)
{
	int count = 0;

	for (const struct admin_command *c = object->commands; c->object; c++)
		for (const struct admin_option *other = c->options; other && other->name; other++)
			count += is_same(other, o);
	return count > 1;
}

/* Of its commands in turn: what an earlier one has is not shared anew. */
static bool is_first(
	const struct admin_object *object, const struct admin_command *command, const struct admin_option *o)
{
	for (const struct admin_command *c = object->commands; c != command; c++)
		for (const struct admin_option *other = c->options; other && other->name; other++)
			if (is_same(other, o))
				return false;
	return true;
}

/* Options that several commands have, once. */
static void print_shared(const struct admin_object *object)
{
	bool begun = false;

	for (const struct admin_command *c = object->commands; c->object; c++)
		for (const struct admin_option *o = c->options; o && o->name; o++) {
			if (!is_shared(object, o) || !is_first(object, c, o))
				continue;
			if (!begun)
				printf("\nOptions of more than one of them:\n");
			begun = true;
			print_option(o, 2, required(c, o, " (required by add)"));
		}
}

static void print_object(const struct admin_object *object)
{
	printf("b3lb-admin %s: %s\n", object->name, object->says);
	for (const struct admin_command *c = object->commands; c->object; c++) {
		printf("\n  ");
		print_synopsis(c);
		printf("      %s\n", c->says);
		for (const struct admin_option *o = c->options; o && o->name; o++)
			if (!is_shared(object, o))
				print_option(o, 6, required(c, o, " (required)"));
	}
	print_shared(object);
	printf("\nb3lb-admin %s ACTION --help explains one of them, with an example.\n", object->name);
}

static void print_command(const struct admin_command *c)
{
	const struct program_option *common;

	printf("usage: b3lb-admin ");
	print_synopsis(c);
	printf("%s\n", c->says);
	if (c->options)
		printf("\n");
	for (const struct admin_option *o = c->options; o && o->name; o++)
		print_option(o, 2, required(c, o, " (required)"));
	printf("\nOptions of every command:\n");
	for (int i = 0; (common = admin_common(i)); i++)
		program_print_option(common);
	printf("\nExample:\n  %s\n", c->example);
}

void admin_help(const struct admin_object *object, const struct admin_command *command)
{
	if (command)
		print_command(command);
	else if (object)
		print_object(object);
	else
		print_all();
}
