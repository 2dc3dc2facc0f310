/* SPDX-License-Identifier: ISC */
/* A call of the BBB API on its way through b3lb-api: the table of calls, and the ways to answer. */
#ifndef B3LB_API_H
#define B3LB_API_H

#include "bbb/xml.h"
#include "core/meeting.h"
#include "run/server.h"

/* Error keys of the contract, section 4. */
enum api_error {
	API_CHECKSUM_ERROR,
	API_INVALID_PARAMETERS,
	API_NOT_FOUND,
	API_MAX_PARTICIPANTS,
	API_MAX_MEETINGS,
	API_NO_NODES,
	API_UNSUPPORTED_REQUEST,
	API_METHOD,
	API_CONTENT_TYPE,
	API_TOO_LARGE,
	API_INTERNAL,
	API_AWAY, /* internalError while the database is away */
	API_ERROR__MAX,
};

struct api;

/* A URL in Location: with its name it fits into the 8 KiB that Apache takes for a header, and that nodes take
 * for a request line. */
#define API_LOCATION_MAX 8160

/* What the dispatcher enforces before a handler runs. */
enum api_policy {
	API_OPEN = 1 << 0, /* no checksum */
	API_NEEDS_MEETING =
		1 << 1, /* meetingID names a meeting of this secret on a node that is up; else notFound */
	API_READS_LIST = 1 << 2,  /* the tenant is read together with its meeting list */
	API_TAKES_XML = 1 << 3,	  /* a body of application/xml or text/xml, beside a form */
	API_FOR_BROWSER = 1 << 4, /* errors are pages a browser sees: 404, or the client's errorRedirectUrl */
	API_ONLY_XML = 1 << 5,	  /* with API_TAKES_XML: there must be such a body, and a form is none */
	API_TAKES_FILE = 1 << 6,  /* a multipart/form-data body, which the handler reads */
	API_COUNTS_JOINS = 1 << 9, /* who is sent on is counted with the lookup where that can be */
	API_NAMES_MANY = 1 << 8,   /* meetingID is a list that filters, not a meeting */
	API_PLACES =
		1 << 10, /* its own statement sees whether the tenant is as it was (api_authorize_anew) */
	API_POSTS_LONG = 1 << 7, /* the node takes its parameters as a form too (bbb-api.md 1.0) */
};

struct api_call {
	const char *name;
	const char *allow; /* methods, as Allow says them */
	unsigned methods;  /* bit i: enum method i */
	unsigned policy;   /* enum api_policy */
	const char *const
		*required; /* parameters that must be there and filled, NULL-terminated; may be NULL */
	void (*handle)(struct api *api);
};

/* One request. Memory is the request's arena. */
struct api {
	const struct service *service;
	struct request *rq;
	struct route route;
	const struct api_call *call;
	struct query query; /* of URL or form, without the checksum */
	const char *body;   /* XML that goes to the node; NULL: none */
	size_t body_len;
	bool form_body; /* the body was a form and is in query */
	struct tenant tenant;
	struct meeting meeting; /* id 0: none */
	struct meeting_attendance attendance;
	const char *list;      /* API_READS_LIST: the XML, NULL when it must be built */
	const char *error_key; /* for the log */
};

/* authorize.c: who asks, and may he; false when the request is answered. checksumError wins over all other
 * complaints. */
bool api_authorize(struct api *api);
/* The same once more, from the database alone: api->tenant is out of date, or is answered for by no statement
 * that would see whether it is. The query is read anew. */
bool api_authorize_anew(struct api *api);

/* answer.c: each sends the one answer of the request. fmt NULL: the key's own text. */
void api_fail(struct api *api, enum api_error error, const char *fmt, ...) b3lb_printf(3, 4);
/* A failure of a lower layer becomes internalError or noNodesAvailable; its text goes to the log only. */
void api_fail_err(struct api *api, const struct err *err);
void api_send_xml(struct api *api, const char *xml, size_t len);
/* A refusal with status 200, under a key of its own. */
void api_send_refusal(struct api *api, const char *key, const char *text);
void api_send_json(struct api *api, const char *json, size_t len);
/* The node's answer about api->meeting with our id and metadata replaced by the client's; cookies may be
 * NULL. */
void api_send_node_answer(struct api *api, struct bbbxml *doc, const struct upstream_answer *cookies);
/*
 * Asks a node: query with meetingID replaced goes out signed, with api->body as XML; as a form where the URL
 * would be too long for a node. Returns the parsed answer (the caller frees it) or NULL with err: no HTTP
 * 200, no BBB response, or the node refusing our own signature. *answer must be zeroed, and is freed by the
 * caller.
 */
struct bbbxml *api_ask_node(struct api *api, const struct node *node, const char *node_meeting_id,
	const struct query *query, struct upstream_answer *answer, struct err *err);

/* branding.c: what the tenant adds to create and join where the client sends nothing of its own. 0, or -1
 * with err. */
int api_brand_create(struct api *api, struct err *err);
void api_brand_join(struct api *api);

struct rule_set;
/* settings.c: takes client settings out of a create's body where a rule blocks or overrides
 * clientSettingsOverrideJsonUrl. 0, or -1 when the request is answered: then the body cannot be read. */
int api_rule_settings(struct api *api, const struct rule_set *rules);

/* Handlers, one for each row of the table in main.c. */
void api_version(struct api *api);
void api_create(struct api *api);
void api_join(struct api *api);
/* True when a join has neither password nor role. */
bool api_join_lacks_credentials(const struct api *api);
/* True when a join has redirect=false. */
bool api_join_stays(const struct api *api);
void api_is_meeting_running(struct api *api);
void api_get_meetings(struct api *api);
void api_end(struct api *api);
void api_pass_through(struct api *api);
void api_send_chat_message(struct api *api);
void api_get_sessions(struct api *api);
void api_get_recordings(struct api *api);
void api_publish_recordings(struct api *api);
void api_delete_recordings(struct api *api);
void api_update_recordings(struct api *api);
void api_get_text_tracks(struct api *api);
void api_put_text_track(struct api *api);

#endif
