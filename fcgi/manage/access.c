/* SPDX-License-Identifier: ISC */
/* Accounts, tokens and open sessions as resources. */
#include "config.h"
#include "manage.h"

#include "core/account.h"

#include <stdlib.h>
#include <string.h>

/* Who is bound to which tenants, as a body says it; tenants is the caller's to free. */
struct grant {
	const char *role;
	const char **tenants; /* NULL: all */
	size_t count;
};

static struct grant read_grant(json_t *body)
{
	json_t *tenants = json_object_get(body, "tenants");
	struct grant g = {.role = json_string_value(json_object_get(body, "role"))};

	if (json_is_array(tenants)) {
		g.count = json_array_size(tenants);
		g.tenants = mem_zalloc((g.count ? g.count : 1) * sizeof(*g.tenants));
		for (size_t i = 0; i < g.count; i++)
			g.tenants[i] = json_string_value(json_array_get(tenants, i));
	}
	return g;
}

/* What account_set and its kind said, with the field. */
static void fail(struct manage *m, const char *field, const struct err *err)
{
	if (field) {
		m->pointer = arena_printf(&m->x.rq->arena, "/%s", field);
		m->rule = err->text;
	}
	manage_fail(m, err);
}

static void send_list(struct manage *m, int rc, json_t *items, const struct err *err)
{
	if (rc == -1)
		manage_fail(m, err);
	else
		manage_send_json(m, 200,
			json_pack("{s:o, s:I}", "items", items, "total", (json_int_t)json_array_size(items)));
}

/* All that read finds when no name is given. */
static void send_all(struct exchange *x, int (*read)(struct db *, const char *, json_t **, struct err *))
{
	struct manage *m = (struct manage *)x;
	struct err err = {0};
	json_t *items = NULL;
	int rc = read(m->service->db, NULL, &items, &err);

	send_list(m, rc, items, &err);
}

static void get_accounts(struct exchange *x)
{
	send_all(x, account_read);
}

static void get_account(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct err err = {0};
	json_t *account = NULL;

	if (account_read(m->service->db, x->values[0], &account, &err) == -1)
		manage_fail(m, &err);
	else
		manage_send_object(m, 200, account);
}

/* Nobody shuts himself out by mistake. False when it was answered. */
static bool spares_self(struct manage *m, const char *name, const struct account_settings *s)
{
	if (strcmp(m->who.name, name) != 0 ||
		(s && s->role && strcmp(s->role, "admin") == 0 && !s->tenants && !s->disabled))
		return true;
	manage_refuse(&m->x, 409, "this is one's own account: another admin must do it");
	return false;
}

/* The session that asks: one's own new password does not end it. NULL: a token or the web server's word asks. */
static const char *own_session(struct manage *m)
{
	return strcmp(m->who.via, "password") == 0 ? manage_cookie(m) : NULL;
}

/* What an account is to be is in body; before: what is there, NULL: nothing. */
static void set_account(struct manage *m, json_t *body, json_t *before)
{
	struct grant g = read_grant(body);
	const struct account_settings s = {
		.name = m->x.values[0],
		.role = g.role,
		.tenants = g.tenants,
		.tenant_count = g.count,
		.disabled = json_is_true(json_object_get(body, "disabled")),
		.password = json_string_value(json_object_get(body, "password")),
		.cookie = own_session(m),
	};
	const char *etag = before ? manage_tag(m, before) : NULL, *field = NULL;
	const struct actor actor = manage_actor(m);
	struct buf changes = BUF_INIT;
	json_t *after = NULL;
	struct err err = {0};
	bool dry = manage_is_set(m, "dry_run");

	if (!spares_self(m, s.name, &s))
		goto out;
	if (account_set(m->service->db, &actor, &s, etag, dry, &changes, &field, &err) == -1 ||
		(!dry && account_read(m->service->db, s.name, &after, &err) == -1)) {
		fail(m, field, &err);
	} else if (dry) {
		manage_send_changes(m, &changes);
	} else {
		m->location = before ? NULL : m->x.rq->path;
		manage_send_object(m, before ? 200 : 201, after);
	}
out:
	buf_free(&changes);
	free(g.tenants);
}

