/* SPDX-License-Identifier: ISC */
/* join: the browser goes on to the meeting's node with a URL that the node accepts. */
#include "config.h"
#include "calls.h"
#include "browser.h"

#include "base/log.h"
#include "core/metric.h"
#include "core/rule.h"
#include "http/response.h"

#include <jansson.h>
#include <string.h>

/* Before the answer: who was sent on was counted. What cannot be counted now does not keep anybody out. */
static void count(struct api *api, enum metric_event event)
{
	struct err err = {0};

	if (metric_count(api->service->db, api->tenant.secret_id, event, &err) == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: not counted: %s", api->x.rq->id, err.text);
}

/* What is wrong with the request bbb-web says in the query of a redirect, even with redirect=false
 * (doc/bbb-api, 1.3). False when that is no such answer. */
static bool send_refusal(struct api *api, const char *location)
{
	struct arena *a = &api->x.rq->arena;
	const char *from = strchr(location, '?'), *text = NULL, *key, *message;
	struct query query = {0};
	struct err err = {0};
	json_t *errors, *error;

	if (from && query_parse(a, from + 1, strcspn(from + 1, "#"), &query, &err) == -1)
		return false;
	for (size_t i = 0; i < query.count; i++)
		if (strcmp(query.params[i].name, "errors") == 0)
			text = query.params[i].value;
	errors = text ? json_loads(text, 0, NULL) : NULL;
	error = json_array_get(errors, 0);
	key = arena_strdup(a, json_string_value(json_object_get(error, "key")));
	message = arena_strdup(a, json_string_value(json_object_get(error, "message")));
	json_decref(errors);
	/* Our secret for the node is wrong: nothing that the client could know of. */
	if (!key || strcmp(key, "checksumError") == 0)
		return false;
	if (strcmp(key, "invalidMeetingIdentifier") == 0 || strcmp(key, "meetingForciblyEnded") == 0)
		api_fail(api, API_NOT_FOUND, NULL);
	else
		api_send_refusal(api, key, message ? message : "");
	return true;
}

/* redirect=false: only the node can answer, and its cookie belongs to the caller (doc/bbb-api, 3.2). */
static void join_by_node(struct api *api)
{
	struct upstream_answer answer = {0};
	struct err err = {0};
	struct bbbxml *doc = api_ask_node(
		api, &api->meeting.node, api->meeting.node_meeting_id, &api->query, &answer, &err);

	if (doc && bbbxml_success(doc))
		count(api, METRIC_JOINED);
	if (!doc) {
		if (answer.status != 302 || !send_refusal(api, answer.location))
			api_fail(api, API_NO_NODES, NULL);
	} else {
		const char *url = bbbxml_text(doc, &api->x.rq->arena, "url");

		if (url)
			bbbxml_set_text(bbbxml_root(doc), "url",
				node_joined_url(
					api->service->conf, &api->x.rq->arena, &api->meeting.node, url));
		api_send_node_answer(api, doc, &answer);
	}
	bbbxml_free(doc);
	upstream_answer_free(&answer);
}

static bool lacks_credentials(const struct api *api)
{
	return !query_get_filled(&api->query, "password") && !query_get_filled(&api->query, "role");
}

/* Of a call without fault: the way to the node is the answer, whatever the statement finds there. Not where a
 * rule of the tenant may say otherwise, or the URL may become too long: each byte may take three. */
static bool sends_on(const struct api *api, const struct tenant *known)
{
	size_t bytes = strlen(api->x.rq->query) + api->x.rq->body.len;

	for (size_t i = 0; i < known->rules.count; i++) {
		bytes += strlen(known->rules.rules[i].name) + strlen(known->rules.rules[i].value) + 2;
		if (strcmp(known->rules.rules[i].name, "redirect") == 0)
			return false;
	}
	return !lacks_credentials(api) && !browser_stays(api) && bytes < API_LOCATION_MAX / 4;
}

static const char *const required[] = {"meetingID", "fullName", NULL};
const struct api_call api_join_call = {
	.required = required, .way_out = browser_location, .page = browser_page, .sends_on = sends_on};

void api_join(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct arena *a = &api->x.rq->arena;
	struct buf url = BUF_INIT;

	if (lacks_credentials(api)) {
		api_fail(api, API_INVALID_PARAMETERS, "Parameter password or role is missing");
		return;
	}
	rule_apply(a, &api->tenant.rules, RULE_JOIN, &api->query);
	bbbxml_drop_unnamable(&api->query, "userdata-");
	api_brand_join(api);
	if (api->attendance.full)
		count(api, METRIC_ATTENDEE_LIMIT);
	if (api->attendance.full && !api->attendance.warned) {
		api_fail(api, API_MAX_PARTICIPANTS, NULL);
		return;
	}
	if (api->attendance.full)
		api_warn_limit(api, "The number of participants allowed was reached");
	if (browser_stays(api)) {
		join_by_node(api);
		return;
	}
	query_set(a, &api->query, "meetingID", api->meeting.node_meeting_id);
	node_join_url(api->service->conf, &api->meeting.node, &api->query, &url);
	if (url.len > API_LOCATION_MAX) {
		buf_free(&url);
		api_fail(api, API_INVALID_PARAMETERS,
			"The parameters are too long: they make a URL of more than %d bytes",
			API_LOCATION_MAX);
		return;
	}
	const struct response_header headers[] = {{"Location", buf_str(&url)}, {NULL, NULL}};

	if (!api->attendance.counted)
		count(api, METRIC_JOINED);
	response_send(api->x.rq, 302, NULL, headers, NULL, 0);
	buf_free(&url);
}
