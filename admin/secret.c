/* SPDX-License-Identifier: ISC */
/* b3lb-admin secret: what a tenant signs its requests with. */
#include "config.h"
#include "admin.h"
#include "json.h"

#include "base/url.h"
#include "core/secret.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PASSWORD_LENGTH 12

static const struct admin_option add_options[] = {
	{"sub-id", ADMIN_TEXT, false, "N|N-M", "Sub id or range of sub ids; each gets a secret of its own."},
	{"secret", ADMIN_TEXT, false, "S",
		"The secret; without it one is made, - reads a line of standard input."},
	{.name = NULL},
};
static const struct admin_option list_options[] = {
	{"show", ADMIN_SWITCH, false, NULL, "With the secrets themselves."},
	{.name = NULL},
};
static const struct admin_option roll_options[] = {
	{"secret", ADMIN_TEXT, false, "S",
		"The secret; without it one is made, - reads a line of standard input."},
	{"finish", ADMIN_SWITCH, false, NULL, "The old secret stops being valid; until then both are."},
	{.name = NULL},
};
static const struct admin_option set_options[] = {
	{"description", ADMIN_TEXT, false, "T", "Free text for people."},
	{"attendee-limit", ADMIN_COUNT, false, "N", "Attendees at once; 0: any number."},
	{"meeting-limit", ADMIN_COUNT, false, "N", "Meetings at once; 0: any number."},
	{"recording", ADMIN_CHOICE, false, "on|off", "Whether meetings may be recorded."},
	{"hold-days", ADMIN_COUNT, false, "N", "Days after which recordings are deleted; 0: never."},
	{"stats-token", ADMIN_TEXT, false, "T", "Token that opens its statistics and metrics."},
	{.name = NULL},
};

static const char *given_or_made(struct admin *a, struct err *err)
{
	const char *secret = admin_option(a, "secret");

	if (!secret)
		return secret_make(&a->arena, err);
	if (*secret)
		return secret;
	err_set(err, ERR_INVALID, "--secret must not be empty");
	return NULL;
}

static void print_secret(const struct admin *a, const char *tenant, int sub_id, const char *secret)
{
	if (a->json)
		admin_json_print(json_pack("{s:s, s:i, s:o}", "tenant", tenant, "sub_id", sub_id, "secret",
			admin_json_text(secret)));
	else
		printf("%s-%d %s\n", tenant, sub_id, secret);
}

/* Reads "7" or "1-20"; none is 0. */
static int parse_range(const char *text, int *from, int *to, struct err *err)
{
	char *end = NULL;
	long a, b;

	*from = *to = 0;
	if (!text)
		return 0;
	a = b = strtol(text, &end, 10);
	if (end != text && *end == '-')
		b = strtol(end + 1, &end, 10);
	if (end == text || *end || a < 0 || b > 999 || a > b)
		return err_set(err, ERR_INVALID, "--sub-id must be N or N-M, from 0 to 999");
	*from = (int)a;
	*to = (int)b;
	return 0;
}

static int add(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1], shown[ROUTE_SLUG_MAX + 8];
	int from, to, sub_id, rc;
	const char **secrets;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1 ||
		parse_range(admin_option(a, "sub-id"), &from, &to, err) == -1)
		return -1;
	if (!admin_option(a, "sub-id"))
		from = to = sub_id;
	if (from != to && admin_option(a, "secret"))
		return err_set(err, ERR_INVALID, "--secret is for one sub id: each has its own");
	secrets = arena_alloc(&a->arena, sizeof(*secrets) * (size_t)(to - from + 1));
	for (int i = from; i <= to; i++)
		if (!(secrets[i - from] = given_or_made(a, err)))
			return -1;
	sub_id = from;
	rc = secret_add(a->db, slug, &sub_id, secrets, to - from + 1, err);
	snprintf(shown, sizeof(shown), "%s-%d", slug, sub_id);
	if (admin_explain(rc, "secret", shown, err) == -1)
		return -1;
	for (int i = from; i <= to; i++)
		print_secret(a, slug, i, secrets[i - from]);
	return 0;
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (secret_list(a->db, a->arg_count ? a->args[0] : NULL, admin_option(a, "show") != NULL, &r, err) ==
		-1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int roll(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	const char *secret = NULL;
	int sub_id;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	if (!admin_option(a, "finish") && !(secret = given_or_made(a, err)))
		return -1;
	if (secret_roll(a->db, slug, sub_id, secret, err) == -1)
		return -1;
	if (secret)
		print_secret(a, slug, sub_id, secret);
	return 0;
}

static int set(struct admin *a, struct err *err)
{
	const struct secret_settings s = {
		.description = admin_option(a, "description"),
		.attendee_limit = admin_option(a, "attendee-limit"),
		.meeting_limit = admin_option(a, "meeting-limit"),
		.hold_days = admin_option(a, "hold-days"),
		.stats_token = admin_option(a, "stats-token"),
		.recording = admin_option(a, "recording"),
	};
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	return secret_set(a->db, slug, sub_id, &s, err);
}

static int take_away(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	return admin_explain(secret_remove(a->db, slug, sub_id, err), "secret", a->args[0], err);
}

void admin_api_url(struct arena *a, const struct conf *conf, const char *slug, int sub_id, struct buf *out)
{
	const char *public = conf_public_url(conf, a), *colon = "";
	char *tenant = arena_printf(a, sub_id ? "%s-%d" : "%s", slug, sub_id);
	struct url url;

	for (char *p = tenant; *p; p++)
		*p = (char)tolower((unsigned char)*p);

	if (!url_split(a, public, &url))
		return;
	if (*url.port)
		colon = ":";
	/* The names of tenants are below the base domain: behind another name or path there is the path alone. */
	if (strcasecmp(url.host, conf->api_base_domain) == 0 && !*url.path)
		buf_printf(out, "%s://%s.%s%s%s/bigbluebutton/", url.scheme, tenant, conf->api_base_domain,
			colon, url.port);
	else
		buf_printf(out, "%s/b3lb/t/%s/bbb/", public, tenant);
}

static void add_part(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "&%s=", name);
	buf_url(out, value, strlen(value));
}