static const struct manage_field account_fields[] = {{"role", FIELD_TEXT}, {"tenants", FIELD_NAMES_OR_NULL},
	{"disabled", FIELD_BOOL}, {"password", FIELD_TEXT}, {"name", FIELD_READ},
	{"locked_until", FIELD_READ}, {"login_at", FIELD_READ}, {"created_at", FIELD_READ},
	{"etag", FIELD_READ}, {"has_password", FIELD_READ}, {NULL, FIELD_READ}};

/* PUT says all of it, PATCH what is to be other. What is there must be what If-Match says. */
static void change_account(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	bool merges = x->rq->method == METHOD_PATCH;
	json_t *body = manage_take_body(m, account_fields), *before = NULL;
	struct err err = {0};

	if (!body)
		return;
	if (account_read(m->service->db, x->values[0], &before, &err) == -1 &&
		(err.kind != ERR_NOT_FOUND || merges)) {
		manage_fail(m, &err);
		goto out;
	}
	if (!manage_is_current(m, before, true))
		goto out;
	if (merges)
		json_object_update_missing(body, before);
	set_account(m, body, before);
out:
	json_decref(body);
	json_decref(before);
}

static void delete_account(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct actor actor = manage_actor(m);
	bool dry = manage_is_set(m, "dry_run");
	struct buf changes = BUF_INIT;
	json_t *before = NULL;
	struct err err = {0};

	if (account_read(m->service->db, x->values[0], &before, &err) == -1)
		manage_fail(m, &err);
	else if (!manage_is_current(m, before, true) || !spares_self(m, x->values[0], NULL))
		;
	else if (account_remove(m->service->db, &actor, x->values[0], manage_tag(m, before), dry, &changes,
			 &err) == -1)
		manage_fail(m, &err);
	else if (dry)
		manage_send_changes(m, &changes);
	else
		manage_send_nothing(m);
	buf_free(&changes);
	json_decref(before);
}

/* A new password that is made; it ends the account's sessions, but the one that asks. */
static void make_password(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct actor actor = manage_actor(m);
	struct buf changes = BUF_INIT;
	json_t *before = NULL;
	struct account_settings s = {.name = x->values[0], .cookie = own_session(m)};
	struct grant g = {0};
	const char *field = NULL;
	struct err err = {0};

	if (account_read(m->service->db, s.name, &before, &err) == -1 ||
		!(s.password = password_make(&x->rq->arena, &err))) {
		manage_fail(m, &err);
		goto out;
	}
	if (!manage_is_current(m, before, false))
		goto out;
	g = read_grant(before);
	s.role = g.role;
	s.tenants = g.tenants;
	s.tenant_count = g.count;
	s.disabled = json_is_true(json_object_get(before, "disabled"));
	if (account_set(m->service->db, &actor, &s, manage_tag(m, before), false, &changes, &field, &err) ==
		-1)
		fail(m, field, &err);
	else
		manage_send_json(m, 200, json_pack("{s:s}", "password", s.password));
out:
	free(g.tenants);
	buf_free(&changes);
	json_decref(before);
}

static void get_tokens(struct exchange *x)
{
	send_all(x, token_read);
}

static void get_token(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct err err = {0};
	json_t *token = NULL;

	if (token_read(m->service->db, x->values[0], &token, &err) == -1)
		manage_fail(m, &err);
	else
		manage_send_json(m, 200, token);
}

static const struct manage_field token_fields[] = {{"role", FIELD_TEXT}, {"tenants", FIELD_NAMES_OR_NULL},
	{"expires_at", FIELD_TEXT_OR_NULL}, {"name", FIELD_READ}, {"created_by", FIELD_READ},
	{"created_at", FIELD_READ}, {"used_at", FIELD_READ}, {NULL, FIELD_READ}};

