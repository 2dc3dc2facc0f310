/* SPDX-License-Identifier: ISC */
/* Events on their way to a webhook: what is to be sent, how it is signed, and what became of it. */
#include "config.h"
#include "core/hook_send.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/url.h"
#include "bbb/hook_sign.h"
#include "sql/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_SECONDS 5
#define WAITING_MAX	10000

static struct hook_lane *lane_of(const struct conf *conf, const struct db_result *r, int row)
{
	struct hook_lane *l = mem_zalloc(sizeof(*l));
	struct arena *a = &l->arena;
	long long sub_id = db_int(r, row, HOOK_CLAIM_SUB_ID);
	const char *slug = db_text(r, row, HOOK_CLAIM_TENANT);
	int sha = sha_alg_by_name(db_text(r, row, HOOK_CLAIM_SHA));

	l->hook_id = db_int(r, row, HOOK_CLAIM_HOOK_ID);
	l->lane = arena_strdup(a, db_text(r, row, HOOK_CLAIM_LANE));
	l->url = arena_strdup(a, db_text(r, row, HOOK_CLAIM_URL));
	l->secret = arena_strdup(a, db_text(r, row, HOOK_CLAIM_SECRET));
	l->other_secret = arena_strdup(a, db_text(r, row, HOOK_CLAIM_SECRET2));
	l->tenant = sub_id ? arena_printf(a, "%s-%lld.%s", slug, sub_id, conf->api_base_domain)
			   : arena_printf(a, "%s.%s", slug, conf->api_base_domain);
	l->bearer = db_is(r, row, HOOK_CLAIM_AUTH, "bearer");
	l->sha = sha < 0 ? SHA_ALG_1 : (enum sha_alg)sha;
	l->began_ms = clock_ms();
	return l;
}

int hook_claim(struct db *db, const struct conf *conf, int max, int lease_seconds, struct hook_lane ***lanes,
	struct err *err)
{
	struct arena a = {0};
	struct db_result *r = NULL;
	struct hook_lane *l = NULL;
	int count = 0;

	if (db_run(db, &stmt_hook_claim,
		    DB_ARGS(max, HOOK_LANE_MAX, lease_seconds, conf_public_url(conf, &a)), &r, err) == -1) {
		arena_free(&a);
		return -1;
	}
	*lanes = mem_zalloc(sizeof(**lanes) * (size_t)(db_rows(r) + 1));
	for (int i = 0; i < db_rows(r); i++) {
		if (!l || l->hook_id != db_int(r, i, HOOK_CLAIM_HOOK_ID) ||
			strcmp(l->lane, db_text(r, i, HOOK_CLAIM_LANE)) != 0)
			l = (*lanes)[count++] = lane_of(conf, r, i);
		if (l->count < HOOK_LANE_MAX)
			l->events[l->count++] = (struct hook_event){
				.id = db_int(r, i, HOOK_CLAIM_ID),
				.stamp = db_int(r, i, HOOK_CLAIM_STAMP),
				.body = arena_strdup(&l->arena, db_text(r, i, HOOK_CLAIM_BODY)),
			};
	}
	db_free(r);
	arena_free(&a);
	return count;
}

void hook_lane_free(struct hook_lane *lane)
{
	arena_free(&lane->call);
	arena_free(&lane->arena);
	free(lane);
}

void hook_prepare(const struct conf *conf, struct hook_lane *lane, struct upstream_call *call)
{
	const struct hook_event *e = &lane->events[lane->at];
	const char *target = lane->target ? lane->target : lane->url;
	struct buf form = BUF_INIT;
	struct arena *a = &lane->call;
	char hex[SHA_HEX_MAX + 1];

	arena_reset(a);
	buf_printf(&form, "domain=%s&event=%%5B", lane->tenant);
	buf_url(&form, e->body, strlen(e->body));
	buf_printf(&form, "%%5D&timestamp=%lld", e->stamp);
	*call = (struct upstream_call){
		.content_type = "application/x-www-form-urlencoded;charset=UTF-8",
		.body = arena_strdup(a, buf_str(&form)),
		.body_len = form.len,
		.ignore_body = true,
		.deny = *conf->callback_deny ? conf->callback_deny : NULL,
		.keep = true,
		.timeout = TIMEOUT_SECONDS,
	};
	if (lane->bearer) {
		call->authorization = arena_printf(a, "Bearer %s", lane->secret);
		call->url = url_ascii(a, target);
	} else {
		/* A redirect says where, not what: it is signed for the URL that was registered. */
		hook_sign_make(lane->sha, lane->url, call->body, call->body_len, lane->secret, hex);
		call->url = url_ascii(a, arena_printf(a, "%.*s%cchecksum=%s", (int)strcspn(target, "#"),
						 target, strchr(target, '?') ? '&' : '?', hex));
	}
	buf_free(&form);
}

