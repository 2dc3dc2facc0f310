/* SPDX-License-Identifier: ISC */
/* b3lb-api: the BigBlueButton API of every tenant. The table of calls, and what holds for all of them. */
#include "config.h"
#include "calls.h"

#include "base/log.h"
#include "core/metric.h"
#include "core/refusal.h"
#include "http/multipart.h"
#include "http/response.h"

#include <string.h>

/* A form is read before its checksum can be known to be right, and takes several times its size meanwhile. */
#define FORM_MAX (1 << 20)

void api_version(struct exchange *x)
{
	struct api *api = (struct api *)x;
	static const char xml[] = "<response><returncode>SUCCESS</returncode><version>2.0</version>"
				  "<apiVersion>2.0</apiVersion><bbbVersion></bbbVersion></response>";
	static const char json[] =
		"{\"response\":{\"returncode\":\"SUCCESS\",\"version\":\"2.0\",\"apiVersion\":\"2.0\","
		"\"bbbVersion\":\"\"}}";

	/* bbb-web answers the root, and only that, in the client's Content-Type (doc/bbb-api, 1.0). */
	if (strcmp(api->x.rq->media_type, "application/json") == 0)
		response_send(
			api->x.rq, 200, "application/json; charset=utf-8", NULL, json, sizeof(json) - 1);
	else
		api_send_xml(api, xml, sizeof(xml) - 1);
}

static bool is_form(const struct request *rq)
{
	return strcmp(rq->media_type, "application/x-www-form-urlencoded") == 0;
}

static bool is_multipart(const struct request *rq)
{
	return strcmp(rq->media_type, "multipart/form-data") == 0;
}

/* Content types of a body (doc/bbb-api, 2.3); a request without a body may say what it likes. */
static bool body_type_fits(const struct api *api)
{
	const char *type = api->x.rq->media_type;
	bool body = request_has_body(api->x.rq);
	unsigned policy = api->x.endpoint->flags;

	if (!(policy & API_ONLY_XML) && (!body || is_form(api->x.rq)))
		return true;
	if (!(policy & API_ONLY_XML) && is_multipart(api->x.rq))
		return true;
	return policy & API_TAKES_XML && body &&
	       (strcmp(type, "application/xml") == 0 || strcmp(type, "text/xml") == 0);
}

/* True when the URL is a signed query with parameters: then no form can be covered, and what is called one may be
 * XML, as the official Java library sends slides. */
static bool signs_url(const struct api *api)
{
	struct request *rq = api->x.rq;
	struct checksum_claim claim;

	return checksum_find(&rq->arena, rq->query, strlen(rq->query), &claim) == 0 &&
	       claim.rest[strspn(claim.rest, "&")];
}

/* What the checksum may cover is read before it is checked: a form. False when the request is answered. */
static bool read_form(struct api *api)
{
	int max = api->service->conf->body_max < FORM_MAX ? api->service->conf->body_max : FORM_MAX;
	struct request *rq = api->x.rq;
	struct err err = {0};

	if (rq->method != METHOD_POST)
		return true;
	if (!body_type_fits(api)) {
		api_find_tenant(api);
		api_fail(api, API_CONTENT_TYPE, NULL);
		return false;
	}
	if (is_form(rq) && api->x.endpoint->flags & API_TAKES_XML && signs_url(api)) {
		api->xml_form = true;
		return true;
	}
	if (is_form(rq))
		return api->form_read = endpoint_read_body(&api->x, (size_t)max);
	if (!is_multipart(rq) || !request_has_body(rq) || api->x.endpoint->flags & API_TAKES_FILE)
		return true;
	if (!endpoint_read_body(&api->x, (size_t)max))
		return false;
	if (multipart_to_form(rq, &err) == 0)
		return api->form_read = true;
	endpoint_refuse(&api->x, 400, err.text);
	return false;
}

/* Any other body only from who has the secret: it would lie in memory for anyone. */
static bool read_xml(struct api *api)
{
	struct request *rq = api->x.rq;
	const char *text;

	if (rq->method != METHOD_POST || (is_form(rq) && !api->xml_form) || is_multipart(rq) ||
		!(api->x.endpoint->flags & API_TAKES_XML) || !request_has_body(rq))
		return true;
	if (!endpoint_read_body(&api->x, (size_t)api->service->conf->body_max))
		return false;
	if (!rq->body.len)
		return true;
	text = strncmp(buf_str(&rq->body), "\xEF\xBB\xBF", 3) == 0 ? rq->body.ptr + 3 : rq->body.ptr;
	if (api->xml_form && text[strspn(text, " \t\r\n")] != '<') {
		api_fail(api, API_CHECKSUM_ERROR, NULL); /* parameters that nothing covers */
		return false;
	}
	api->body = rq->body.ptr;
	api->body_len = rq->body.len;
	return true;
}

static bool authorize(struct exchange *x)
{
	struct api *api = (struct api *)x;
	unsigned flags = x->endpoint->flags;

	if (flags & API_OPEN)
		return true;
	if (!read_form(api) || !api_find_and_count(api) || !read_xml(api))
		return false;
	/* A node that is offline is not asked: its meetings are gone until it is back or they are placed
	 * anew. */
	if (!(flags & API_PLACES) && api->meeting.node_meeting_id && !api->meeting.node.online)
		api->meeting.node_meeting_id = NULL;
	if (flags & API_NEEDS_MEETING && !api->meeting.node_meeting_id) {
		api_fail(api, API_NOT_FOUND, NULL);
		return false;
	}
	return true;
}

