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
		api->form_body = api->form_read && rq->body.len > 0;
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
	if (query_parse(&rq->arena, covered, strlen(covered), &text->query, &text->malformed) == -1)
		text->malformed.kind = ERR_INVALID;
	query_remove(&text->query, "checksum");
	api->query = query_copy(&rq->arena, &text->query);
	query_clean(&rq->arena, &api->query);
}

/* bbb-web takes no meetingID that is another once control characters and outer blanks are gone (doc/bbb-api, 1.2). */
static bool id_is_plain(const struct query *q, const char *id)
{
	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->params[i].name, "meetingID") == 0 && q->params[i].cleaned)
			return false;
	return !id[strcspn(id, "\t\r\n")] && *id != ' ' && id[strlen(id) - 1] != ' ';
}

bool api_parameters_fail(const struct api *api, enum api_error *error, char *complaint, size_t size)
{
	const char *id = query_get_filled(&api->query, "meetingID");
	const char *const *required = api_call_of(api)->required;

	*error = API_INVALID_PARAMETERS;
	for (size_t i = 0; required && required[i]; i++) {
		if (!query_get_filled(&api->query, required[i])) {
			snprintf(complaint, size, "Parameter %s is missing", required[i]);
			return true;
		}
	}
	if (id && !(api->x.endpoint->flags & API_NAMES_MANY) && !id_is_plain(&api->query, id)) {
		*error = API_VALIDATION;
		snprintf(complaint, size,
			"Parameter meetingID must have no control characters and no blanks around it");
		return true;
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
	       checksum_verify_request(&api->x.rq->arena, &text->claim, api->x.endpoint->path, &text->query,
		       secrets, api->service->conf->allowed_sha_algorithms);
}

const char *api_wanted_meeting(const struct api *api)
{
	const char *id = query_get_filled(&api->query, "meetingID");

	return id && !(api->x.endpoint->flags & API_NAMES_MANY) ? id : NULL;
}
