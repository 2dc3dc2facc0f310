/* SPDX-License-Identifier: ISC */
/* b3lb-api: the BigBlueButton API of every tenant. Routing, checksum and policy stand here, once for all
 * calls. */
#include "config.h"
#include "api.h"

#include "base/log.h"
#include "core/metric.h"
#include "http/response.h"

#include <string.h>
#include <time.h>

#define GET_HEAD      (1u << METHOD_GET | 1u << METHOD_HEAD)
#define GET_ONLY      (1u << METHOD_GET)
#define POST_ONLY     (1u << METHOD_POST)
#define GET_POST      (1u << METHOD_GET | 1u << METHOD_POST)
#define GET_HEAD_POST (GET_HEAD | GET_POST)

#define MEETING_ID_MAX 256
/* A form is read before its checksum can be known to be right, and takes several times its size meanwhile. */
#define FORM_MAX (1 << 20)

static const char *const needs_meeting_id[] = {"meetingID", NULL};
static const char *const needs_create[] = {"meetingID", "name", NULL};
static const char *const needs_join[] = {"meetingID", "fullName", NULL};

static const char *const needs_message[] = {"meetingID", "message", NULL};
static const char *const needs_record_id[] = {"recordID", NULL};
static const char *const needs_publish[] = {"recordID", "publish", NULL};

static const struct api_call calls[] = {
	{"", "GET, HEAD, POST", GET_HEAD_POST, API_OPEN, NULL, api_version},
	{"create", "GET, POST", GET_POST, API_TAKES_XML | API_POSTS_LONG | API_PLACES, needs_create,
		api_create},
	{"join", "GET, POST", GET_POST, API_NEEDS_MEETING | API_FOR_BROWSER | API_COUNTS_JOINS, needs_join,
		api_join},
	{"isMeetingRunning", "GET, POST", GET_POST, API_POSTS_LONG, needs_meeting_id, api_is_meeting_running},
	{"getMeetingInfo", "GET, POST", GET_POST, API_NEEDS_MEETING | API_POSTS_LONG, needs_meeting_id,
		api_pass_through},
	{"getMeetings", "GET, POST", GET_POST, API_READS_LIST, NULL, api_get_meetings},
	{"getSessions", "GET, POST", GET_POST, 0, NULL, api_get_sessions},
	{"end", "GET, POST", GET_POST, API_NEEDS_MEETING | API_POSTS_LONG, needs_meeting_id, api_end},
	{"insertDocument", "POST", POST_ONLY, API_NEEDS_MEETING | API_TAKES_XML | API_ONLY_XML,
		needs_meeting_id, api_pass_through},
	{"sendChatMessage", "GET", GET_ONLY, 0, needs_message, api_send_chat_message},
	{"getRecordings", "GET, POST", GET_POST, API_NAMES_MANY, NULL, api_get_recordings},
	{"publishRecordings", "GET", GET_ONLY, API_NAMES_MANY, needs_publish, api_publish_recordings},
	{"deleteRecordings", "GET", GET_ONLY, API_NAMES_MANY, needs_record_id, api_delete_recordings},
	{"updateRecordings", "GET, POST", GET_POST, API_NAMES_MANY, needs_record_id, api_update_recordings},
	{"getRecordingTextTracks", "GET, POST", GET_POST, 0, needs_record_id, api_get_text_tracks},
	{"putRecordingTextTrack", "POST", POST_ONLY, API_TAKES_FILE, NULL, api_put_text_track},
};

static const struct api_call *find_call(const struct route *route)
{
	const char *name = route->rest;

	if (route->kind != ROUTE_API)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	return NULL;
}

void api_version(struct api *api)
{
	static const char xml[] = "<response><returncode>SUCCESS</returncode><version>2.0</version>"
				  "<apiVersion>2.0</apiVersion><bbbVersion></bbbVersion></response>";
	static const char json[] =
		"{\"response\":{\"returncode\":\"SUCCESS\",\"version\":\"2.0\",\"apiVersion\":\"2.0\","
		"\"bbbVersion\":\"\"}}";

	/* bbb-web answers the root, and only that, in the client's Content-Type (bbb-api.md 1.0). */
	if (strcmp(api->rq->media_type, "application/json") == 0)
		response_send(api->rq, 200, "application/json; charset=utf-8", NULL, json, sizeof(json) - 1);
	else
		api_send_xml(api, xml, sizeof(xml) - 1);
}

static bool is_form(const struct request *rq)
{
	return strcmp(rq->media_type, "application/x-www-form-urlencoded") == 0;
}

/* Content types of a body (bbb-api.md 2.3); a request without a body may say what it likes. */
static bool body_type_fits(const struct api *api)
{
	const char *type = api->rq->media_type;
	bool body = request_has_body(api->rq);
	unsigned policy = api->call->policy;

	if (!(policy & API_ONLY_XML) && (!body || is_form(api->rq)))
		return true;
	if (policy & API_TAKES_FILE && strcmp(type, "multipart/form-data") == 0)
		return true;
	return policy & API_TAKES_XML && body &&
	       (strcmp(type, "application/xml") == 0 || strcmp(type, "text/xml") == 0);
}

