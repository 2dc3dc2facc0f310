/* SPDX-License-Identifier: ISC */
/* Who sends a request, and may he: tenant, checksum, and the rules of single parameters. */
#include "config.h"
#include "api.h"

#include "secret_cache.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MEETING_ID_MAX 256

/* The bytes that the checksum covers: the query, or the form body of a request whose query holds nothing
 * else. */
struct signed_text {
	struct checksum_claim claim;
	bool claimed;	      /* one checksum was found */
	bool uncovered;	      /* a form beside a signed query: nothing covers the form */
	struct err malformed; /* of the parameters; told only to who has the secret */
};

static void read_signed_text(struct api *api, struct signed_text *text)
{
	struct request *rq = api->rq;
	struct checksum_claim in_body = {0};
	size_t query_len = strlen(rq->query);
	const char *covered;

	api->form_body = rq->body.len > 0;
	text->claimed = checksum_find(&rq->arena, rq->query, query_len, &text->claim) == 0;
	covered = text->claimed ? text->claim.rest : rq->query;
	if (api->form_body) {
		text->uncovered = covered[strspn(covered, "&")] != '\0';
		if (checksum_find(&rq->arena, buf_str(&rq->body), rq->body.len, &in_body) == 0) {
			/* The checksum stands in one place only. */
			text->claimed = !text->claimed;
			text->claim = in_body;
		} else {
			text->claim.rest = arena_strndup(&rq->arena, rq->body.ptr, rq->body.len);
			text->claimed = text->claimed && !strstr(buf_str(&rq->body), "checksum=");
		}
		covered = text->claim.rest;
	}
	if (query_parse(&rq->arena, covered, strlen(covered), &api->query, &text->malformed) == -1)
		text->malformed.kind = ERR_INVALID;
	query_remove(&api->query, "checksum");
}

/* True when the text is UTF-8 that PostgreSQL takes. */
static bool is_utf8(const char *s)
{
	unsigned cp;
	size_t len;

	for (; *s; s += len) {
		len = utf8_decode(s, &cp);
		if (!len)
			return false;
	}
	return true;
}

/* What is wrong with the parameters, into complaint; false when they are right. */
static bool parameters_fail(const struct api *api, char *complaint, size_t size)
{
	const char *id = query_get_filled(&api->query, "meetingID");

	for (size_t i = 0; api->call->required && api->call->required[i]; i++) {
		if (!query_get_filled(&api->query, api->call->required[i])) {
			snprintf(complaint, size, "Parameter %s is missing", api->call->required[i]);
			return true;
		}
	}
	/* All of them: what is none fails later, in the database or on the node. */
	for (size_t i = 0; i < api->query.count; i++) {
		const struct query_param *p = &api->query.params[i];

		if (!is_utf8(p->name) || !is_utf8(p->value)) {
			snprintf(complaint, size, "Parameter %s must be UTF-8", p->name);
			return true;
		}
	}
	if (id && !(api->call->policy & API_NAMES_MANY) &&
		(utf8_length(id) > MEETING_ID_MAX || strchr(id, ','))) {
		snprintf(complaint, size, "Parameter meetingID must have 2 to %d characters and no comma",
			MEETING_ID_MAX);
		return true;
	}
	return false;
}

static bool verifies(struct api *api, const struct signed_text *text, const char *const secrets[2])
{
	return text->claimed && !text->uncovered &&
	       checksum_verify_request(&api->rq->arena, &text->claim, api->call->name, &api->query, secrets,
		       api->service->conf->allowed_sha_algorithms);
}

/*
 * The secret under which a join can be counted in the statement that looks it up: one that was valid a moment
 * ago, verifies the checksum, and leaves nothing to refuse but what the statement itself sees. That statement
 * counts only while it is still valid.
 */
static const char *countable_secret(struct api *api, const struct signed_text *text)
{
	const char *redirect = query_get_filled(&api->query, "redirect"), *known[2], *one[2] = {NULL, NULL};
	char complaint[256];

	if (!(api->call->policy & API_COUNTS_JOINS) || text->malformed.kind ||
		parameters_fail(api, complaint, sizeof(complaint)) || api_join_lacks_credentials(api) ||
		(redirect && strcasecmp(redirect, "false") == 0) ||
		!secret_cache_get(&api->rq->arena, &api->route, api->rq->host, known))
		return NULL;
	for (int i = 0; i < 2; i++) {
		one[0] = known[i];
		if (known[i] && verifies(api, text, one))
			return known[i];
	}
	return NULL;
}

/* The one SQL round trip that says who asks and about what. */
static int read_tenant(struct api *api, const struct signed_text *text, struct err *err)
{
	bool many = api->call->policy & API_NAMES_MANY;
	const char *id = many ? NULL : query_get_filled(&api->query, "meetingID");
	const char *secret = countable_secret(api, text);
	struct request *rq = api->rq;

	if (api->call->policy & API_READS_LIST)
		return meeting_list_read(
			api->service->db, &rq->arena, &api->route, rq->host, &api->tenant, &api->list, err);
	if (secret)
		return meeting_find_to_join(api->service->db, &rq->arena, &api->route, rq->host, id, secret,
			&api->tenant, &api->meeting, &api->attendance, err);
	return meeting_find(api->service->db, &rq->arena, &api->route, rq->host,
		id && is_utf8(id) ? id : NULL, &api->tenant, &api->meeting, &api->attendance, err);
}

bool api_authorize(struct api *api)
{
	struct signed_text text = {0};
	char complaint[256];
	struct err err = {0};

	read_signed_text(api, &text);
	if (read_tenant(api, &text, &err) == -1) {
		api_fail_err(api, &err);
		return false;
	}
	if (!verifies(api, &text, api->tenant.secrets)) {
		/* The tenant's own status holds here too: a client with a wrong secret must be able to read
		 * why. */
		api_fail(api, API_CHECKSUM_ERROR, NULL);
		return false;
	}
	if (api->call->policy & API_COUNTS_JOINS)
		secret_cache_put(&api->route, api->rq->host, api->tenant.secrets);
	if (text.malformed.kind) {
		api_fail(api, API_INVALID_PARAMETERS, "Malformed %s", text.malformed.text);
		return false;
	}
	if (parameters_fail(api, complaint, sizeof(complaint))) {
		api_fail(api, API_INVALID_PARAMETERS, "%s", complaint);
		return false;
	}
	return true;
}
