/* SPDX-License-Identifier: ISC */
/* Answers of the API: errors by table, XML of our own, and what nodes said. */
#include "config.h"
#include "api.h"

#include "base/log.h"
#include "bbb/cookie.h"
#include "core/client_params.h"
#include "core/refusal.h"
#include "http/response.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char XML_TYPE[] = "text/xml; charset=utf-8";

static const struct {
	const char *key;
	int status;	    /* with error_status = http */
	int browser_status; /* on calls that a browser sees */
	const char *text;
} errors[] = {
	[API_CHECKSUM_ERROR] = {"checksumError", 401, 401, "Checksums do not match"},
	[API_INVALID_PARAMETERS] = {"invalidParameters", 400, 400, "A parameter is missing or malformed"},
	[API_VALIDATION] = {"validationError", 400, 400, "Invalid meeting ID"},
	[API_NOT_FOUND] = {"notFound", 200, 404, "A meeting with that ID does not exist"},
	[API_MAX_PARTICIPANTS] = {"maxParticipantsReached", 403, 403,
		"The number of participants allowed has been reached"},
	[API_MAX_MEETINGS] = {"maxMeetingsReached", 403, 403,
		"The number of meetings allowed has been reached"},
	[API_NO_NODES] = {"noNodesAvailable", 503, 503, "No server is available for this meeting"},
	[API_NO_TAG] = {"serverTagUnavailable", 503, 503,
		"There is no available server with the required tag."},
	[API_UNSUPPORTED_REQUEST] = {"unsupportedRequest", 404, 404, "This request is not supported"},
	[API_METHOD] = {"unsupportedRequest", 405, 405, "This method is not supported for this call"},
	[API_CONTENT_TYPE] = {"unsupportedContentType", 400, 400,
		"POST request Content-Type is missing or unsupported"},
	[API_TOO_LARGE] = {"requestTooLarge", 413, 413, "The request is too large"},
	[API_HOOK_NO_URL] = {"missingParamCallbackURL", 400, 400,
		"You must specify a callbackURL in the parameters."},
	[API_HOOK_NO_ID] = {"missingParamHookID", 400, 400, "You must specify a hookID in the parameters."},
	[API_HOOK_CREATE] = {"createHookError", 400, 400,
		"An error happened while creating your hook. Check the logs."},
	[API_HOOK_LIST] = {"listHookError", 500, 500,
		"An error happened while listing registered hooks. Check the logs."},
	[API_HOOK_DESTROY] = {"destroyHookError", 500, 500,
		"An error happened while removing your hook. Check the logs."},
	[API_INTERNAL] = {"internalError", 500, 500, "The request failed because of an internal error"},
	[API_AWAY] = {"internalError", 503, 503, "The service is away for a moment"},
};
_Static_assert(ARRAY_SIZE(errors) == API_ERROR__MAX, "a row for each error");

void api_note(const struct api *api, const char *key, const char *text)
{
	const struct meeting *m = &api->meeting;
	const struct refusal refusal = {
		.request_id = api->x.rq->id,
		.tenant = api->tenant.id ? api->tenant.slug : "",
		.sub_id = api->tenant.id ? api->tenant.sub_id : 0,
		.call = api_call_name(api),
		.meeting_id = m->client_id ? m->client_id : query_get(&api->query, "meetingID"),
		.node = m->node.slug,
		.key = key,
		.message = text,
		.remote_addr = api->x.rq->remote_addr,
		.stranger = !api->vouched,
	};

	/* Platforms ask whether a meeting runs by asking for it: that it does not is an answer. */
	if (api->x.endpoint && api->x.endpoint->flags & API_ASKS &&
		strcmp(key, errors[API_NOT_FOUND].key) == 0)
		return;
	refusal_note(&refusal);
}

static void write_failed(const char *key, const char *text, struct buf *xml)
{
	buf_puts(xml, "<response><returncode>FAILED</returncode><messageKey>");
	buf_xml(xml, key);
	buf_puts(xml, "</messageKey><message>");
	buf_xml(xml, text);
	buf_puts(xml, "</message></response>");
}