int admin_api_mate(struct admin *a, const char *slug, int sub_id, struct buf *out, struct err *err)
{
	struct buf server = BUF_INIT;
	struct secret_use use;
	const char *attendee, *moderator;

	if (secret_get(a->db, &a->arena, slug, sub_id, &use, err) == -1 ||
		!(attendee = secret_make(&a->arena, err)) || !(moderator = secret_make(&a->arena, err)))
		return -1;
	admin_api_url(&a->arena, &a->conf, slug, sub_id, &server);
	buf_puts(out, "https://mconf.github.io/api-mate/#server=");
	buf_url(out, server.ptr, server.len);
	add_part(out, "sharedSecret", use.secret);
	add_part(out, "name", arena_printf(&a->arena, "API Mate %s-%d", slug, sub_id));
	add_part(out, "attendeePW", arena_printf(&a->arena, "%.*s", PASSWORD_LENGTH, attendee));
	add_part(out, "moderatorPW", arena_printf(&a->arena, "%.*s", PASSWORD_LENGTH, moderator));
	if (use.recording)
		add_part(out, "record", "true");
	if (use.slide)
		add_part(out, "pre-upload",
			arena_printf(
				&a->arena, "%s/b3lb/t/%s/slide", conf_public_url(&a->conf, &a->arena), slug));
	buf_free(&server);
	return 0;
}

static int api_mate(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	struct buf url = BUF_INIT;
	int sub_id, rc;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	rc = admin_api_mate(a, slug, sub_id, &url, err);
	if (rc == 0 && a->json)
		admin_json_print(json_pack("{s:s}", "url", buf_str(&url)));
	else if (rc == 0)
		printf("%s\n", buf_str(&url));
	buf_free(&url);
	return rc;
}

const struct admin_command admin_secret_commands[] = {
	{"secret", "add", "TENANT", 1, 1, add_options, false, false, add,
		"Makes a secret for a tenant and prints it.", "b3lb-admin secret add acme --sub-id 1-20"},
	{"secret", "list", "[TENANT]", 0, 1, list_options, false, false, list,
		"Lists secrets with limits and use.", "b3lb-admin secret list acme --show"},
	{"secret", "roll", "TENANT[-SUB]", 1, 1, roll_options, false, false, roll,
		"Makes a new secret and prints it; the old one stays valid until --finish.",
		"b3lb-admin secret roll acme-5"},
	{"secret", "set", "TENANT[-SUB]", 1, 1, set_options, false, false, set,
		"Changes limits and settings of a secret; the rest stays.",
		"b3lb-admin secret set acme-5 --meeting-limit 10"},
	{"secret", "remove", "TENANT[-SUB]", 1, 1, NULL, false, true, take_away,
		"Removes a secret without meetings and recordings.", "b3lb-admin secret remove acme-5"},
	{"secret", "api-mate", "TENANT[-SUB]", 1, 1, NULL, false, false, api_mate,
		"Prints a link that tries the secret in API Mate.", "b3lb-admin secret api-mate acme"},
	{.object = NULL},
};
