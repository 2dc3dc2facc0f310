/* SPDX-License-Identifier: ISC */
/* b3lb-admin secret: what a tenant signs its requests with. */
#include "config.h"
#include "change.h"
#include "json.h"

#include "core/secret.h"
#include "core/tenant_urls.h"

#include <stdio.h>
#include <stdlib.h>

static const struct admin_option add_options[] = {
	{"sub-id", ADMIN_TEXT, false, "N|N-M", "Sub id or range of sub ids; each gets a secret of its own."},
	{"secret", ADMIN_TEXT, false, "S",
		"The secret; without it one is made, - reads a line of standard input."},
	ADMIN_DRY_RUN,
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
	ADMIN_DRY_RUN,
	{.name = NULL},
};
static const struct admin_option set_options[] = {
	{"description", ADMIN_TEXT, false, "T", "Free text for people."},
	{"attendee-limit", ADMIN_COUNT, false, "N", "Attendees at once; 0: any number."},
	{"meeting-limit", ADMIN_COUNT, false, "N", "Meetings at once; 0: any number."},
	{"recording", ADMIN_CHOICE, false, "on|off", "Whether meetings may be recorded."},
	{"hold-days", ADMIN_COUNT, false, "N", "Days after which recordings are deleted; 0: never."},
	{"stats-token", ADMIN_TEXT, false, "T", "Token that opens its statistics and metrics."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static const char *given_or_made(struct admin *a, struct err *err)
{
	const char *secret = admin_option(a, "secret");

	if (!secret)
		return secret_make(&a->arena, err);
	if (*secret && utf8_valid(secret))
		return secret;
	err_set(err, ERR_INVALID, "--secret must not be empty, and must be UTF-8");
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

/* Prints nothing where nothing was made. */
static void print_made(
	const struct admin *a, const char *tenant, int from, int to, const char *const *secrets)
{
	for (int i = from; i <= to && !admin_is_dry(a); i++)
		print_secret(a, tenant, i, secrets[i - from]);
}

static int add(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	int from, to, sub_id, rc;
	struct change *changes;
	const char **secrets;
	size_t count;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1 ||
		parse_range(admin_option(a, "sub-id"), &from, &to, err) == -1)
		return -1;
	if (!admin_option(a, "sub-id"))
		from = to = sub_id;
	if (from != to && admin_option(a, "secret"))
		return err_set(err, ERR_INVALID, "--secret is for one sub id: each has its own");
	count = (size_t)(to - from) + 1;
	secrets = arena_alloc(&a->arena, sizeof(*secrets) * count);
	changes = arena_alloc(&a->arena, sizeof(*changes) * count);
	for (size_t i = 0; i < count; i++) {
		if (!(secrets[i] = given_or_made(a, err)))
			return -1;
		changes[i] = (struct change){.object = &state_secret,
			.parent = slug,
			.name = arena_printf(&a->arena, "%d", from + (int)i),
			.kind = CHANGE_PUT,
			.only_new = true,
			.body = json_pack("{s:s}", "secret", secrets[i])};
	}
	rc = admin_changes(a, changes, count, err);
	for (size_t i = 0; i < count; i++)
		json_decref((json_t *)changes[i].body);
	if (rc == 0)
		print_made(a, slug, from, to, secrets);
	return rc;
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

/* The secret that the command names; *change gets its names, which live as long as slug. */
static int find_secret(
	struct admin *a, char slug[ROUTE_SLUG_MAX + 1], int *sub_id, struct change *change, struct err *err)
{
	if (admin_tenant_sub(a->args[0], slug, sub_id, err) == -1)
		return -1;
	*change = (struct change){
		.object = &state_secret, .parent = slug, .name = arena_printf(&a->arena, "%d", *sub_id)};
	return 0;
}

static int roll(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	const char *secret = NULL;
	struct change change;
	json_t *body;
	int sub_id, rc;

	if (find_secret(a, slug, &sub_id, &change, err) == -1)
		return -1;
	if (!admin_option(a, "finish") && !(secret = given_or_made(a, err)))
		return -1;
	body = secret ? json_pack("{s:s}", "secret", secret) : json_pack("{s:n}", "secret2");
	change.kind = secret ? CHANGE_ROLL : CHANGE_PATCH;
	change.body = body;
	rc = admin_changes(a, &change, 1, err);
	if (rc == 0 && secret)
		print_made(a, slug, sub_id, sub_id, &secret);
	json_decref(body);
	return rc;
}

/* set and remove. */
static int change(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	struct change change;
	int sub_id;

	if (find_secret(a, slug, &sub_id, &change, err) == -1)
		return -1;
	return admin_change(a, &state_secret, slug, change.name, err);
}

static int api_mate(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	struct buf url = BUF_INIT;
	int sub_id, rc;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	rc = tenant_api_mate(a->db, &a->conf, &a->arena, slug, sub_id, &url, err);
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
	{"secret", "set", "TENANT[-SUB]", 1, 1, set_options, false, false, change,
		"Changes limits and settings of a secret; the rest stays.",
		"b3lb-admin secret set acme-5 --meeting-limit 10"},
	{"secret", "remove", "TENANT[-SUB]", 1, 1, admin_dry_run, false, true, change,
		"Removes a secret without meetings and recordings.", "b3lb-admin secret remove acme-5"},
	{"secret", "api-mate", "TENANT[-SUB]", 1, 1, NULL, false, false, api_mate,
		"Prints a link that tries the secret in API Mate.", "b3lb-admin secret api-mate acme"},
	{.object = NULL},
};
