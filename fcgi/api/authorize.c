/* SPDX-License-Identifier: ISC */
/* Who sends a request, and may he: tenant, checksum, and the rules of single parameters. */
#include "config.h"
#include "api.h"

#include "core/tenant_cache.h"

#include <stdio.h>
#include <string.h>

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

	/* The second time, api->body may be a slide that was put beside a form. */
	if (!api->body)
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
			text->claimed = text->claimed && !in_body.named;
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

/* Of a call without fault: the way to the node is the answer, whatever the statement finds there. Not where
 * a rule of the tenant may say otherwise, or the URL may become too long: each byte of the request and of
 * the rules' values may take three. */
static bool will_be_sent_on(const struct api *api, const struct tenant *known)
{
	size_t ruled = known->parameters ? strlen(known->parameters) : 0;

	return api->call->policy & API_COUNTS_JOINS && !api_join_lacks_credentials(api) &&
	       strlen(api->rq->query) + api->rq->body.len + ruled < API_LOCATION_MAX / 4 &&
	       !api_join_stays(api) && !(known->parameters && strstr(known->parameters, "\"redirect\""));
}

/* The meetingID that one meeting is looked up by; NULL: none. */
static const char *wanted_meeting(const struct api *api)
{
	const char *id = query_get_filled(&api->query, "meetingID");

	return id && !(api->call->policy & API_NAMES_MANY) && is_utf8(id) ? id : NULL;
}

/*
 * The short way: a tenant that this process knows, whose secret verifies the checksum, and a statement that
 * does its work only while that tenant is what it was. Not for what will be refused. Returns 1, or 0 when the
 * database must be asked who asks, or -1 with err.
 */
static int authorize_again(struct api *api, const struct signed_text *text, struct err *err)
{
	struct arena *a = &api->rq->arena;
	struct db *db = api->service->db;
	struct tenant known;
	int rc = 1;

	if (!tenant_cache_get(a, &api->route, api->rq->host, &known) || !verifies(api, text, known.secrets))
		return 0;
	if (api->call->policy & API_READS_LIST)
		rc = meeting_list_read_again(db, a, &known, &api->list, err);
	else if (!(api->call->policy & API_PLACES))
		rc = known.limited && api->call->policy & API_COUNTS_JOINS
			     ? 0
			     : meeting_find_again(db, a, &known, wanted_meeting(api),
				       will_be_sent_on(api, &known), &api->meeting, &api->attendance.counted,
				       err);
	if (rc == 1)
		api->tenant = known;
	return rc;
}

/* The one SQL round trip that says who asks and about what. */
static int read_tenant(struct api *api, struct err *err)
{
	struct request *rq = api->rq;

	if (api->call->policy & API_READS_LIST)
		return meeting_list_read(
			api->service->db, &rq->arena, &api->route, rq->host, &api->tenant, &api->list, err);
	return meeting_find(api->service->db, &rq->arena, &api->route, rq->host, wanted_meeting(api),
		&api->tenant, &api->meeting, &api->attendance, err);
}

static bool authorize(struct api *api, bool again)
{
	struct signed_text text = {0};
	char complaint[256];
	struct err err = {0};
	bool faulty;
	int rc = 0;

	read_signed_text(api, &text);
	faulty = text.malformed.kind || parameters_fail(api, complaint, sizeof(complaint));
	if (again && !faulty)
		rc = authorize_again(api, &text, &err);
	if (rc == 0)
		rc = read_tenant(api, &err);
	if (rc == -1) {
		api_fail_err(api, &err);
		return false;
	}
	if (rc == 0) {
		if (!verifies(api, &text, api->tenant.secrets)) {
			/* The tenant's own status holds here too: a client with a wrong secret must be able
			 * to read why. */
			api_fail(api, API_CHECKSUM_ERROR, NULL);
			return false;
		}
		tenant_cache_put(&api->route, api->rq->host, &api->tenant);
	}
	if (text.malformed.kind) {
		api_fail(api, API_INVALID_PARAMETERS, "Malformed %s", text.malformed.text);
		return false;
	}
	if (faulty)
		api_fail(api, API_INVALID_PARAMETERS, "%s", complaint);
	return !faulty;
}

bool api_authorize(struct api *api)
{
	return authorize(api, true);
}

bool api_authorize_anew(struct api *api)
{
	return authorize(api, false);
}
