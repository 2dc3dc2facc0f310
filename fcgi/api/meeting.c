/* SPDX-License-Identifier: ISC */
/* Calls about a meeting that exists: running, info, end; and the list of all. */
#include "config.h"
#include "calls.h"

#include "base/log.h"

#include <string.h>

/* Asks the meeting's node; answers noNodesAvailable itself and returns NULL when that failed. */
static struct bbbxml *ask(struct api *api, struct upstream_answer *answer)
{
	struct err err = {0};
	struct bbbxml *doc = api_ask_node(
		api, &api->meeting.node, api->meeting.node_meeting_id, &api->query, answer, &err);

	if (!doc)
		api_fail(api, API_NO_NODES, NULL);
	return doc;
}

void api_pass_through(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct upstream_answer answer = {0};
	struct bbbxml *doc = ask(api, &answer);

	if (doc)
		api_send_node_answer(api, doc, NULL);
	bbbxml_free(doc);
	upstream_answer_free(&answer);
}

void api_is_meeting_running(struct exchange *x)
{
	struct api *api = (struct api *)x;
	static const char no[] =
		"<response><returncode>SUCCESS</returncode><running>false</running></response>";

	if (api->meeting.node_meeting_id)
		api_pass_through(x);
	else
		api_send_xml(api, no, sizeof(no) - 1);
}

/* Its key for an unknown meeting is its own (doc/bbb-api, 1.9). */
void api_send_chat_message(struct exchange *x)
{
	struct api *api = (struct api *)x;

	if (api->meeting.node_meeting_id)
		api_pass_through(x);
	else
		api_send_refusal(api, "meetingNotFound", "Meeting not found");
}

void api_end(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct upstream_answer answer = {0};
	struct err err = {0};
	struct bbbxml *doc = ask(api, &answer);

	if (!doc)
		goto out;
	/* The node has ended it whatever becomes of our row: an error here would only make the client ask in
	 * vain again. */
	if (bbbxml_success(doc) && meeting_end(api->service->db, &api->meeting, &err) == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: ended meeting is left to the poll: %s",
			api->x.rq->id, err.text);
	api_send_node_answer(api, doc, NULL);
out:
	bbbxml_free(doc);
	upstream_answer_free(&answer);
}

void api_get_meetings(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct err err = {0};

	if (!api->list && meeting_list_build(api->service->db, &api->x.rq->arena, api->tenant.secret_id,
				  &api->list, &err) == -1)
		api_fail_err(api, &err);
	else
		api_send_xml(api, api->list, strlen(api->list));
}
