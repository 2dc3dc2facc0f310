/* SPDX-License-Identifier: ISC */
/* b3lb-admin tenant: who may ask for meetings, in what limits, under which host names. */
#include "config.h"
#include "change.h"
#include "platform.h"

#include "core/tenant.h"

#include <string.h>

static const struct admin_option options[] = {
	{"group", ADMIN_TEXT, true, "NAME", "Group of clusters that its meetings may go to."},
	{"description", ADMIN_TEXT, false, "T", "Free text for people."},
	{"attendee-limit", ADMIN_COUNT, false, "N", "Attendees at once; 0: any number."},
	{"meeting-limit", ADMIN_COUNT, false, "N", "Meetings at once; 0: any number."},
	{"recording", ADMIN_CHOICE, false, "on|off", "Whether meetings may be recorded."},
	{"hold-days", ADMIN_COUNT, false, "N", "Days after which recordings are deleted; 0: never."},
	{"platform", ADMIN_CHOICE, false, PLATFORM_NAMES,
		"What it uses: sets what that needs, and says where URL and secret are entered there."},
	{"error-status", ADMIN_CHOICE, false, "http|bbb|default",
		"HTTP status of API errors: an error's, or 200 as BigBlueButton answers; default: as the configuration has it."},
	{"protected", ADMIN_CHOICE, false, "off|on|always",
		"Whether its platforms may protect recordings; always: new ones are from the beginning."},
	{"hook-auth", ADMIN_CHOICE, false, "checksum|bearer",
		"How its webhooks know us: a checksum, or the secret itself as a bearer token."},
	{"hook-sha", ADMIN_CHOICE, false, "sha1|sha256|sha384|sha512", "Algorithm of that checksum."},
	{"tags", ADMIN_LIST, false, "T,...",
		"Which of the nodes' tags its meetings may ask for; *: all, but node-SLUG must be named; '': none."},
	{"modules", ADMIN_LIST, false, "A,B",
		"Modules that its create may have in the body, such as presentation,clientSettingsOverride; *: all, none: none."},
	{"show-node", ADMIN_CHOICE, false, "on|off",
		"Whether create and getMeetingInfo say on which node a meeting is."},
	{"limit-mode", ADMIN_CHOICE, false, "join|create|warn",
		"What a limit of attendees refuses once it is reached: joins, or new meetings; warn: nothing, that of meetings neither, they are only told."},
	{"analytics-days", ADMIN_COUNT, false, "N",
		"Days that learning analytics of meetings are kept (meeting analytics); 0: none are."},
	{"lrs-endpoint", ADMIN_TEXT, false, "URL",
		"Learning record store that nodes with xAPI send to, opened by a token, or by user and password; empty: none."},
	{"lrs-token-file", ADMIN_TEXT, false, "FILE", "Token of that store, a line; -: standard input."},
	{"lrs-user", ADMIN_TEXT, false, "NAME", "User of that store."},
	{"lrs-password-file", ADMIN_TEXT, false, "FILE", "Password of that user, a line; -: standard input."},
	{"lrs-force", ADMIN_CHOICE, false, "on|off",
		"Whether a store that a client names itself does not count."},
	{"force", ADMIN_SWITCH, false, NULL, "Takes a store without TLS, too."},
	{"dial-numbers", ADMIN_LIST, false, "N,...",
		"Numbers of people on the phone, which lead to its meetings alone; the first is told."},
	{"own-pins", ADMIN_CHOICE, false, "on|off",
		"Whether its clients may choose a room's PIN by voiceBridge."},
	{"stats-token", ADMIN_TEXT, false, "T", "Token that opens its statistics and metrics."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};
static const struct admin_option alias_options[] = {
	{"remove", ADMIN_SWITCH, false, NULL, "Takes the name away again."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static const struct admin_option remove_options[] = {
	{"recordings", ADMIN_SWITCH, false, NULL, "Also with recordings, which b3lb-cleanup deletes then."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

/* A line of the file that an option names, as a field of the body; nothing without the option. 0 or -1 with err. */
static int read_line(struct admin *a, const char *option, json_t *body, const char *field, struct err *err)
{
	const char *path = admin_option(a, option);
	struct buf text = BUF_INIT;
	int rc = path ? admin_read(path, 65536, &text, err) : 0;

	if (path && rc == 0 &&
		json_object_set_new(
			body, field, json_stringn(buf_str(&text), strcspn(buf_str(&text), "\r\n"))) == -1)
		rc = err_set(err, ERR_INVALID, "--%s must be UTF-8", option);
	buf_free(&text);
	return rc;
}

/* add and set. */
static int change(struct admin *a, struct err *err)
{
	bool add = strcmp(a->command->action, "add") == 0;
	const char *platform = admin_option(a, "platform");
	const struct platform *p = platform ? platform_find(platform) : NULL;
	json_t *body = admin_body(a, &state_tenant, err);
	const struct change change = {.object = &state_tenant,
		.name = a->args[0],
		.kind = add ? CHANGE_PUT : CHANGE_PATCH,
		.only_new = add,
		.force = admin_option(a, "force") != NULL,
		.body = body};
	int rc;

	if (!body || read_line(a, "lrs-token-file", body, "lrs_token", err) == -1 ||
		read_line(a, "lrs-password-file", body, "lrs_password", err) == -1) {
		json_decref(body);
		return -1;
	}
	/* What the platform needs, where nothing else is said. */
	if (p && !admin_option(a, "error-status"))
		json_object_set_new(body, "error_status", platform_error_status(p));
	rc = admin_changes(a, &change, 1, err);
	if (rc == 0 && p && !admin_is_dry(a))
		platform_print(a, p, a->args[0]);
	json_decref(body);
	return rc;
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (tenant_list(a->db, a->arg_count ? a->args[0] : NULL, &r, err) == -1)
		return -1;
	admin_print(a, r, a->arg_count > 0);
	return 0;
}

static int alias(struct admin *a, struct err *err)
{
	const struct change tenant = {.object = &state_tenant, .name = a->args[0]};

	return admin_change_list(a, &tenant, "aliases", a->args[1], !admin_option(a, "remove"), err);
}

static int take_away(struct admin *a, struct err *err)
{
	return admin_change(a, &state_tenant, NULL, a->args[0], err);
}

const struct admin_command admin_tenant_commands[] = {
	{"tenant", "add", "SLUG", 1, 1, options, false, false, change,
		"Adds a tenant; its first secret is made by secret add.",
		"b3lb-admin tenant add acme --group all --platform moodle --meeting-limit 50"},
	{"tenant", "set", "SLUG", 1, 1, options, false, false, change,
		"Changes what is given of a tenant; the rest stays.",
		"b3lb-admin tenant set acme --attendee-limit 500"},
	{"tenant", "list", "", 0, 0, NULL, false, false, list, "Lists all tenants with what they use.",
		"b3lb-admin tenant list"},
	{"tenant", "show", "SLUG", 1, 1, NULL, false, false, list, "Shows all of one tenant.",
		"b3lb-admin tenant show acme"},
	{"tenant", "alias", "SLUG HOST", 2, 2, alias_options, false, false, alias,
		"Gives a tenant one more host name, or takes it away.",
		"b3lb-admin tenant alias acme bbb.acme.example"},
	{"tenant", "remove", "SLUG", 1, 1, remove_options, false, true, take_away,
		"Removes a tenant without meetings and recordings, with its secrets.",
		"b3lb-admin tenant remove acme"},
	{.object = NULL},
};
