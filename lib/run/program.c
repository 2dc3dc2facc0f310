/* SPDX-License-Identifier: ISC */
/* What every program of ours does first: open descriptors, options, configuration, log. */
#include "config.h"
#include "run/program.h"

#include "base/log.h"

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

static void print_help(const struct program *p)
{
	static const struct program_option common[] = {
		{"config", "FILE", "configuration (default: B3LB_CONFIG, else " SYSCONFDIR "/b3lb/b3lb.conf)",
			NULL},
		{"verbose", NULL, "log more", NULL},
		{"help", NULL, "print this and exit", NULL},
		{"version", NULL, "print the version and exit", NULL},
		{NULL, NULL, NULL, NULL},
	};
	const struct program_option *lists[] = {p->options, common};
	char left[64];

	printf("usage: %s [options]\n%s %s.\n\n", p->name, p->name, p->purpose);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		for (const struct program_option *o = lists[i]; o && o->name; o++) {
			snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value ? " " : "",
				o->value ? o->value : "");
			printf("  %-18s %s\n", left, o->help);
		}
	}
}

static int usage(const struct program *p, const char *what, const char *arg)
{
	fprintf(stderr, "%s: %s '%s'; see %s --help\n", p->name, what, arg, p->name);
	return EXIT_USAGE;
}

/* What one argument is: the option's value is in *value, or NULL when it takes one that must be the next
 * argument. */
static struct program_option *match(struct program_option *options, const char *arg, const char **value)
{
	size_t len = strcspn(arg, "=");

	*value = arg[len] ? arg + len + 1 : NULL;
	for (struct program_option *o = options; o && o->name; o++)
		if (strlen(o->name) == len && strncmp(o->name, arg, len) == 0)
			return o;
	return NULL;
}

/* -1: go on; else the exit status. */
static int parse_arguments(struct program *p, int argc, char **argv, const char **config)
{
	struct program_option common[] = {
		{"config", "FILE", NULL, NULL},
		{"verbose", NULL, NULL, NULL},
		{"help", NULL, NULL, NULL},
		{"version", NULL, NULL, NULL},
		{NULL, NULL, NULL, NULL},
	};
	struct program_option *o;
	const char *value;

	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0)
			return usage(p, "unexpected argument", argv[i]);
		o = match(p->options, argv[i] + 2, &value);
		if (!o)
			o = match(common, argv[i] + 2, &value);
		if (!o)
			return usage(p, "unknown option", argv[i]);
		if (!o->value && value)
			return usage(p, "option takes no value", argv[i]);
		if (o->value && !value) {
			if (i + 1 == argc)
				return usage(p, "option needs a value", argv[i]);
			value = argv[++i];
		}
		o->given = value ? value : "";
	}
	*config = common[0].given;
	p->verbose = common[1].given != NULL;
	if (common[2].given)
		print_help(p);
	else if (common[3].given)
		printf("%s %s\n", p->name, PACKAGE_VERSION);
	return common[2].given || common[3].given ? EXIT_DONE : -1;
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
