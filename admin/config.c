/* SPDX-License-Identifier: ISC */
/* b3lb-admin config: the configuration as it is in force, and the sample file. */
#include "config.h"
#include "admin.h"
#include "json.h"

#include <stdio.h>
#include <string.h>

#define VALUE_MAX 65536

static const struct admin_option options[] = {
	{"all", ADMIN_SWITCH, false, NULL, "With the keys that have their default."},
	{"sample", ADMIN_SWITCH, false, NULL, "A sample file with every key instead."},
	{.name = NULL},
};

static void print_sample(void)
{
	printf("# b3lb.conf: see b3lb.conf(5). Lines are \"key = value\"; every key with its default.\n");
	for (const struct conf_key *k = conf_keys; k->name; k++) {
		printf("\n# %s\n", k->help);
		if (k->preset)
			printf("#%s =%s%s\n", k->name, *k->preset ? " " : "", k->preset);
		else
			printf("%s = bbb.example.com\n", k->name);
	}
}

/* The same for programs: key, default (null: it is required) and what it means. */
static void print_keys(void)
{
	json_t *list = json_array();

	for (const struct conf_key *k = conf_keys; k->name; k++)
		json_array_append_new(list,
			json_pack("{s:s, s:s?, s:s}", "key", k->name, "default", k->preset, "help", k->help));
	admin_json_print(list);
}

static int config(struct admin *a, struct err *err)
{
	char *value = arena_alloc(&a->arena, VALUE_MAX);
	json_t *object = NULL;

	(void)err;
	if (admin_option(a, "sample")) {
		(a->json ? print_keys : print_sample)();
		return 0;
	}
	if (a->json)
		object = json_object();
	for (const struct conf_key *k = conf_keys; k->name; k++) {
		conf_value(&a->conf, k, value, VALUE_MAX);
		if (!admin_option(a, "all") && k->preset && strcmp(value, k->preset) == 0)
			continue;
		/* A connection string may hold a password. */
		if (k->secret && *value && (!k->preset || strcmp(value, k->preset) != 0))
			snprintf(value, VALUE_MAX, "***");
		if (a->json)
			json_object_set_new(object, k->name, admin_json_text(value));
		else
			printf("%s = %s\n", k->name, value);
	}
	if (a->json)
		admin_json_print(object);
	return 0;
}

const struct admin_command admin_config_commands[] = {
	{"config", "", "", 0, 0, options, true, false, config,
		"Shows the configuration in force; secrets are hidden.", "b3lb-admin config --all"},
	{.object = NULL},
};