/* True when the answer sends us on, where we may go. */
static bool follow(struct hook_lane *lane, const char *location, char *why, size_t size)
{
	const char *from = lane->target ? lane->target : lane->url, *to;
	bool other = false;

	to = *location ? url_resolve(&lane->arena, from, location, &other) : NULL;
	if (!to)
		snprintf(why, size, "it redirects to nothing that is http or https");
	else if (lane->redirects == HOOK_REDIRECTS_MAX)
		snprintf(why, size, "it redirects more than %d times", HOOK_REDIRECTS_MAX);
	else if (other && lane->bearer)
		snprintf(why, size, "it redirects to another host, which is not told the secret");
	else {
		lane->target = to;
		lane->redirects++;
		return true;
	}
	return false;
}

enum hook_result hook_answered(
	struct hook_lane *lane, const struct upstream_done *done, char *why, size_t size)
{
	int status = done->answer.status;

	if (done->err.kind != ERR_NONE) {
		snprintf(why, size, "%s", done->err.text);
		return HOOK_FAILED;
	}
	/* A platform that has not heard of the new secret yet: both are valid, and it may know the other one. */
	if ((status == 401 || status == 403) && lane->other_secret) {
		lane->secret = lane->other_secret;
		lane->other_secret = NULL;
		lane->target = NULL;
		lane->redirects = 0;
		return HOOK_AGAIN;
	}
	if (status / 100 == 2 || status == 401)
		return HOOK_TAKEN;
	snprintf(why, size, "HTTP status %d", status);
	return status / 100 == 3 && status != 304 && follow(lane, done->answer.location, why, size)
		       ? HOOK_AGAIN
		       : HOOK_FAILED;
}

/* The array is ended when it is written: more may come when that fails. */
static void put(struct buf *array, const char *text)
{
	if (!array->len)
		db_array_begin(array);
	db_array_add(array, text);
}

void hook_note(struct hook_notes *notes, long long id, const char *why)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", id);
	put(!why ? &notes->taken : *why ? &notes->failed : &notes->left, text);
	if (why && *why)
		put(&notes->errors, why);
	notes->count++;
}

int hook_notes_write(struct db *db, struct hook_notes *notes, struct err *err)
{
	struct buf *const arrays[] = {&notes->taken, &notes->failed, &notes->errors, &notes->left};
	const char *args[ARRAY_SIZE(arrays)];
	struct arena a = {0};
	int rc;

	if (!notes->count)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		args[i] = arena_printf(&a, "%s}", arrays[i]->len ? buf_str(arrays[i]) : "{");
	rc = db_run(db, &stmt_hook_finish, DB_ARGS(args[0], args[1], args[2], args[3]), NULL, err);
	if (rc == 0)
		hook_notes_free(notes);
	arena_free(&a);
	return rc;
}

void hook_notes_free(struct hook_notes *notes)
{
	buf_free(&notes->taken);
	buf_free(&notes->failed);
	buf_free(&notes->errors);
	buf_free(&notes->left);
	*notes = (struct hook_notes){0};
}

int hook_prune(struct db *db, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_hook_prune, DB_ARGS(WAITING_MAX), &r, err) == -1)
		return -1;
	for (int i = 0; i < db_rows(r); i++) {
		struct log_line l;
		bool removed = db_bool(r, i, HOOK_PRUNE_REMOVED);

		log_begin(&l, LOG_LEVEL_WARNING, removed ? "hook_removed" : "hook_events_lost");
		log_int(&l, "hook", db_int(r, i, HOOK_PRUNE_HOOK));
		if (!removed)
			log_int(&l, "events", db_int(r, i, HOOK_PRUNE_LOST));
		log_str(&l, "msg",
			removed ? "it has taken nothing for a day"
				: "they were older than a day, or more than 10000 waited");
		log_end(&l);
	}
	db_free(r);
	return 0;
}

int hook_drop(struct db *db, struct err *err)
{
	return db_run(db, &stmt_hook_drop, NULL, NULL, err);
}
