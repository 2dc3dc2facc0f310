/* SPDX-License-Identifier: ISC */
/* b3lb-admin callback: what platforms are told, and what they did not take. */
#include "config.h"
#include "change.h"
#include "json.h"

#include "core/callback.h"

#include <stdio.h>
#include <string.h>

static const struct admin_option list_options[] = {
	{"state", ADMIN_CHOICE, false, "waiting|delivered|failed",
		"Only those that wait, arrived or were given up."},
	{"tenant", ADMIN_TEXT, false, "T", "Only those of this tenant."},
	{"host", ADMIN_TEXT, false, "HOST", "Only those to this host."},
	{"kind", ADMIN_CHOICE, false, "end|ended|analytics|ready", "Only of this kind."},
	{"limit", ADMIN_COUNT, false, "50", "So many, the newest first; at most 500."},
	{ADMIN_CSV, ADMIN_SWITCH, false, NULL, "All of them as CSV."},
	{.name = NULL},
};
static const struct admin_option retry_options[] = {
	{"tenant", ADMIN_TEXT, false, "T", "All of this tenant."},
	{"host", ADMIN_TEXT, false, "HOST", "All to this host."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static int list(struct admin *a, struct err *err)
{
	return admin_list(a, &list_callbacks, err);
}

static void print_retried(struct admin *a, long long retried)
{
	struct buf line = BUF_INIT;

	if (retried)
		buf_printf(&line, "callbacks: %lld tried again\n", retried);
	if (admin_is_dry(a))
		admin_print_dry(a, &line);
	else if (a->json)
		admin_json_print(json_pack("{s:I}", "retried", (json_int_t)retried));
	else
		printf("%lld callback%s will be tried again\n", retried, retried == 1 ? "" : "s");
	buf_free(&line);
}

static int retry(struct admin *a, struct err *err)
{
	const struct callback_choice choice = {.id = a->arg_count ? a->args[0] : NULL,
		.tenant = admin_option(a, "tenant"),
		.host = admin_option(a, "host")};
	long long retried = 0;

	if (!choice.id && !choice.tenant && !choice.host) {
		err_set(err, ERR_INVALID, "say which: an ID of callback list, --tenant or --host");
		return EXIT_USAGE;
	}
	if ((!choice.id || text_is_number(choice.id, 18)) &&
		callback_retry(a->db, &choice, admin_actor(a), &retried, err) == -1)
		return -1;
	if (choice.id && !retried)
		return err_set(err, ERR_NOT_FOUND, "there is no callback %s that failed or waits", choice.id);
	print_retried(a, retried);
	return 0;
}

const struct admin_command admin_callback_commands[] = {
	{"callback", "list", "", 0, 0, list_options, false, false, list,
		"Lists what platforms were told, or are to be told.",
		"b3lb-admin callback list --state failed"},
	{"callback", "retry", "[ID]", 0, 1, retry_options, false, false, retry,
		"Sends what failed or waits at once, and goes on trying for a day.",
		"b3lb-admin callback retry --host moodle.example.com"},
	{.object = NULL},
};
