/* SPDX-License-Identifier: ISC */
/* join: the browser goes on to the meeting's node with a URL that the node accepts. */
#include "config.h"
#include "api.h"

#include "parameter.h"
#include "response.h"

#include <string.h>
#include <strings.h>

/* redirect=false: only the node can answer, and its cookie belongs to the caller (bbb-api.md 3.2). */
static void join_by_node(struct api *api)
{
	struct upstream_answer answer = {0};
	struct err err = {0};
	struct bbbxml *doc = api_ask_node(
		api, &api->meeting.node, api->meeting.node_meeting_id, &api->query, &answer, &err);

	if (doc)
		api_send_node_answer(api, doc, &answer);
	else
		api_fail(api, API_NO_NODES, NULL);
	bbbxml_free(doc);
	upstream_answer_free(&answer);
}

void api_join(struct api *api)
{
	struct arena *a = &api->rq->arena;
	struct parameter_rules rules;
	struct buf url = BUF_INIT;
	const char *redirect;

	parameter_read(a, api->tenant.parameters, &rules);
	parameter_apply(a, &rules, PARAMETER_JOIN, &api->query);
	api_brand_join(api);
	redirect = query_get_filled(&api->query, "redirect");
	if (!query_get_filled(&api->query, "password") && !query_get_filled(&api->query, "role")) {
		api_fail(api, API_INVALID_PARAMETERS, "Parameter password or role is missing");
		return;
	}
	if (api->attendance.full) {
		api_fail(api, API_MAX_PARTICIPANTS, NULL);
		return;
	}
	if (redirect && strcasecmp(redirect, "false") == 0) {
		join_by_node(api);
		return;
	}
	query_set(a, &api->query, "meetingID", api->meeting.node_meeting_id);
	node_call_url(api->service->conf, &api->meeting.node, "join", &api->query, &url);
	const struct response_header headers[] = {{"Location", buf_str(&url)}, {NULL, NULL}};

	response_send(api->rq, 302, NULL, headers, NULL, 0);
	buf_free(&url);
}