/* Its text is in this answer and nowhere else. */
static void put_token(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct actor actor = manage_actor(m);
	struct token_settings s = {.name = x->values[0]};
	bool dry = manage_is_set(m, "dry_run");
	char text[TOKEN_TEXT_LEN + 1];
	struct buf changes = BUF_INIT;
	json_t *body = manage_take_body(m, token_fields), *token = NULL;
	struct grant g;
	const char *field = NULL;
	struct err err = {0};

	if (!body)
		return;
	g = read_grant(body);
	s.role = g.role;
	s.tenants = g.tenants;
	s.tenant_count = g.count;
	s.expires_at = json_string_value(json_object_get(body, "expires_at"));
	if (token_add(m->service->db, &actor, &s, dry, text, &changes, &field, &err) == -1 ||
		(!dry && token_read(m->service->db, s.name, &token, &err) == -1)) {
		fail(m, field, &err);
	} else if (dry) {
		manage_send_changes(m, &changes);
	} else {
		json_object_set_new(token, "token", json_string(text));
		m->location = x->rq->path;
		manage_send_json(m, 201, token);
	}
	free(g.tenants);
	buf_free(&changes);
	json_decref(body);
}

static void delete_token(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct actor actor = manage_actor(m);
	bool dry = manage_is_set(m, "dry_run");
	struct buf changes = BUF_INIT;
	struct err err = {0};

	if (token_remove(m->service->db, &actor, x->values[0], dry, &changes, &err) == -1)
		manage_fail(m, &err);
	else if (dry)
		manage_send_changes(m, &changes);
	else
		manage_send_nothing(m);
	buf_free(&changes);
}

static void get_sessions(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct login_limits limits = manage_limits(m);
	struct err err = {0};
	json_t *items = NULL;
	int rc = login_list(m->service->db, manage_cookie(m), &limits, &items, &err);

	send_list(m, rc, items, &err);
}

static void end_session(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct actor actor = manage_actor(m);
	struct audit_entry entry = {.object = "session", .changes = "ended"};
	struct err err = {0};

	if (login_end_one(m->service->db, &x->rq->arena, x->values[0], &entry.name, &err) == -1 ||
		audit_note(m->service->db, &actor, &entry, &err) == -1)
		manage_fail(m, &err);
	else
		manage_send_nothing(m);
}

static const struct endpoint rows[] = {
	ROW("v1/accounts", ON_GET_HEAD, MAY_ACCESS, ROW_GLOBAL, "List accounts", get_accounts,
		.answer = "Accounts"),
	ROW("v1/accounts/{name}", ON_GET_HEAD, MAY_ACCESS, ROW_GLOBAL, "Read an account", get_account,
		.answer = "Account"),
	ROW("v1/accounts/{name}", ON_PUT, MAY_ACCESS, ROW_GLOBAL | ROW_DRY, "Make or replace an account",
		change_account, .body = "Account", .answer = "Account"),
	ROW("v1/accounts/{name}", ON_PATCH, MAY_ACCESS, ROW_GLOBAL | ROW_DRY | ROW_CONDITIONAL,
		"Change an account", change_account, .body = "Account", .answer = "Account"),
	ROW("v1/accounts/{name}", ON_DELETE, MAY_ACCESS, ROW_GLOBAL | ROW_DRY | ROW_CONDITIONAL,
		"Remove an account", delete_account, ),
	ROW("v1/accounts/{name}/password", ON_POST, MAY_ACCESS, ROW_GLOBAL,
		"Make a new password: it is in the answer, once", make_password, ),
	ROW("v1/tokens", ON_GET_HEAD, MAY_ACCESS, ROW_GLOBAL, "List tokens", get_tokens, .answer = "Tokens"),
	ROW("v1/tokens/{name}", ON_GET_HEAD, MAY_ACCESS, ROW_GLOBAL, "Read a token", get_token,
		.answer = "Token"),
	ROW("v1/tokens/{name}", ON_PUT, MAY_ACCESS, ROW_GLOBAL | ROW_DRY,
		"Make a token: its text is in the answer, once", put_token, .body = "Token",
		.answer = "Token"),
	ROW("v1/tokens/{name}", ON_DELETE, MAY_ACCESS, ROW_GLOBAL | ROW_DRY, "Remove a token",
		delete_token, ),
	ROW("v1/sessions", ON_GET_HEAD, MAY_ACCESS, ROW_GLOBAL, "List who is signed in", get_sessions,
		.answer = "Sessions"),
	ROW("v1/sessions/{id}", ON_DELETE, MAY_ACCESS, ROW_GLOBAL, "End a session", end_session, ),
};
MANAGE_ROWS(access_rows, rows);
