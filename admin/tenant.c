/* SPDX-License-Identifier: ISC */
/* b3lb-admin tenant: who may ask for meetings, in what limits, under which host names. */
#include "config.h"
#include "admin.h"
#include "platform.h"

#include "base/name.h"
#include "core/tenant.h"

#include <string.h>
#include <strings.h>

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
	{"stats-token", ADMIN_TEXT, false, "T", "Token that opens its statistics and metrics."},
	{.name = NULL},
};
static const struct admin_option alias_options[] = {
	{"remove", ADMIN_SWITCH, false, NULL, "Takes the name away again."},
	{.name = NULL},
};

int admin_check_slug(const char *text, struct err *err)
{
	if (name_fits(NAME_TENANT, text))
		return 0;
	return err_set(err, ERR_INVALID, "tenant '%.64s' %s", text, name_rule(NAME_TENANT));
}

static struct tenant_settings read_settings(const struct admin *a)
{
	return (struct tenant_settings){
		.slug = a->args[0],
		.group = admin_option(a, "group"),
		.description = admin_option(a, "description"),
		.attendee_limit = admin_option(a, "attendee-limit"),
		.meeting_limit = admin_option(a, "meeting-limit"),
		.hold_days = admin_option(a, "hold-days"),
		.recording = admin_option(a, "recording"),
		.error_status = admin_option(a, "error-status"),
		.protected = admin_option(a, "protected"),
		.hook_auth = admin_option(a, "hook-auth"),
		.hook_sha = admin_option(a, "hook-sha"),
		.stats_token = admin_option(a, "stats-token"),
	};
}

/* What the platform needs, where nothing else is said. NULL: no platform is named. */
static const struct platform *read_platform(const struct admin *a, struct tenant_settings *s)
{
	const char *name = admin_option(a, "platform");
	const struct platform *p = name ? platform_find(name) : NULL;

	if (p && !s->error_status)
		s->error_status = p->error_status;
	return p;
}

static int add(struct admin *a, struct err *err)
{
	struct tenant_settings s = read_settings(a);
	const struct platform *p = read_platform(a, &s);

	if (admin_check_slug(s.slug, err) == -1 ||
		admin_explain(tenant_add(a->db, &s, a->conf.api_base_domain, err), "tenant", s.slug, err) ==
			-1)
		return -1;
	if (p)
		platform_print(a, p, s.slug);
	return 0;
}

static int set(struct admin *a, struct err *err)
{
	struct tenant_settings s = read_settings(a);
	const struct platform *p = read_platform(a, &s);

	if (admin_explain(tenant_set(a->db, &s, err), "tenant", s.slug, err) == -1)
		return -1;
	if (p)
		platform_print(a, p, s.slug);
	return 0;
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
	const char *host = a->args[1];

	if (admin_option(a, "remove"))
		return tenant_alias_remove(a->db, a->args[0], host, err);
	if (!name_fits(NAME_HOST, host))
		return err_set(err, ERR_INVALID, "alias '%.64s' %s", host, name_rule(NAME_HOST));
	return admin_explain(
		tenant_alias_add(a->db, a->args[0], host, a->conf.api_base_domain, err), "alias", host, err);
}

static int take_away(struct admin *a, struct err *err)
{
	return admin_explain(tenant_remove(a->db, a->args[0], err), "tenant", a->args[0], err);
}

const struct admin_command admin_tenant_commands[] = {
	{"tenant", "add", "SLUG", 1, 1, options, false, false, add,
		"Adds a tenant; its first secret is made by secret add.",
		"b3lb-admin tenant add acme --group all --platform moodle --meeting-limit 50"},
	{"tenant", "set", "SLUG", 1, 1, options, false, false, set,
		"Changes what is given of a tenant; the rest stays.",
		"b3lb-admin tenant set acme --attendee-limit 500"},
	{"tenant", "list", "", 0, 0, NULL, false, false, list, "Lists all tenants with what they use.",
		"b3lb-admin tenant list"},
	{"tenant", "show", "SLUG", 1, 1, NULL, false, false, list, "Shows all of one tenant.",
		"b3lb-admin tenant show acme"},
	{"tenant", "alias", "SLUG HOST", 2, 2, alias_options, false, false, alias,
		"Gives a tenant one more host name, or takes it away.",
		"b3lb-admin tenant alias acme bbb.acme.example"},
	{"tenant", "remove", "SLUG", 1, 1, NULL, false, true, take_away,
		"Removes a tenant without meetings and recordings, with its secrets.",
		"b3lb-admin tenant remove acme"},
	{.object = NULL},
};
