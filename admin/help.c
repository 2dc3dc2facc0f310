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

static void print_object(const struct admin_object *o)
{
	printf("b3lb-admin %s: %s\n", o->name, o->says);
	for (const struct admin_command *c = o->commands; c->object; c++) {
		printf("\n  ");
		print_synopsis(c);
		printf("      %s\n", c->says);
	}
	printf("\nb3lb-admin %s ACTION --help explains the options of one.\n", o->name);
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
		printf("  --%s%s%s\n      %.*s%s\n", o->name, o->value ? " " : "", o->value ? o->value : "",
			(int)strlen(o->says) - 1, o->says,
			admin_option_required(c, o) ? " (required)." : ".");
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
