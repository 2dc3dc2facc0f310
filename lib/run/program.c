/* SPDX-License-Identifier: ISC */
/* What every program of ours does first: open descriptors, options, configuration, log. */
#include "config.h"
#include "run/program.h"

#include "base/log.h"
#include "run/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A closed descriptor 0 to 2 would be given to a socket, and messages would go to a peer. */
static int open_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		if (open("/dev/null", fd == 0 ? O_RDONLY : O_RDWR) != fd)
			return -1;
	}
	return 0;
}

const struct program_option program_common[PROGRAM_COMMON_COUNT + 1] = {
	[PROGRAM_CONFIG] = {"config", "FILE",
		"configuration (default: B3LB_CONFIG, else " SYSCONFDIR "/b3lb/b3lb.conf)", NULL},
	[PROGRAM_VERBOSE] = {"verbose", NULL, "log more", NULL},
	[PROGRAM_HELP] = {"help", NULL, "print this and exit; also -h", NULL},
	[PROGRAM_VERSION] = {"version", NULL, "print the version and exit", NULL},
};

void program_print_option(const struct program_option *o)
{
	char left[64];

	snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
	printf("  %-18s %s\n", left, o->help);
}

static void print_help(const struct program *p)
{
	printf("usage: %s [options]\n%s %s.\n\n", p->name, p->name, p->purpose);
	for (const struct program_option *o = p->options; o && o->name; o++)
		program_print_option(o);
	for (const struct program_option *o = program_common; o->name; o++)
		program_print_option(o);
}

static int usage(const struct program *p, const char *why)
{
	fprintf(stderr, "%s: %s; see %s --help\n", p->name, why, p->name);
	return EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int parse_arguments(struct program *p, int argc, char **argv, const char **config)
{
	const char *given[PROGRAM_COMMON_COUNT] = {NULL}, *value;
	struct options options = {0};
	int own = 0, next;

	for (; p->options && p->options[own].name; own++)
		options_add(&options, p->options[own].name, p->options[own].value != NULL);
	for (int i = 0; i < PROGRAM_COMMON_COUNT; i++)
		options_add(&options, program_common[i].name, program_common[i].value != NULL);
	while ((next = options_next(&options, argc, argv, &value)) >= 0) {
		if (next < own)
			p->options[next].given = value;
		else
			given[next - own] = value;
	}
	if (next == OPTIONS_END && optind < argc) {
		snprintf(options.why, sizeof(options.why), "unexpected argument '%.64s'", argv[optind]);
		next = OPTIONS_BAD;
	}
	if (next == OPTIONS_BAD)
		return usage(p, options.why);
	*config = given[PROGRAM_CONFIG];
	p->verbose = given[PROGRAM_VERBOSE] != NULL;
	if (given[PROGRAM_HELP])
		print_help(p);
	else if (given[PROGRAM_VERSION])
		printf("%s %s\n", p->name, PACKAGE_VERSION);
	return given[PROGRAM_HELP] || given[PROGRAM_VERSION] ? EXIT_DONE : -1;
}

void program_hide_memory(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}

int program_begin(struct program *p, int argc, char **argv)
{
	const char *config = NULL;
	struct err err = {0};
	int status;

	program_hide_memory();
	if (open_standard_fds() == -1)
		return EXIT_FAILED;
	status = parse_arguments(p, argc, argv, &config);
	if (status >= 0)
		return status;
	p->config = conf_path(config);
	if (conf_load(&p->conf, config, &err) == -1) {
		fprintf(stderr, "%s: %s\n", p->name, err.text);
		return EXIT_USAGE;
	}
	log_init(p->name, (enum log_target)p->conf.log_target,
		p->verbose ? LOG_LEVEL_DEBUG : (enum log_level)p->conf.log_level);
	return -1;
}

void program_end(struct program *p)
{
	conf_free(&p->conf);
}
