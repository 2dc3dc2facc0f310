/* SPDX-License-Identifier: ISC */
/* b3lb-admin OBJECT ACTION [NAME] [--option value]: the table of objects, and running one command. */
#include "config.h"
#include "change.h"

#include "base/log.h"
#include "base/term.h"
#include "run/program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ADMIN_TIMEOUT_MS 60000

const struct admin_object admin_objects[] = {
	{"setup", "A guided first set-up.", admin_setup_commands},
	{"check", "A doctor.", admin_check_commands},
	{"db", "The schema of the database.", admin_db_commands},
	{"cluster", "Nodes with the same load factors and checksum algorithm.", admin_cluster_commands},
	{"group", "Clusters that a tenant may use.", admin_group_commands},
	{"node", "BigBlueButton servers.", admin_node_commands},
	{"tenant", "Who uses the service.", admin_tenant_commands},
	{"secret", "What a tenant signs its requests with; sub id 0 sees the whole tenant.",
		admin_secret_commands},
	{"parameter", "A tenant's rules on parameters of create and join.", admin_parameter_commands},
	{"asset", "A tenant's logo, first slide and style sheet.", admin_asset_commands},
	{"profile", "How videos are made of recordings.", admin_profile_commands},
	{"recording", "What has arrived, and what is to become of it.", admin_recording_commands},
	{"meeting", "Meetings on the nodes.", admin_meeting_commands},
	{"hook", "Webhooks: who is told what happens in meetings.", admin_hook_commands},
	{"account", "Who may administer by the console.", admin_account_commands},
	{"token", "What programs use the management API with.", admin_token_commands},
	{"callback", "What platforms are told.", admin_callback_commands},
	{"request", "Calls that were refused.", admin_request_commands},
	{"history", "Figures as they were.", admin_history_commands},
	{"usage", "What tenants used in a month.", admin_usage_commands},
	{"state", "The whole configuration that is in the database, as JSON.", admin_state_commands},
	{"audit", "Who did what.", admin_audit_commands},
	{"config", "The configuration file.", admin_config_commands},
	{"status", "What runs now.", admin_status_commands},
	{NULL, NULL, NULL},
};

/* Whether what destroys may go on. What cannot be asked about is not done. */
static bool confirmed(const struct admin *a)
{
	char answer[16] = "";

	if (!a->command->destroys || a->yes || admin_is_dry(a))
		return true;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		fprintf(stderr,
			"b3lb-admin: %s %s destroys, and there is no terminal to ask on: give --yes\n",
			a->command->object, a->command->action);
		return false;
	}
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

/* The text may hold what others wrote. */
static void complain(const char *text)
{
	fputs("b3lb-admin: ", stderr);
	term_print(stderr, text);
	putc('\n', stderr);
}

/* db_run_found says what is not there, not which: one of the arguments, or of the options named as an object is. */
static void name_missing(struct admin *a, struct err *err)
{
	struct buf names = BUF_INIT;
	struct err told = *err;

	if (strncmp(told.text, "there is no such ", 17) != 0)
		return;
	for (int i = 0; i < a->arg_count; i++)
		buf_printf(&names, "%s%s", i ? " " : "", a->args[i]);
	for (const struct admin_object *o = admin_objects; o->name; o++) {
		const char *value = admin_option(a, o->name);

		if (value)
			buf_printf(&names, "%s--%s %s", names.len ? " " : "", o->name, value);
	}
	if (names.len)
		err_set(err, ERR_NOT_FOUND, "%s: %s", told.text, buf_str(&names));
	buf_free(&names);
}

int main(int argc, char **argv)
{
	struct admin a = {0};
	struct admin_globals g = {0};
	struct err err = {0};
	int status = admin_parse(&a, &g, argc, argv);

	program_hide_memory();
	if (status == -1 && conf_load(&a.conf, g.config, &err) == -1) {
		complain(err.text);
		status = EXIT_USAGE;
	}
	if (status == -1 && admin_become_service(&err) == -1) {
		complain(err.text);
		status = EXIT_FAILED;
	}
	if (status == -1) {
		a.config = conf_path(g.config);
		log_init("b3lb-admin", LOG_TARGET_STDERR, g.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
		if (!a.command->offline)
			a.db = db_open(&a.conf, "b3lb-admin", 2, ADMIN_TIMEOUT_MS);
		if (a.db && admin_is_dry(&a))
			db_rehearse(a.db);
		status = EXIT_DONE;
		if (!confirmed(&a)) {
			fprintf(stderr, "b3lb-admin: nothing was changed\n");
			status = EXIT_FAILED;
		} else {
			int rc = a.command->run(&a, &err);

			if (rc == -1 && err.kind == ERR_NOT_FOUND)
				name_missing(&a, &err);
			if (rc != 0)
				complain(err.text);
			status = rc == -1 ? EXIT_FAILED : rc;
		}
		db_close(a.db);
	}
	conf_free(&a.conf);
	arena_free(&a.arena);
	return fflush(stdout) == 0 ? status : EXIT_FAILED;
}
