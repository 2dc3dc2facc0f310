/* SPDX-License-Identifier: ISC */
/* The options of a command line: getopt_long with messages of our own, for programs, jobs and b3lb-admin. */
#include "config.h"
#include "run/options.h"

#include "base/near.h"

#include <stdio.h>
#include <string.h>

/* Above any character. */
#define FIRST_VALUE 256

void options_add(struct options *o, const char *name, bool value)
{
	if (o->count == OPTIONS_MAX)
		return;
	o->longs[o->count] =
		(struct option){name, value ? required_argument : no_argument, NULL, FIRST_VALUE + o->count};
	o->count++;
}

static int fault(struct options *o, const char *what, const char *arg, const char *near)
{
	snprintf(o->why, sizeof(o->why), near ? "%s '%.64s' (did you mean --%s?)" : "%s '%.64s'", what, arg,
		near);
	return OPTIONS_BAD;
}

/* An option that is none, or the beginning of several. */
static int unknown(struct options *o, const char *arg)
{
	char name[64] = "";
	struct near near = {.word = name};
	int matches = 0;

	if (strncmp(arg, "--", 2) != 0)
		return fault(o, "unknown option", arg, NULL);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(arg + 2, "="), arg + 2);
	for (int i = 0; i < o->count; i++) {
		matches += strncmp(o->longs[i].name, name, strlen(name)) == 0;
		near_look(&near, o->longs[i].name);
	}
	return matches > 1 ? fault(o, "ambiguous option", arg, NULL)
			   : fault(o, "unknown option", arg, near.best);
}

/* getopt takes -1 for an option. Where a number may stand, it gets a sign in front that no argument begins with, until
 * getopt has passed it. */
#define NUMBER '\1'

static void hide_numbers(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t len = strlen(argv[i]);
		char *hidden;

		if (argv[i][0] != '-' || argv[i][1] < '0' || argv[i][1] > '9')
			continue;
		hidden = mem_alloc(len + 2);
		hidden[0] = NUMBER;
		memcpy(hidden + 1, argv[i], len + 1);
		argv[i] = hidden;
	}
}

static char *shown(char *arg)
{
	return arg + (arg[0] == NUMBER);
}

int options_next(struct options *o, int argc, char **argv, const char **value)
{
	char letter[3] = "-?";
	int c;

	/* 0 makes glibc forget an earlier command line. */
	if (!o->begun) {
		optind = 0;
		hide_numbers(argc, argv);
	}
	o->begun = true;
	opterr = 0;
	c = getopt_long(argc, argv, ":h", o->longs, NULL);
	*value = optarg && c != ':' && c != '?' ? shown(optarg) : "";
	if (c == -1) {
		for (int i = optind; i < argc; i++)
			argv[i] = shown(argv[i]);
		return OPTIONS_END;
	}
	if (c == ':')
		return fault(o, "option needs a value", argv[optind - 1], NULL);
	if (c == '?' && optopt >= FIRST_VALUE)
		return fault(o, "option takes no value", argv[optind - 1], NULL);
	if (c == '?') {
		letter[1] = (char)optopt;
		return unknown(o, optopt ? letter : argv[optind - 1]);
	}
	for (int i = 0; c == 'h' && i < o->count; i++)
		if (strcmp(o->longs[i].name, "help") == 0)
			return i;
	return c - FIRST_VALUE;
}
