/* SPDX-License-Identifier: ISC */
/* What a request's checksum covers, whether a secret verifies it, and the rules of single parameters. */
#include "config.h"
#include "api.h"

#include <stdio.h>
#include <string.h>

#define MEETING_ID_MAX 256

void api_read_signed_text(struct api *api, struct signed_text *text)
{
	struct request *rq = api->x.rq;
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

bool api_parameters_fail(const struct api *api, char *complaint, size_t size)
{
	const char *id = query_get_filled(&api->query, "meetingID");
	const char *const *required = api_call_of(api)->required;

	for (size_t i = 0; required && required[i]; i++) {
		if (!query_get_filled(&api->query, required[i])) {
			snprintf(complaint, size, "Parameter %s is missing", required[i]);
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
	if (id && !(api->x.endpoint->flags & API_NAMES_MANY) &&
		(utf8_length(id) > MEETING_ID_MAX || strchr(id, ','))) {
		snprintf(complaint, size, "Parameter meetingID must have 2 to %d characters and no comma",
			MEETING_ID_MAX);
		return true;
	}
	return false;
}

bool api_verifies(struct api *api, const struct signed_text *text, const char *const secrets[2])
{
	return text->claimed && !text->uncovered &&
	       checksum_verify_request(&api->x.rq->arena, &text->claim, api->x.endpoint->path, &api->query,
		       secrets, api->service->conf->allowed_sha_algorithms);
}

const char *api_wanted_meeting(const struct api *api)
{
	const char *id = query_get_filled(&api->query, "meetingID");

	return id && !(api->x.endpoint->flags & API_NAMES_MANY) && is_utf8(id) ? id : NULL;
}
