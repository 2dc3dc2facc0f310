/* SPDX-License-Identifier: ISC */
/* b3lb-admin account, token: who may administer by the console and the management API. */
#include "config.h"
#include "change.h"
#include "json.h"

#include "base/clock.h"
#include "core/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TENANTS_MAX	 256
#define EXPIRES_DAYS_MAX 36500

static const struct admin_option add_options[] = {
	{"role", ADMIN_CHOICE, true, ACCOUNT_ROLES,
		"What it may: admin everything, operator what runs and what went wrong, viewer look."},
	{"tenants", ADMIN_LIST, false, "A,B",
		"Tenants that it is bound to, or --tenant T for each; without it all, and what is global."},
	{"password", ADMIN_TEXT, false, "P",
		"The password; without it one is made, - reads a line of standard input."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};
static const struct admin_option set_options[] = {
	{"role", ADMIN_CHOICE, false, ACCOUNT_ROLES,
		"What it may: admin everything, operator what runs and what went wrong, viewer look."},
	{"tenants", ADMIN_LIST, false, "A,B",
		"Tenants that it is bound to, or --tenant T for each; \"all\" for all, and what is global."},
	{"disabled", ADMIN_CHOICE, false, "on|off", "Whether it cannot sign in; its sessions end."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};
static const struct admin_option password_options[] = {
	{"password", ADMIN_TEXT, false, "P",
		"The password; without it one is made, - reads a line of standard input."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};
static const struct admin_option token_options[] = {
	{"role", ADMIN_CHOICE, true, ACCOUNT_ROLES,
		"What it may: admin everything, operator what runs and what went wrong, viewer look."},
	{"tenants", ADMIN_LIST, false, "A,B",
		"Tenants that it is bound to, or --tenant T for each; without it all, and what is global."},
	{"expires", ADMIN_TEXT, false, "DAYS|TIME",
		"When it ends: in 1 to 36500 days, or a date, or RFC 3339; without it never."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

/* Names between commas; NULL for none given, and for "all". */
static const char *const *split_tenants(struct admin *a, const char *text, size_t *count)
{
	const char **names;

	*count = 0;
	if (!text || strcmp(text, "all") == 0)
		return NULL;
	names = arena_alloc(&a->arena, TENANTS_MAX * sizeof(*names));
	for (const char *p = text + strspn(text, ", "); *p && *count < TENANTS_MAX; p += strspn(p, ", ")) {
		size_t n = strcspn(p, ", ");

		names[(*count)++] = arena_strndup(&a->arena, p, n);
		p += n;
	}
	return names;
}

static const char *given_or_made(struct admin *a, struct err *err)
{
	const char *given = admin_option(a, "password");

	return given ? given : password_make(&a->arena, err);
}

/* A password that was given is known. */
static void print_password(struct admin *a, const struct account_settings *s)
{
	const char *url = conf_console_url(&a->conf, &a->arena);

	if (a->json)
		admin_json_print(
			json_pack("{s:s, s:s, s:s}", "name", s->name, "password", s->password, "url", url));
	else
		printf("console: %s\nname: %s\npassword: %s\n", url, s->name,
			admin_option(a, "password") ? "as given" : s->password);
}

static int add(struct admin *a, struct err *err)
{
	struct account_settings s = {.name = a->args[0], .role = admin_option(a, "role")};
	const struct actor *actor = admin_actor(a);
	struct buf changes = BUF_INIT;
	int rc;

	s.tenants = split_tenants(a, admin_option(a, "tenants"), &s.tenant_count);
	if (!(s.password = given_or_made(a, err)))
		return -1;
	rc = account_set(a->db, actor, &s, NULL, admin_is_dry(a), &changes, NULL, err);
	if (rc == 0 && admin_is_dry(a))
		admin_print_dry(a, &changes);
	else if (rc == 0)
		print_password(a, &s);
	buf_free(&changes);
	return rc;
}

/* What is there, and its tag; what is not given stays. */
static int change(struct admin *a, struct account_settings *s, struct err *err)
{
	const struct actor *actor = admin_actor(a);
	const char *role = admin_option(a, "role"), *tenants = admin_option(a, "tenants");
	const char *disabled = admin_option(a, "disabled"), *etag;
	struct buf changes = BUF_INIT, slugs = BUF_INIT;
	json_t *before = NULL, *item;
	size_t i;
	int rc = account_read(a->db, s->name, &before, err);

	if (rc == -1)
		return -1;
	json_array_foreach(json_object_get(before, "tenants"), i, item)
		buf_printf(&slugs, "%s%s", i ? "," : "", json_string_value(item));
	if (!tenants && json_is_array(json_object_get(before, "tenants")))
		tenants = buf_str(&slugs);
	s->role = role ? role : json_string_value(json_object_get(before, "role"));
	s->tenants = split_tenants(a, tenants, &s->tenant_count);
	s->disabled =
		disabled ? strcmp(disabled, "on") == 0 : json_is_true(json_object_get(before, "disabled"));
	etag = json_string_value(json_object_get(before, "etag"));
	rc = account_set(a->db, actor, s, etag, admin_is_dry(a), &changes, NULL, err);
	if (rc == 0 && admin_is_dry(a))
		admin_print_dry(a, &changes);
	buf_free(&changes);
	buf_free(&slugs);
	json_decref(before);
	return rc;
}

static int set(struct admin *a, struct err *err)
{
	struct account_settings s = {.name = a->args[0]};

	return change(a, &s, err);
}

static int new_password(struct admin *a, struct err *err)
{
	struct account_settings s = {.name = a->args[0]};

	if (!(s.password = given_or_made(a, err)) || change(a, &s, err) == -1)
		return -1;
	if (!admin_is_dry(a))
		print_password(a, &s);
	return 0;
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (account_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int take_away(struct admin *a, struct err *err)
{
	const struct actor *actor = admin_actor(a);
	struct buf changes = BUF_INIT;
	int rc = account_remove(a->db, actor, a->args[0], NULL, admin_is_dry(a), &changes, err);

	if (rc == 0 && admin_is_dry(a))
		admin_print_dry(a, &changes);
	buf_free(&changes);
	return rc;
}

/* --expires as a time; without it NULL. */
static int read_expires(struct admin *a, const char **time_at, struct err *err)
{
	const char *text = admin_option(a, "expires");
	char at[CLOCK_UTC_SIZE];
	long long seconds;

	*time_at = text;
	if (!text || list_time(admin_time(a, text), &seconds))
		return 0;
	if (!text_is_number(text, 5) || atoi(text) < 1 || atoi(text) > EXPIRES_DAYS_MAX)
		return err_set(err, ERR_INVALID,
			"--expires must be days, 1 to %d, or a time: 2027-12-31 or 2027-12-31T12:00:00Z",
			EXPIRES_DAYS_MAX);
	clock_utc(time(NULL) + (time_t)atoi(text) * 86400, at);
	*time_at = arena_strdup(&a->arena, at);
	return 0;
}

static int add_token(struct admin *a, struct err *err)
{
	struct token_settings s = {.name = a->args[0], .role = admin_option(a, "role")};
	const struct actor *actor = admin_actor(a);
	char text[TOKEN_TEXT_LEN + 1];
	struct buf changes = BUF_INIT;
	const char *field;
	int rc;

	if (read_expires(a, &s.expires_at, err) == -1)
		return -1;
	s.tenants = split_tenants(a, admin_option(a, "tenants"), &s.tenant_count);
	rc = token_add(a->db, actor, &s, admin_is_dry(a), text, &changes, &field, err);
	if (rc == 0 && admin_is_dry(a))
		admin_print_dry(a, &changes);
	else if (rc == 0 && a->json)
		admin_json_print(json_pack("{s:s, s:s}", "name", s.name, "token", text));
	else if (rc == 0)
		printf("%s\n", text);
	buf_free(&changes);
	return rc;
}

static int list_tokens(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (token_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int remove_token(struct admin *a, struct err *err)
{
	const struct actor *actor = admin_actor(a);
	struct buf changes = BUF_INIT;
	int rc = token_remove(a->db, actor, a->args[0], admin_is_dry(a), &changes, err);

	if (rc == 0 && admin_is_dry(a))
		admin_print_dry(a, &changes);
	buf_free(&changes);
	return rc;
}

const struct admin_command admin_account_commands[] = {
	{"account", "add", "NAME", 1, 1, add_options, false, false, add,
		"Makes an account that signs in to the console, and prints its password.",
		"b3lb-admin account add anna --role admin"},
	{"account", "set", "NAME", 1, 1, set_options, false, false, set,
		"Changes what an account may; the rest stays.",
		"b3lb-admin account set anna --role operator"},
	{"account", "list", "", 0, 0, NULL, false, false, list, "Lists all accounts.",
		"b3lb-admin account list"},
	{"account", "password", "NAME", 1, 1, password_options, false, false, new_password,
		"Gives an account a new password and prints it; its sessions end.",
		"b3lb-admin account password anna"},
	{"account", "remove", "NAME", 1, 1, admin_dry_run, false, true, take_away,
		"Removes an account with its sessions.", "b3lb-admin account remove anna"},
	{.object = NULL},
};
const struct admin_command admin_token_commands[] = {
	{"token", "add", "NAME", 1, 1, token_options, false, false, add_token,
		"Makes a token for programs that use the management API, and prints it.",
		"b3lb-admin token add terraform --role admin --expires 2027-12-31"},
	{"token", "list", "", 0, 0, NULL, false, false, list_tokens, "Lists all tokens, without their text.",
		"b3lb-admin token list"},
	{"token", "remove", "NAME", 1, 1, admin_dry_run, false, true, remove_token,
		"Removes a token: nothing opens with it any more.", "b3lb-admin token remove terraform"},
	{.object = NULL},
};
