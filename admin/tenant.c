/* SPDX-License-Identifier: ISC */
/* b3lb-admin tenant: who may ask for meetings, in what limits, under which host names. */
#include "config.h"
#include "admin.h"

#include "core/tenant.h"

#include <string.h>
#include <strings.h>

#define TENANT_OPTIONS                                                                                       \
	{"description", ADMIN_TEXT, false, "T"}, {"attendee-limit", ADMIN_COUNT, false, "N"},                \
		{"meeting-limit", ADMIN_COUNT, false, "N"}, {"recording", ADMIN_CHOICE, false, "on|off"},    \
		{"hold-days", ADMIN_COUNT, false, "N"},                                                      \
		{"error-status", ADMIN_CHOICE, false, "http|bbb|default"},                                   \
		{"protected", ADMIN_CHOICE, false, "off|on|always"},                                         \
		{"stats-token", ADMIN_TEXT, false, "T"},                                                     \
	{                                                                                                    \
		NULL, ADMIN_TEXT, false, NULL                                                                \
	}

static const struct admin_option add_options[] = {{"group", ADMIN_TEXT, true, "NAME"}, TENANT_OPTIONS};
static const struct admin_option set_options[] = {{"group", ADMIN_TEXT, false, "NAME"}, TENANT_OPTIONS};
static const struct admin_option alias_options[] = {
	{"remove", ADMIN_SWITCH, false, "take it away"},
	{NULL, ADMIN_TEXT, false, NULL},
};

int admin_check_slug(const char *text, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;

	if (!strchr(text, '-') && route_parse_tenant(text, strlen(text), slug, &sub_id))
		return 0;
	return err_set(
		err, ERR_INVALID, "tenant '%.64s' must be a letter, then letters or digits, 2 to 32", text);
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
		.stats_token = admin_option(a, "stats-token"),
	};
}

static int add(struct admin *a, struct err *err)
{
	struct tenant_settings s = read_settings(a);

	if (admin_check_slug(s.slug, err) == -1)
		return -1;
	return admin_explain(tenant_add(a->db, &s, a->conf.api_base_domain, err), "tenant", s.slug, err);
}

static int set(struct admin *a, struct err *err)
{
	struct tenant_settings s = read_settings(a);

	return admin_explain(tenant_set(a->db, &s, err), "tenant", s.slug, err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (tenant_list(a->db, a->arg_count ? a->args[0] : NULL, &r, err) == -1)
		return -1;
	admin_print(a, r, a->arg_count > 0);
	return 0;
}

/* A host name that is others' already: an alias of it would shut them out. */
static int check_host_is_free(struct admin *a, const char *host, struct err *err)
{
	size_t base = strlen(a->conf.api_base_domain), len = strlen(host);
	char slug[ROUTE_SLUG_MAX + 1];
	struct db_result *r = NULL;
	int sub_id;

	if (strcasecmp(host, a->conf.api_base_domain) == 0)
		return err_set(
			err, ERR_CONFLICT, "alias %.64s is the base domain, which all tenants use", host);
	if (len <= base + 1 || strcasecmp(host + len - base, a->conf.api_base_domain) != 0 ||
		host[len - base - 1] != '.' || !route_parse_tenant(host, len - base - 1, slug, &sub_id) ||
		strcasecmp(slug, a->args[0]) == 0)
		return 0;
	if (tenant_list(a->db, slug, &r, err) == -1) {
		bool nobody = err->kind == ERR_NOT_FOUND;

		if (nobody)
			*err = (struct err){0};
		return nobody ? 0 : -1;
	}
	db_free(r);
	return err_set(err, ERR_CONFLICT, "alias %.64s is a host name of tenant %s", host, slug);
}

static int alias(struct admin *a, struct err *err)
{
	const char *host = a->args[1];

	if (admin_option(a, "remove"))
		return tenant_alias_remove(a->db, a->args[0], host, err);
	if (!*host || strlen(host) > 253 ||
		host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")])
		return err_set(err, ERR_INVALID, "alias '%.64s' must be a host name without a port", host);
	if (check_host_is_free(a, host, err) == -1)
		return -1;
	return admin_explain(tenant_alias_add(a->db, a->args[0], host, err), "alias", host, err);
}

static int take_away(struct admin *a, struct err *err)
{
	return admin_explain(tenant_remove(a->db, a->args[0], err), "tenant", a->args[0], err);
}

const struct admin_command admin_tenant_commands[] = {
	{"tenant", "add", "SLUG", 1, 1, add_options, false, false, add},
	{"tenant", "set", "SLUG", 1, 1, set_options, false, false, set},
	{"tenant", "list", "", 0, 0, NULL, false, false, list},
	{"tenant", "show", "SLUG", 1, 1, NULL, false, false, list},
	{"tenant", "alias", "SLUG HOST", 2, 2, alias_options, false, false, alias},
	{"tenant", "remove", "SLUG", 1, 1, NULL, false, true, take_away},
	{NULL, NULL, NULL, 0, 0, NULL, false, false, NULL},
};
