/* SPDX-License-Identifier: ISC */
/* Administration of accounts and tokens: who may administer, what, for which tenants. */
#include "config.h"
#include "core/account.h"

#include "core/login.h"
#include "sql/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What both have: checked, and as SQL takes it. */
struct grant {
	const char *role;
	const char *const *tenants;
	size_t tenant_count;
	struct buf ids; /* an SQL array; NULL bytes: all */
};

static int check_role(const char *role, const char **field, struct err *err)
{
	static const char *const roles[] = {"admin", "operator", "viewer"};

	for (size_t i = 0; role && i < ARRAY_SIZE(roles); i++)
		if (strcmp(roles[i], role) == 0)
			return 0;
	*field = "role";
	return err_set(err, ERR_INVALID, "role must be one of " ACCOUNT_ROLES);
}

/* Role and tenants become what SQL takes. */
static int check_grant(struct db *db, struct grant *g, const char **field, struct err *err)
{
	struct buf slugs = BUF_INIT;
	struct db_result *r = NULL;
	const char *missing;
	int rc = 0;

	if (check_role(g->role, field, err) == -1)
		return -1;
	if (!g->tenants)
		return 0;
	db_array_begin(&slugs);
	for (size_t i = 0; i < g->tenant_count; i++)
		db_array_add(&slugs, g->tenants[i]);
	db_array_end(&slugs);
	rc = db_run(db, &stmt_access_tenants, DB_ARGS(buf_str(&slugs)), &r, err);
	missing = rc == 0 ? db_text(r, 0, ACCESS_TENANTS_MISSING) : NULL;
	if (rc == 0)
		buf_puts(&g->ids, db_text(r, 0, ACCESS_TENANTS_IDS));
	if (missing) {
		*field = "tenants";
		rc = err_set(err, ERR_INVALID, "tenants: there is no tenant %.64s", missing);
	}
	db_free(r);
	buf_free(&slugs);
	return rc;
}

static const char *grant_ids(const struct grant *g)
{
	return g->tenants ? buf_str(&g->ids) : NULL;
}

/* The function's word, in err; 0 when it is done. */
static int take_result(struct db_result *r, const char *name, struct err *err)
{
	static const struct {
		const char *word;
		enum err_kind kind;
		const char *text;
	} words[] = {
		{"there", ERR_CONFLICT, "exists already"},
		{"stale", ERR_STALE, "was changed meanwhile"},
		{"last", ERR_CONFLICT, "is the last that may administer everything"},
	};
	const char *result = db_text(r, 0, 0);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(result, words[i].word) == 0)
			return err_set(err, words[i].kind, "account %.64s %s", name, words[i].text);
	return 0;
}

/* One statement and its lines in the audit: both, or none of it. */
static int run_noted(struct db *db, const struct db_stmt *stmt, const struct db_args *args,
	const struct actor *actor, const char *what, const char *name, const char *changes, bool dry_run,
	struct err *err)
{
	struct db_conn *c = db_borrow(db, err);
	struct db_result *r = NULL;
	int rc = -1;

	if (!c || db_begin(c, err) == -1 || db_exec(c, stmt, args, &r, err) == -1)
		goto out;
	if (db_rows(r) == 0) {
		err_set(err, ERR_NOT_FOUND, "there is no %s %.64s", what, name);
		goto out;
	}
	if (take_result(r, name, err) == -1)
		goto out;
	if (!dry_run && (audit_lines(c, actor, changes, err) == -1 || db_commit(c, err) == -1))
		goto out;
	rc = 0;
out:
	db_free(r);
	db_return(c);
	return rc;
}

static void add_text(struct buf *b, const json_t *value)
{
	if (json_is_string(value)) {
		buf_puts(b, json_string_value(value));
	} else if (json_is_array(value)) {
		const json_t *item;
		size_t i;

		json_array_foreach(value, i, item)
			buf_printf(b, "%s%s", i ? "," : "", json_string_value(item));
		if (json_array_size(value) == 0)
			buf_puts(b, "none");
	} else {
		buf_puts(b, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "all");
	}
}

