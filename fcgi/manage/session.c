/* SPDX-License-Identifier: ISC */
/* Signing in and out, and who one is. */
#include "config.h"
#include "manage.h"

#include "bbb/route.h"
#include "core/account.h"

#include <stdatomic.h>
#include <string.h>

/* 64 MiB each. */
#define HASHES_AT_ONCE 2
#define NAME_MAX_BYTES 64
#define COOKIE_FLAGS   "; Path=/; Secure; HttpOnly; SameSite=Strict"

static atomic_int hashing;

/* Tells the audit; that it could not is no reason to shut anybody out. */
static void note(const struct manage *m, const char *name, bool refused, const char *changes)
{
	const struct audit_entry entry = {
		.object = "session", .name = name, .changes = changes, .refused = refused};
	struct actor actor = manage_actor(m);
	struct err err = {0};

	actor.name = name;
	if (audit_note(m->service->db, &actor, &entry, &err) == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: %s", m->x.rq->id, err.text);
}

static void refuse_login(struct manage *m, const char *name)
{
	note(m, name, true, "sign-in refused");
	manage_refuse(&m->x, 401, "name or password is wrong");
}

/* Name and password are there; the name can be an account's. */
static void log_in(struct manage *m, const char *name, const char *password)
{
	struct request *rq = m->x.rq;
	struct db *db = m->service->db;
	const struct login_limits limits = manage_limits(m);
	const char *hash = NULL, *agent = request_env(rq, "HTTP_USER_AGENT");
	char cookie[CREDENTIAL_LEN + 1];
	long long account = 0;
	struct err err = {0};

	if (login_attempt(db, &rq->arena, name, rq->remote_addr, &account, &hash, &m->retry_after, &err) ==
		-1) {
		if (err.kind == ERR_LIMIT)
			note(m, name, true, "sign-in refused: too many attempts");
		manage_fail(m, &err);
	} else if (!password_fits(password, hash)) {
		refuse_login(m, name);
	} else if (login_begin(db, account, hash, manage_cookie(m), rq->remote_addr, agent ? agent : "",
			   &limits, cookie, &err) == -1) {
		if (err.kind == ERR_DENIED)
			refuse_login(m, name);
		else
			manage_fail(m, &err);
	} else {
		note(m, name, false, "signed in");
		m->cookie = arena_printf(&rq->arena, MANAGE_COOKIE "=%s" COOKIE_FLAGS, cookie);
		manage_send_nothing(m);
	}
}

static void post_session(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const char *name, *password;
	json_t *body;

	if (!manage_read_json(m, &body))
		return;
	name = json_string_value(json_object_get(body, "name"));
	password = json_string_value(json_object_get(body, "password"));
	if (!name || !password || !*name || strlen(name) > NAME_MAX_BYTES) {
		m->pointer = name && *name && strlen(name) <= NAME_MAX_BYTES ? "/password" : "/name";
		m->rule = "must be a text of 1 to 64 bytes; a password may have 512";
		manage_refuse(x, 422, "name and password are needed");
	} else if (atomic_fetch_add(&hashing, 1) >= HASHES_AT_ONCE) {
		atomic_fetch_sub(&hashing, 1);
		m->retry_after = 1;
		manage_refuse(x, 503, "too many sign in at this moment");
	} else {
		log_in(m, name, password);
		atomic_fetch_sub(&hashing, 1);
	}
	json_decref(body);
}

static json_t *permissions(unsigned may)
{
	static const char *const names[MAY__MAX] = {"read", "operate", "configure", "secrets", "access"};
	json_t *list = json_array();

	for (int i = 0; i < MAY__MAX; i++)
		if (may & 1u << i)
			json_array_append_new(list, json_string(names[i]));
	return list;
}

/* Slugs of an SQL array, in upper case; null: all. */
static json_t *tenants(const char *slugs)
{
	json_t *list = slugs ? json_array() : json_null();

	for (const char *p = slugs; p && *p;) {
		size_t n = strcspn(p, "{},\"");
		char name[ROUTE_SLUG_MAX + 1];

		if (n && n < sizeof(name)) {
			for (size_t i = 0; i < n; i++)
				name[i] = (char)(p[i] >= 'a' && p[i] <= 'z' ? p[i] - 'a' + 'A' : p[i]);
			json_array_append_new(list, json_stringn(name, n));
		}
		p += n;
		p += strspn(p, "{},\"");
	}
	return list;
}

static void get_session(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct conf *conf = m->service->conf;

	manage_send_json(m, 200,
		json_pack("{s:s, s:s, s:o, s:s, s:s?, s:o, s:i, s:o, s:s, s:s, s:s}", "name", m->who.name,
			"role", m->who.role, "tenants", tenants(m->who.slugs), "via", m->who.via,
			"expires_at", m->who.expires_at, "expires_in",
			m->who.expires_at ? json_integer(m->who.expires_in) : json_null(), "idle_seconds",
			conf->admin_session_idle, "permissions", permissions(m->who.permissions), "version",
			PACKAGE_VERSION, "base_domain", conf->api_base_domain, "api_mate_url",
			conf->api_mate_url));
}

static void delete_session(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const char *cookie = manage_cookie(m);
	struct err err = {0};

	if (cookie && login_end(m->service->db, cookie, &err) == -1 && err.kind != ERR_NOT_FOUND) {
		manage_fail(m, &err);
		return;
	}
	if (cookie && err.kind == ERR_NONE)
		note(m, m->who.name, false, "signed out");
	m->cookie = MANAGE_COOKIE "=" COOKIE_FLAGS "; Max-Age=0";
	manage_send_nothing(m);
}

static const struct endpoint rows[] = {
	ROW("v1/session", ON_GET_HEAD, MAY_READ, ROW_ANYONE, "Say who is signed in", get_session,
		.answer = "Session"),
	ROW("v1/session", ON_POST, MAY_READ, ROW_SIGNS_IN, "Sign in: the answer has the cookie", post_session,
		.body = "Login"),
	ROW("v1/session", ON_DELETE, MAY_READ, ROW_ANYONE, "Sign out", delete_session, ),
};
MANAGE_ROWS(session_rows, rows);
