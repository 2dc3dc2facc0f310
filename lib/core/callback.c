/* SPDX-License-Identifier: ISC */
/* Callbacks: what nodes tell us about meetings, and the outbox of what clients are told. */
#include "config.h"
#include "core/callback.h"

#include "bbb/token.h"

#include <string.h>

static const struct db_stmt stmt_end = {
	"callback_end", "select b3lb.callback_end($1, $2, $3::boolean)", true};

static const struct db_stmt stmt_meeting = {"callback_meeting",
	"select n.secret, x.meeting_id, x.node_meeting_id, x.own_params from ("
	"  select node_id, meeting_id, node_meeting_id, own_params from b3lb.meeting where nonce = $1"
	"  union all"
	"  select node_id, meeting_id, node_meeting_id, own_params from b3lb.ended_meeting where nonce = $1"
	"  limit 1) x join b3lb.node n on n.id = x.node_id",
	true};

static const struct db_stmt stmt_analytics = {
	"callback_analytics", "select b3lb.callback_analytics($1, $2)", false};

static const struct db_stmt stmt_claim = {"callback_claim",
	"select c.id, c.kind, c.url, c.body, s.secret, c.attempts, t.slug "
	"from b3lb.claim_callbacks($1::int, $2::int * interval '1 second') c "
	"join b3lb.secret s on s.id = c.secret_id join b3lb.tenant t on t.id = s.tenant_id",
	false};

static const struct db_stmt stmt_finish = {
	"callback_finish", "select b3lb.finish_callback($1::bigint, $2::boolean, $3)", true};

static const struct db_stmt stmt_prune = {"callback_prune", "select b3lb.prune_callbacks()", true};

int callback_end(struct db *db, const char *nonce, const char *node_meeting_id, bool marks, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rc;

	db_arg_text(&args, nonce);
	db_arg_text(&args, node_meeting_id);
	db_arg_bool(&args, marks);
	rc = db_run(db, &stmt_end, &args, &r, err);
	if (rc == 0 && strcmp(db_text(r, 0, 0), "unknown") == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such nonce");
	db_free(r);
	return rc;
}

int callback_find_meeting(
	struct db *db, struct arena *a, const char *nonce, struct callback_meeting *m, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	db_arg_text(&args, nonce);
	if (db_run_found(db, &stmt_meeting, &args, &r, "such nonce", err) == -1)
		return -1;
	m->node_secret = arena_strdup(a, db_text(r, 0, 0));
	m->client_id = arena_strdup(a, db_text(r, 0, 1));
	m->node_meeting_id = arena_strdup(a, db_text(r, 0, 2));
	client_params_read(a, db_text(r, 0, 3), &m->own);
	db_free(r);
	return 0;
}

int callback_relay_analytics(struct db *db, const char *nonce, const char *body, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, nonce);
	db_arg_text(&args, body);
	return db_run(db, &stmt_analytics, &args, NULL, err);
}

int callback_claim(
	struct db *db, struct arena *a, int max, int lease_seconds, struct callback **list, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int count;

	db_arg_int(&args, max);
	db_arg_int(&args, lease_seconds);
	if (db_run(db, &stmt_claim, &args, &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++)
		(*list)[i] = (struct callback){
			.id = db_int(r, i, 0),
			.kind = arena_strdup(a, db_text(r, i, 1)),
			.url = arena_strdup(a, db_text(r, i, 2)),
			.body = arena_strdup(a, db_text(r, i, 3)),
			.secret = arena_strdup(a, db_text(r, i, 4)),
			.attempts = (int)db_int(r, i, 5),
			.tenant = arena_strdup(a, db_text(r, i, 6)),
		};
	db_free(r);
	return count;
}

bool callback_prepare(struct arena *a, const char *deny, struct callback *c, struct upstream_call *call)
{
	*call = (struct upstream_call){.url = c->url, .deny = deny, .ignore_body = true};
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
	struct db_args args = {0};
	struct db_result *r = NULL;

	*given_up = false;
	db_arg_int(&args, c->id);
	db_arg_bool(&args, delivered);
	db_arg_text(&args, why);
	if (db_run(db, &stmt_finish, &args, &r, err) == -1)
		return -1;
	*given_up = db_rows(r) == 1 && db_text(r, 0, 0) && strcmp(db_text(r, 0, 0), "failed") == 0;
	db_free(r);
	return 0;
}

int callback_prune(struct db *db, struct err *err)
{
	return db_run(db, &stmt_prune, NULL, NULL, err);
}