static void add_change(
	struct buf *changes, const char *name, const char *field, const json_t *before, const json_t *after)
{
	if (json_equal(before, after))
		return;
	buf_printf(changes, "account %s: %s ", name, field);
	add_text(changes, before);
	buf_puts(changes, " -> ");
	add_text(changes, after);
	buf_putc(changes, '\n');
}

/* Slugs as they are shown: upper case, sorted. */
static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static json_t *tenants_json(const char *const *tenants, size_t count)
{
	char **names = mem_zalloc((count ? count : 1) * sizeof(*names));
	json_t *list = tenants ? json_array() : json_null();

	for (size_t i = 0; tenants && i < count; i++) {
		names[i] = mem_strdup(tenants[i]);
		for (char *p = names[i]; *p; p++)
			if (*p >= 'a' && *p <= 'z')
				*p = (char)(*p - 'a' + 'A');
	}
	qsort(names, tenants ? count : 0, sizeof(*names), compare_names);
	for (size_t i = 0; tenants && i < count; i++) {
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			json_array_append_new(list, json_string(names[i]));
	}
	for (size_t i = 0; tenants && i < count; i++)
		free(names[i]);
	free(names);
	return list;
}

/* What becomes of before (NULL: it is new). */
static void tell(const struct account_settings *s, const json_t *before, struct buf *changes)
{
	json_t *role = json_string(s->role), *disabled = json_boolean(s->disabled);
	json_t *tenants = tenants_json(s->tenants, s->tenant_count);

	if (before) {
		add_change(changes, s->name, "role", json_object_get(before, "role"), role);
		add_change(changes, s->name, "tenants", json_object_get(before, "tenants"), tenants);
		add_change(changes, s->name, "disabled", json_object_get(before, "disabled"), disabled);
		if (s->password)
			buf_printf(changes, "account %s: password changed\n", s->name);
	} else {
		buf_printf(changes, "account %s: added, role %s, tenants ", s->name, s->role);
		add_text(changes, tenants);
		buf_putc(changes, '\n');
	}
	json_decref(role);
	json_decref(disabled);
	json_decref(tenants);
}

static int check_account(const struct account_settings *s, const char **field, struct err *err)
{
	size_t len = strlen(s->name);
	const char *rule;

	if (!len || len > 64 || s->name[strspn(s->name, "abcdefghijklmnopqrstuvwxyz0123456789@._-")] ||
		strchr("@._-", *s->name)) {
		*field = "name";
		return err_set(err, ERR_INVALID,
			"name must be 1 to 64 lower-case letters, digits, @ . _ -, and begin with a letter or digit");
	}
	rule = s->password ? password_complaint(s->password) : NULL;
	if (!rule)
		return 0;
	*field = "password";
	return err_set(err, ERR_INVALID, "password %s", rule);
}

int account_set(struct db *db, const struct actor *actor, const struct account_settings *s, const char *etag,
	bool dry_run, struct buf *changes, const char **field, struct err *err)
{
	struct grant grant = {s->role, s->tenants, s->tenant_count, BUF_INIT};
	json_t *before = NULL;
	struct arena arena = {0};
	char session[CREDENTIAL_HASH_SIZE];
	const char *hash = NULL, *none;
	int rc = -1;

	if (s->cookie)
		credential_hash(s->cookie, session);
	field = field ? field : &none;
	*field = NULL;
	if (check_account(s, field, err) == -1 || check_grant(db, &grant, field, err) == -1 ||
		(etag && account_read(db, s->name, &before, err) == -1))
		goto out;
	tell(s, before, changes);
	rc = 0;
	if (!changes->len)
		goto out;
	rc = -1;
	if (s->password && !(hash = password_hash(&arena, s->password, err)))
		goto out;
	rc = run_noted(db, &stmt_account_set,
		DB_ARGS(s->name, etag, s->role, grant_ids(&grant), s->disabled, hash,
			s->cookie ? (const char *)session : NULL),
		actor, "account", s->name, buf_str(changes), dry_run, err);
out:
	arena_free(&arena);
	json_decref(before);
	buf_free(&grant.ids);
	return rc;
}