static void refuse(struct exchange *x, int status, const char *text)
{
	static const struct {
		int status;
		enum api_error error;
		bool told; /* with the text, not the key's own */
	} refusals[] = {
		{404, API_UNSUPPORTED_REQUEST, false},
		{405, API_METHOD, false},
		{413, API_TOO_LARGE, true},
		{500, API_INTERNAL, false},
		{503, API_AWAY, false},
	};
	struct api *api = (struct api *)x;

	if (status < 500)
		api_find_tenant(api);
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (refusals[i].status != status)
			continue;
		api_fail(api, refusals[i].error, refusals[i].told ? "%s" : NULL, text);
		return;
	}
	api_fail(api, API_INVALID_PARAMETERS, "%s", text);
}

const char *api_call_name(const struct api *api)
{
	const struct endpoint *row = api->x.endpoint;

	return !row ? "unknown" : row->path[0] ? row->path : "version";
}

static void describe(const struct exchange *x, struct log_line *l)
{
	const struct api *api = (const struct api *)x;

	log_str(l, "call", api_call_name(api));
	log_str(l, "tenant", api->tenant.slug);
	if (api->tenant.id)
		log_int(l, "sub_id", api->tenant.sub_id);
	log_str(l, "node", api->meeting.node.slug);
	log_str(l, "why", api->why);
}

static void count(const struct exchange *x, long long microseconds)
{
	metric_request(api_call_name((const struct api *)x), microseconds);
}

static const char *const meeting_id[] = {"meetingID", NULL},
			 *const message[] = {"meetingID", "message", NULL},
			 *const record_id[] = {"recordID", NULL},
			 *const publish[] = {"recordID", "publish", NULL};
static const struct api_call of_meeting = {.required = meeting_id}, with_message = {.required = message},
			     of_recording = {.required = record_id}, to_publish = {.required = publish};

static const struct endpoint rows[] = {
	{"", ON_GET_HEAD_POST, .flags = API_OPEN, .handle = api_version},
	{"create", ON_GET_POST, .flags = API_TAKES_XML | API_POSTS_LONG | API_PLACES | API_SHOWS_NODE,
		.more = &api_create_call, .handle = api_create},
	{"join", ON_GET_POST, .flags = API_NEEDS_MEETING | API_FOR_BROWSER, .more = &api_join_call,
		.handle = api_join},
	{"isMeetingRunning", ON_GET_POST, .flags = API_POSTS_LONG | API_DOUBTS, .more = &of_meeting,
		.handle = api_is_meeting_running},
	{"getMeetingInfo", ON_GET_POST,
		.flags = API_NEEDS_MEETING | API_POSTS_LONG | API_ASKS | API_SHOWS_NODE, .more = &of_meeting,
		.handle = api_pass_through},
	{"getMeetings", ON_GET_POST, .flags = API_READS_LIST, .handle = api_get_meetings},
	{"getSessions", ON_GET_POST, .handle = api_get_sessions},
	{"end", ON_GET_POST, .flags = API_NEEDS_MEETING | API_POSTS_LONG, .more = &of_meeting,
		.handle = api_end},
	{"insertDocument", ON_POST, .flags = API_NEEDS_MEETING | API_TAKES_XML | API_ONLY_XML,
		.more = &of_meeting, .handle = api_pass_through},
	{"sendChatMessage", ON_GET, .more = &with_message, .handle = api_send_chat_message},
	{"getRecordings", ON_GET_POST, .flags = API_NAMES_MANY | API_READS_RECORDINGS,
		.handle = api_get_recordings},
	{"publishRecordings", ON_GET, .flags = API_NAMES_MANY, .more = &to_publish,
		.handle = api_publish_recordings},
	{"deleteRecordings", ON_GET, .flags = API_NAMES_MANY, .more = &of_recording,
		.handle = api_delete_recordings},
	{"updateRecordings", ON_GET_POST, .flags = API_NAMES_MANY, .more = &of_recording,
		.handle = api_update_recordings},
	{"getRecordingTextTracks", ON_GET_POST, .more = &of_recording, .handle = api_get_text_tracks},
	{"putRecordingTextTrack", ON_POST, .flags = API_TAKES_FILE, .handle = api_put_text_track},
	{"hooks/create", ON_GET_POST, .handle = api_hooks_create},
	{"hooks/list", ON_GET_POST, .handle = api_hooks_list},
	{"hooks/destroy", ON_GET_POST, .handle = api_hooks_destroy},
};
static const struct endpoint_table table = {
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.authorize = authorize,
	.refuse = refuse,
	.describe = describe,
	.answered = count,
};

const struct api_call *api_call_of(const struct api *api)
{
	static const struct api_call nothing;

	return api->x.endpoint && api->x.endpoint->more ? api->x.endpoint->more : &nothing;
}

static void handle(const struct service *service, struct request *rq, int refused, const struct err *why)
{
	struct api api = {.x.rq = rq, .service = service};
	const char *call = NULL;
	size_t len;

	route_parse(service->conf->api_base_domain, rq->host, rq->path, &api.route);
	if (api.route.kind == ROUTE_API) {
		/* bbb-web's mappings end with an optional slash. */
		len = strlen(api.route.rest);
		call = arena_strndup(
			&rq->arena, api.route.rest, len && api.route.rest[len - 1] == '/' ? len - 1 : len);
		if (service->conf->webhooks == CONF_WEBHOOKS_OFF && strncmp(call, "hooks/", 6) == 0)
			call = NULL;
	}
	endpoint_run(&api.x, &table, call, refused, why);
}

static void after(const struct service *service, bool last)
{
	metric_flush(service->db, last);
	refusal_flush(service->db, last);
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-api",
		.purpose = "answers the BigBlueButton API for every tenant",
		.handle = handle,
		.after = after,
	};

	return server_main(&app, argc, argv);
}