void api_fail(struct api *api, enum api_error error, const char *fmt, ...)
{
	bool browser = api->x.endpoint && api->x.endpoint->flags & API_FOR_BROWSER;
	const struct api_call *call = api_call_of(api);
	bool bbb = tenant_wants_bbb_status(api->service->conf, &api->tenant);
	int status = bbb ? 200 : browser ? errors[error].browser_status : errors[error].status;
	struct response_header headers[ENDPOINT_HEADERS_MAX];
	const char *location;
	struct buf xml = BUF_INIT;
	char text[1024];
	va_list ap;

	snprintf(text, sizeof(text), "%s", errors[error].text);
	if (fmt) {
		va_start(ap, fmt);
		vsnprintf(text, sizeof(text), fmt, ap);
		va_end(ap);
	}
	api->x.error = errors[error].key;
	api_note(api, errors[error].key, api->why ? api->why : text);
	location = call->way_out ? call->way_out(api, error, errors[error].key, text) : NULL;
	if (!location && call->page && call->page(api, error, errors[error].browser_status))
		return;
	write_failed(errors[error].key, text, &xml);
	endpoint_headers(&api->x, status, headers);
	if (location) {
		headers[0] = (struct response_header){"Location", location};
		headers[1] = (struct response_header){NULL, NULL};
		status = 302;
	}
	response_send(api->x.rq, status, XML_TYPE, headers, xml.ptr, xml.len);
	buf_free(&xml);
}

void api_fail_err(struct api *api, const struct err *err)
{
	struct err told = *err;

	/* Whatever it was, the client did not do it. */
	if (told.kind != ERR_AWAY && told.kind != ERR_BUSY)
		told.kind = ERR_INTERNAL;
	endpoint_fail(&api->x, &told);
}

void api_send_xml(struct api *api, const char *xml, size_t len)
{
	response_send(api->x.rq, 200, XML_TYPE, NULL, xml, len);
}

void api_send_refusal(struct api *api, const char *key, const char *text)
{
	struct buf xml = BUF_INIT;

	api->x.error = key;
	api_note(api, key, text);
	write_failed(key, text, &xml);
	api_send_xml(api, xml.ptr, xml.len);
	buf_free(&xml);
}

void api_send_json(struct api *api, const char *json, size_t len)
{
	response_send(api->x.rq, 200, "application/json; charset=utf-8", NULL, json, len);
}

void api_send_node_answer(struct api *api, struct bbbxml *doc, const struct upstream_answer *cookies)
{
	struct response_header headers[ARRAY_SIZE(cookies->cookies) + 1] = {{0}};
	const struct meeting *m = &api->meeting;
	struct arena *a = &api->x.rq->arena;
	struct buf xml = BUF_INIT;

	if (!bbbxml_success(doc)) {
		const char *text = bbbxml_text(doc, a, "message");

		api->x.error = bbbxml_text(doc, a, "messageKey");
		api_note(api, api->x.error ? api->x.error : "", text ? text : "");
	}

	for (int i = 0; cookies && i < cookies->cookie_count; i++)
		headers[i] =
			(struct response_header){"Set-Cookie", cookie_of_session(a, cookies->cookies[i])};
	bbbxml_replace(doc, m->node_meeting_id, m->client_id);
	client_params_restore(api->service->conf, &m->own, bbbxml_root(doc));
	if (api->tenant.show_node && api->x.endpoint->flags & API_SHOWS_NODE) {
		headers[0] = (struct response_header){"X-B3LB-Node", m->node.slug};
		bbbxml_metadata_set(bbbxml_root(doc), "b3lb-node", m->node.slug);
	}
	bbbxml_write(doc, &xml);
	if (xml.failed || !xml.len)
		api_fail(api, API_INTERNAL, NULL);
	else
		response_send(api->x.rq, 200, XML_TYPE, headers, xml.ptr, xml.len);
	buf_free(&xml);
}

/* A node's front end takes request lines of 8 KiB (doc/bbb-api, 1.13). */
#define NODE_URL_MAX 8000

/*
 * A URL that a node would refuse becomes a form. meetingID stays in the URL: with something there every
 * version of bbb-web hashes the URL's query alone (doc/bbb-api, 2.3).
 */