/* Before an error that comes before api_authorize: its status is as the tenant wants it. */
static void find_tenant(struct api *api)
{
	struct err ignored = {0};

	if (!api->tenant.id && meeting_find(api->service->db, &api->rq->arena, &api->route, api->rq->host,
				       NULL, &api->tenant, &api->meeting, &api->attendance, &ignored) == -1)
		api->tenant = (struct tenant){0};
}

/* Reads a body of at most max bytes; false when the request is answered. */
static bool read_body(struct api *api, int max)
{
	struct err err = {0};
	int status = request_read_body(api->rq, (size_t)max, &err);

	if (status)
		find_tenant(api);
	if (status == 413)
		api_fail(api, API_TOO_LARGE, "The request body is longer than %d bytes", max);
	else if (status)
		api_fail(api, API_INVALID_PARAMETERS, "The request body stopped before its end");
	return status == 0;
}

/* What the checksum may cover is read before it is checked: a form. False when the request is answered. */
static bool read_form(struct api *api)
{
	int max = api->service->conf->body_max < FORM_MAX ? api->service->conf->body_max : FORM_MAX;

	if (api->rq->method != METHOD_POST)
		return true;
	if (!body_type_fits(api)) {
		find_tenant(api);
		api_fail(api, API_CONTENT_TYPE, NULL);
		return false;
	}
	return !is_form(api->rq) || read_body(api, max);
}

/* Any other body only from who has the secret: it would lie in memory for anyone. */
static bool read_xml(struct api *api)
{
	if (api->rq->method != METHOD_POST || is_form(api->rq) || !(api->call->policy & API_TAKES_XML) ||
		!request_has_body(api->rq))
		return true;
	if (!read_body(api, api->service->conf->body_max))
		return false;
	if (api->rq->body.len) {
		api->body = api->rq->body.ptr;
		api->body_len = api->rq->body.len;
	}
	return true;
}

static void dispatch(struct api *api)
{
	api->call = find_call(&api->route);
	if (!api->call) {
		find_tenant(api);
		api_fail(api, API_UNSUPPORTED_REQUEST, NULL);
		return;
	}
	if (!(api->call->methods & 1u << api->rq->method)) {
		find_tenant(api);
		api_fail(api, API_METHOD, NULL);
		return;
	}
	if (!(api->call->policy & API_OPEN)) {
		if (!read_form(api) || !api_authorize(api) || !read_xml(api))
			return;
		/* A node that is offline is not asked: its meetings are gone until it is back or they are
		 * placed anew. */
		if (api->meeting.id && !api->meeting.node.online && api->call->handle != api_create)
			api->meeting.id = 0;
		if (api->call->policy & API_NEEDS_MEETING && !api->meeting.id) {
			api_fail(api, API_NOT_FOUND, NULL);
			return;
		}
	}
	api->call->handle(api);
}

static long long elapsed_us(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000000LL + (now.tv_nsec - since->tv_nsec) / 1000;
}

static void log_request(const struct api *api, const struct timespec *since)
{
	const char *name = api->call ? api->call->name[0] ? api->call->name : "version" : "unknown";
	long long us = elapsed_us(since);
	struct log_line l;

	log_begin(&l, LOG_LEVEL_INFO, "request");
	log_str(&l, "id", api->rq->id);
	log_str(&l, "call", name);
	log_str(&l, "tenant", api->tenant.slug);
	if (api->tenant.id)
		log_int(&l, "sub_id", api->tenant.sub_id);
	log_int(&l, "status", api->rq->status);
	log_str(&l, "key", api->error_key);
	log_str(&l, "node", api->meeting.node.slug);
	log_int(&l, "us", us);
	log_end(&l);
	metric_request(name, us);
}

static void handle(const struct service *service, struct request *rq)
{
	struct api api = {.service = service, .rq = rq};
	struct timespec since;

	clock_gettime(CLOCK_MONOTONIC, &since);
	route_parse(service->conf->api_base_domain, rq->host, rq->path, &api.route);
	dispatch(&api);
	log_request(&api, &since);
}

static void refuse(const struct service *service, struct request *rq, int status, const struct err *err)
{
	struct api api = {.service = service, .rq = rq};
	struct timespec since;

	clock_gettime(CLOCK_MONOTONIC, &since);
	if (status == 404)
		api_fail(&api, API_UNSUPPORTED_REQUEST, NULL);
	else
		api_fail(&api, API_INVALID_PARAMETERS, "%s", err->text);
	log_request(&api, &since);
}

static void after(const struct service *service, bool last)
{
	metric_flush(service->db, last);
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-api",
		.purpose = "answers the BigBlueButton API for every tenant",
		.handle = handle,
		.refuse = refuse,
		.after = after,
	};

	return server_main(&app, argc, argv);
}
