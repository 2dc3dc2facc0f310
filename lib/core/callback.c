/* SPDX-License-Identifier: ISC */
/* Callbacks: what nodes tell us about meetings, and the outbox of what clients are told. */
#include "config.h"
#include "core/callback.h"

#include "base/url.h"
#include "bbb/token.h"
#include "sql/statements.h"

#include <string.h>

int callback_end(
	struct db *db, const char *nonce, const char *node_meeting_id, const char *marks, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_callback_end, DB_ARGS(nonce, node_meeting_id, marks), &r, err);

	if (rc == 0 && db_is(r, 0, CALLBACK_END_RESULT, "unknown"))
		rc = err_set(err, ERR_NOT_FOUND, "there is no such nonce");
	db_free(r);
	return rc;
}

int callback_find_meeting(
	struct db *db, struct arena *a, const char *nonce, struct callback_meeting *m, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_callback_meeting, DB_ARGS(nonce), &r, "such nonce", err) == -1)
		return -1;
	m->node_secret = arena_strdup(a, db_text(r, 0, CALLBACK_MEETING_SECRET));
	m->client_id = arena_strdup(a, db_text(r, 0, CALLBACK_MEETING_MEETING_ID));
	m->node_meeting_id = arena_strdup(a, db_text(r, 0, CALLBACK_MEETING_NODE_MEETING_ID));
	client_params_read(a, db_text(r, 0, CALLBACK_MEETING_OWN_PARAMS), &m->own);
	db_free(r);
	return 0;
}

int callback_claim(
	struct db *db, struct arena *a, int max, int lease_seconds, struct callback **list, struct err *err)
{
	struct db_result *r = NULL;
	int count;

	if (db_run(db, &stmt_callback_claim, DB_ARGS(max, lease_seconds), &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++)
		(*list)[i] = (struct callback){
			.id = db_int(r, i, CALLBACK_CLAIM_ID),
			.kind = arena_strdup(a, db_text(r, i, CALLBACK_CLAIM_KIND)),
			.url = arena_strdup(a, db_text(r, i, CALLBACK_CLAIM_URL)),
			.body = arena_strdup(a, db_text(r, i, CALLBACK_CLAIM_BODY)),
			.secret = arena_strdup(a, db_text(r, i, CALLBACK_CLAIM_SECRET)),
			.other_secret = arena_strdup(a, db_text(r, i, CALLBACK_CLAIM_SECRET2)),
			.attempts = (int)db_int(r, i, CALLBACK_CLAIM_ATTEMPTS),
			.tenant = arena_strdup(a, db_text(r, i, CALLBACK_CLAIM_TENANT)),
		};
	db_free(r);
	return count;
}

bool callback_use_other_secret(struct callback *c)
{
	bool is_signed = strcmp(c->kind, "analytics") == 0 || strcmp(c->kind, "ready") == 0;

	if (!is_signed || !c->other_secret)
		return false;
	c->secret = c->other_secret;
	c->other_secret = NULL;
	return true;
}

bool callback_prepare(struct arena *a, const char *deny, struct callback *c, struct upstream_call *call)
{
	*call = (struct upstream_call){.url = url_ascii(a, c->url), .deny = deny, .ignore_body = true};
	if (strcmp(c->kind, "analytics") == 0) {
		const char *jwt = token_sign_analytics(a, c->secret);

		c->authorization = jwt ? arena_printf(a, "Bearer %s", jwt) : NULL;
		call->authorization = c->authorization;
		call->content_type = "application/json";
		call->body = c->body;
		call->body_len = strlen(c->body);
		return jwt != NULL;
	}
	if (strcmp(c->kind, "ready") == 0) {
		const char *jwt = token_sign_ready(a, c->body, c->secret);

		c->form = jwt ? arena_printf(a, "signed_parameters=%s", jwt) : NULL;
		call->content_type = "application/x-www-form-urlencoded";
		call->body = c->form;
		call->body_len = c->form ? strlen(c->form) : 0;
		return jwt != NULL;
	}
	return true;
}

int callback_finish(struct db *db, const struct callback *c, bool delivered, const char *why, bool *given_up,
	struct err *err)
{
	struct db_result *r = NULL;

	*given_up = false;
	if (db_run(db, &stmt_callback_finish, DB_ARGS(c->id, delivered, why), &r, err) == -1)
		return -1;
	*given_up = db_rows(r) == 1 && db_is(r, 0, CALLBACK_FINISH_STATE, "failed");
	db_free(r);
	return 0;
}

int callback_prune(struct db *db, struct err *err)
{
	return db_run(db, &stmt_callback_prune, NULL, NULL, err);
}

int callback_hosts(struct db *db, const char *tenants, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_callback_hosts, DB_ARGS(tenants), out, err);
}

int callback_retry(struct db *db, const struct callback_choice *choice, const struct actor *actor,
	long long *retried, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_callback_retry,
		    DB_ARGS(choice->tenants, choice->id, choice->tenant, choice->host, actor->name,
			    actor->via, actor->remote_addr, actor->request_id),
		    &r, err) == -1)
		return -1;
	*retried = db_int(r, 0, CALLBACK_RETRY_RETRIED);
	db_free(r);
	return 0;
}