static void move_to_form(
	struct api *api, const struct node *node, const struct query *sent, struct buf *url, struct buf *form)
{
	struct query head = {0}, rest = query_copy(&api->x.rq->arena, sent);
	const char *id = query_get(sent, "meetingID");

	if (id)
		query_add(&api->x.rq->arena, &head, "meetingID", id);
	query_remove(&rest, "meetingID");
	buf_clear(url);
	node_call_url(api->service->conf, node, api->x.endpoint->path, &head, url);
	query_write(&rest, form);
}

/* bbb-web makes the meetingID of a room itself, and the one that it was created under its internal id
 * (ParamsProcessorUtil.processCreateParams): the client knows it by that. A room that the node made has its own ids. */
static void name_room(const struct api *api, struct bbbxml *doc, const char *node_meeting_id)
{
	if (node_meeting_id && strcmp(node_meeting_id, api->meeting.client_id) != 0 && bbbxml_success(doc))
		bbbxml_set_text(bbbxml_root(doc), "meetingID", node_meeting_id);
}

/* What cannot be an answer to this call, however well-formed, must not reach the client. */
static bool answer_fits(
	struct api *api, const struct bbbxml *doc, const char *node_meeting_id, struct err *err)
{
	bool success = bbbxml_success(doc);
	const char *key = success ? NULL : bbbxml_text(doc, &api->x.rq->arena, "messageKey");
	const char *id = success ? bbbxml_text(doc, &api->x.rq->arena, "meetingID") : NULL;
	const char *internal = success ? bbbxml_text(doc, &api->x.rq->arena, "internalMeetingID") : NULL;

	/* Our secret for it is wrong: the client's own checksum was right and must not be blamed. */
	if (key && strcmp(key, "checksumError") == 0)
		err_set(err, ERR_AWAY, "the node refuses our checksum: its secret here is wrong");
	else if (id && node_meeting_id && strcmp(id, node_meeting_id) != 0 &&
		 !(internal && strcmp(internal, node_meeting_id) == 0))
		err_set(err, ERR_AWAY, "the answer is about another meeting");
	else
		return true;
	return false;
}

struct bbbxml *api_ask_node(struct api *api, const struct node *node, const char *node_meeting_id,
	const struct query *query, struct upstream_answer *answer, struct err *err)
{
	struct request *rq = api->x.rq;
	struct query sent = query_copy(&rq->arena, query);
	struct buf url = BUF_INIT, form = BUF_INIT;
	struct upstream_call call = {.node_id = node->id, .timeout = api->node_timeout};
	struct bbbxml *doc = NULL;

	if (node_meeting_id)
		query_set(&rq->arena, &sent, "meetingID", node_meeting_id);
	node_call_url(api->service->conf, node, api->x.endpoint->path, &sent, &url);
	if (api->body) {
		call.content_type = "application/xml";
		call.body = api->body;
		call.body_len = api->body_len;
	} else if (url.len > NODE_URL_MAX && api->x.endpoint->flags & API_POSTS_LONG) {
		move_to_form(api, node, &sent, &url, &form);
		call.content_type = "application/x-www-form-urlencoded";
		call.body = buf_str(&form);
		call.body_len = form.len;
	}
	call.url = buf_str(&url);
	if (upstream_do(api->service->upstream, &call, answer, err) == -1)
		goto out;
	if (answer->status != 200) {
		err_set(err, ERR_AWAY, "HTTP status %d", answer->status);
		goto out;
	}
	doc = bbbxml_parse(buf_str(&answer->body), answer->body.len, err);
	if (doc && !answer_fits(api, doc, node_meeting_id, err)) {
		bbbxml_free(doc);
		doc = NULL;
	}
	if (doc)
		name_room(api, doc, node_meeting_id);
out:
	if (!doc) {
		struct log_line l;

		log_begin(&l, LOG_LEVEL_WARNING, "node_failed");
		log_str(&l, "id", rq->id);
		log_str(&l, "node", node->slug);
		log_str(&l, "call", api->x.endpoint->path);
		log_str(&l, "msg", err->text);
		log_end(&l);
	}
	buf_free(&url);
	buf_free(&form);
	return doc;
}