int account_remove(struct db *db, const struct actor *actor, const char *name, const char *etag, bool dry_run,
	struct buf *changes, struct err *err)
{
	json_t *before = NULL;

	if (account_read(db, name, &before, err) == -1)
		return -1;
	json_decref(before);
	buf_printf(changes, "account %s: removed\n", name);
	return run_noted(db, &stmt_account_remove, DB_ARGS(name, etag), actor, "account", name,
		buf_str(changes), dry_run, err);
}

/* All, or the one of that name. */
static int read_json(struct db *db, const struct db_stmt *stmt, const char *what, const char *name,
	json_t **out, struct err *err)
{
	struct db_result *r = NULL;
	json_t *list;

	*out = NULL;
	if (db_run(db, stmt, DB_ARGS(name), &r, err) == -1)
		return -1;
	list = login_json(r, err);
	if (!list)
		return -1;
	if (!name) {
		*out = list;
		return 0;
	}
	*out = json_incref(json_array_get(list, 0));
	json_decref(list);
	return *out ? 0 : err_set(err, ERR_NOT_FOUND, "there is no %s %.64s", what, name);
}

int account_read(struct db *db, const char *name, json_t **out, struct err *err)
{
	return read_json(db, &stmt_account_json, "account", name, out, err);
}

int account_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_account_list, NULL, out, err);
}

static int check_token(const struct token_settings *s, const char **field, struct err *err)
{
	size_t len = strlen(s->name);

	if (len && len <= 64 && !strchr("_.-", *s->name) &&
		!s->name[strspn(
			s->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")])
		return 0;
	*field = "name";
	return err_set(err, ERR_INVALID,
		"name must be 1 to 64 letters, digits, _ . -, and begin with a letter or digit");
}

int token_add(struct db *db, const struct actor *actor, const struct token_settings *s, bool dry_run,
	char text[TOKEN_TEXT_LEN + 1], struct buf *changes, const char **field, struct err *err)
{
	struct grant grant = {s->role, s->tenants, s->tenant_count, BUF_INIT};
	json_t *tenants = tenants_json(s->tenants, s->tenant_count);
	char digest[CREDENTIAL_HASH_SIZE], word[CREDENTIAL_LEN + 1];
	int rc = -1;

	*field = NULL;
	if (check_token(s, field, err) == -1 || check_grant(db, &grant, field, err) == -1 ||
		credential_make(word, err) == -1)
		goto out;
	snprintf(text, TOKEN_TEXT_LEN + 1, TOKEN_PREFIX "%s", word);
	credential_hash(text, digest);
	buf_printf(changes, "token %s: added, role %s, tenants ", s->name, s->role);
	add_text(changes, tenants);
	buf_printf(changes, ", %s%s\n", s->expires_at ? "until " : "for ever",
		s->expires_at ? s->expires_at : "");
	rc = run_noted(db, &stmt_token_add,
		DB_ARGS(s->name, (const char *)digest, s->role, grant_ids(&grant), actor->name,
			s->expires_at),
		actor, "token", s->name, buf_str(changes), dry_run, err);
	if (rc == -1 && err->kind == ERR_CONFLICT)
		err_set(err, ERR_CONFLICT, "token %.64s exists already", s->name);
	if (rc == -1 && err->kind == ERR_INVALID) {
		*field = "expires_at";
		err_set(err, ERR_INVALID, "expires_at must be a time: 2027-01-31T12:00:00Z");
	}
out:
	json_decref(tenants);
	buf_free(&grant.ids);
	return rc;
}

int token_remove(struct db *db, const struct actor *actor, const char *name, bool dry_run,
	struct buf *changes, struct err *err)
{

	buf_printf(changes, "token %s: removed\n", name);
	return run_noted(
		db, &stmt_token_remove, DB_ARGS(name), actor, "token", name, buf_str(changes), dry_run, err);
}

int token_read(struct db *db, const char *name, json_t **out, struct err *err)
{
	return read_json(db, &stmt_token_json, "token", name, out, err);
}

int token_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_token_list, NULL, out, err);
}
