/* SPDX-License-Identifier: ISC */
/* b3lb-admin config: the configuration as it is in force, and the sample file. */
#include "config.h"
#include "admin.h"

#include <stdio.h>
#include <string.h>

#define VALUE_MAX 65536

static const struct admin_option options[] = {
	{"all", ADMIN_SWITCH, false, NULL, "With the keys that have their default."},
	{"sample", ADMIN_SWITCH, false, NULL, "A sample file with every key instead."},
	{.name = NULL},
};

static void print_sample(const struct admin *a)
{
	printf("# b3lb.conf: see b3lb.conf(5). Lines are \"key = value\"; every key with its default.\n");
	for (const struct conf_key *k = conf_keys; k->name; k++) {
		printf("\n# %s\n", k->help);
		if (k->preset)
			printf("#%s =%s%s\n", k->name, *k->preset ? " " : "", k->preset);
		else
			printf("%s = bbb.example.com\n", k->name);
	}
	(void)a;
}

static void print_json(const struct conf_key *k, const char *value, bool first)
{
	struct buf json = BUF_INIT;

	buf_json(&json, value);
	printf("%s\"%s\": \"%s\"", first ? "" : ",\n ", k->name, buf_str(&json));
	buf_free(&json);
}

static int config(struct admin *a, struct err *err)
{
	char *value = arena_alloc(&a->arena, VALUE_MAX);
	bool first = true;

	(void)err;
	if (admin_option(a, "sample")) {
		print_sample(a);
		return 0;
	}
	if (a->json)
		printf("{");
	for (const struct conf_key *k = conf_keys; k->name; k++) {
		conf_value(&a->conf, k, value, VALUE_MAX);
		if (!admin_option(a, "all") && k->preset && strcmp(value, k->preset) == 0)
			continue;
		/* A connection string may hold a password. */
		if (k->secret && *value && (!k->preset || strcmp(value, k->preset) != 0))
			snprintf(value, VALUE_MAX, "***");
		if (a->json)
			print_json(k, value, first);
		else
			printf("%s = %s\n", k->name, value);
		first = false;
	}
	if (a->json)
		printf("}\n");
	return 0;
}

const struct admin_command admin_config_commands[] = {
	{"config", "", "", 0, 0, options, true, false, config,
		"Shows the configuration in force; secrets are hidden.", "b3lb-admin config --all"},
	{.object = NULL},
};
