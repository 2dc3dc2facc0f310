/* SPDX-License-Identifier: ISC */
/* A call of the BBB API on its way through b3lb-api: what its row says, and the ways to answer. */
#ifndef B3LB_API_H
#define B3LB_API_H

#include "bbb/checksum.h"
#include "bbb/xml.h"
#include "core/meeting.h"
#include "http/endpoint.h"
#include "core/meeting_list.h"
#include "run/server.h"

/* Error keys of the doc/contract, 4. */
enum api_error {
	API_CHECKSUM_ERROR,
	API_INVALID_PARAMETERS,
	API_VALIDATION,
	API_NOT_FOUND,
	API_MAX_PARTICIPANTS,
	API_MAX_MEETINGS,
	API_NO_NODES,
	API_NO_TAG,
	API_UNSUPPORTED_REQUEST,
	API_METHOD,
	API_CONTENT_TYPE,
	API_TOO_LARGE,
	API_HOOK_NO_URL,
	API_HOOK_NO_ID,
	API_HOOK_CREATE,
	API_HOOK_LIST,
	API_HOOK_DESTROY,
	API_INTERNAL,
	API_AWAY, /* internalError while the database is away */
	API_ERROR__MAX,
};

struct api;

/* A URL in Location: with its name it fits into the 8 KiB that Apache takes for a header, and that nodes take
 * for a request line. */
#define API_LOCATION_MAX 8160

/* What the way to a handler does: flags of a call's row. */
enum api_policy {
	API_OPEN = 1 << 0,	    /* no checksum */
	API_NEEDS_MEETING = 1 << 1, /* of this secret, on a node that is up; else notFound */
	API_READS_LIST = 1 << 2,    /* the tenant is read together with its meeting list */
	API_TAKES_XML = 1 << 3,	    /* a body of application/xml or text/xml, beside a form */
	API_FOR_BROWSER = 1 << 4, /* errors are seen by people: 404 where others are told notFound with 200 */
	API_ONLY_XML = 1 << 5,	  /* with API_TAKES_XML: there must be such a body, and a form is none */
	API_TAKES_FILE = 1 << 6,  /* a multipart/form-data body, which the handler reads */
	API_POSTS_LONG = 1 << 7,  /* the node takes its parameters as a form too (doc/bbb-api, 1.0) */
	API_NAMES_MANY = 1 << 8,  /* meetingID is a list that filters, not a meeting */
	API_PLACES =
		1 << 9, /* no meeting is there yet; its own statement sees whether the tenant is as it was */
	API_ASKS = 1 << 10,		/* that a meeting does not run is an answer to it, and no refusal */
	API_DOUBTS = 1 << 11,		/* mostly there is no such meeting */
	API_SHOWS_NODE = 1 << 12,	/* its answer may say which node it was (tenant.show_node) */
	API_READS_RECORDINGS = 1 << 13, /* no meeting: whether the tenant's recordings are what they were */
};

/* What else a row says of its call. All may be NULL. */
struct api_call {
	/* Parameters that must be there and filled, NULL-terminated. */
	const char *const *required;
	/* Where the browser goes with an error of this call; NULL: it gets the answer here. */
	const char *(*way_out)(struct api *api, enum api_error error, const char *key, const char *text);
	/* Sends a page for people with that status; false where nobody wants one: nothing is sent then. */
	bool (*page)(struct api *api, enum api_error error, int status);
	/* True when the handler will send whom it finds on, whatever the lookup says of the meeting: the
	   lookup may count it at once. known: its tenant. */
	bool (*sends_on)(const struct api *api, const struct tenant *known);
};

/* One request. Memory is the request's arena. */
struct api {
	struct exchange x;
	const struct service *service;
	struct route route;
	struct query query; /* of URL or form, without the checksum */
	const char *body;   /* XML that goes to the node; NULL: none */
	size_t body_len;
	bool form_read;	  /* the body is a form, and is there */
	bool form_body;	  /* it holds something, and is in query */
	int node_timeout; /* seconds that a node may take; 0: node_request_timeout */
	bool xml_form;	  /* its URL is signed: what is called a form can only be XML */
	bool vouched;	  /* a secret of the tenant verified its checksum */
	struct tenant tenant;
	struct meeting meeting; /* node_meeting_id NULL: none */
	struct meeting_attendance attendance;
	const char *why;  /* what is noted of a refusal in place of what the client is told; NULL: the same */
	const char *list; /* API_READS_LIST: the XML, NULL when it must be built */
	const char *recordings; /* API_READS_RECORDINGS: recording_version, NULL when it is not known */
	const char *lrs;	/* of a create: JSON for bbb/lrs.h; NULL: none */
};

/* What the row says of the call; without a row as of one that says nothing. */
const struct api_call *api_call_of(const struct api *api) b3lb_nonnull;
/* The row's name as logs and counts have it; "unknown" without a row. */
const char *api_call_name(const struct api *api) b3lb_nonnull;

/*
 * find.c: who asks, may he, and about which meeting; where the row's sends_on says so the lookup counts who
 * is sent on. False when the request is answered. checksumError wins over all other complaints.
 */
bool api_find_and_count(struct api *api);
/* The same once more, from the database alone, and nothing is counted: api->tenant is out of date, or no statement would see it. */
bool api_find_fresh(struct api *api);
/* Before an error that comes before all that: its status is as the tenant wants it. */
void api_find_tenant(struct api *api);

/* authorize.c: the bytes that the checksum covers: the query, or the form of a request whose query holds nothing else. */
struct signed_text {
	struct checksum_claim claim;
	bool claimed;	      /* one checksum was found */
	bool uncovered;	      /* a form beside a signed query: nothing covers the form */
	struct query query;   /* what they say, byte for byte; api->query is the text of it */
	struct err malformed; /* of the parameters; told only to who has the secret */
};
/* Finds them, and reads api->query from them. */
void api_read_signed_text(struct api *api, struct signed_text *text);
/* True when one of the secrets verifies them; at the same cost for none. */
bool api_verifies(struct api *api, const struct signed_text *text, const char *const secrets[2]);
/* What is wrong with the parameters, into complaint (NULL: its own text); false when they are right. */
bool api_parameters_fail(
	const struct api *api, enum api_error *error, char *complaint, size_t size) b3lb_nonnull;
/* The meetingID that one meeting is looked up by; NULL: none. */
const char *api_wanted_meeting(const struct api *api);

/* answer.c: each sends the one answer of the request. fmt NULL: the key's own text. */
void api_fail(struct api *api, enum api_error error, const char *fmt, ...) b3lb_printf(3, 4);
/* Notes why the request was refused, or what went wrong on its way (core/refusal.h). The others below do it. */
void api_note(const struct api *api, const char *key, const char *text) b3lb_nonnull;
/* A failure of a lower layer becomes internalError or noNodesAvailable; its text goes to the log only. */
void api_fail_err(struct api *api, const struct err *err);
void api_send_xml(struct api *api, const char *xml, size_t len);
/* A refusal with status 200, under a key of its own. */
void api_send_refusal(struct api *api, const char *key, const char *text);
void api_send_json(struct api *api, const char *json, size_t len);
/* The node's answer about api->meeting, with the client's id and metadata in place of ours; cookies may be NULL. */
void api_send_node_answer(struct api *api, struct bbbxml *doc, const struct upstream_answer *cookies);
/*
 * Asks a node: query with meetingID replaced goes out signed, with api->body as XML; as a form where the URL would be too long for a
 * node. Returns the parsed answer (the caller frees it) or NULL with err: no HTTP 200, no BBB response, or the node refusing our own
 * signature. *answer must be zeroed, and is freed by the caller.
 */
struct bbbxml *api_ask_node(struct api *api, const struct node *node, const char *node_meeting_id,
	const struct query *query, struct upstream_answer *answer, struct err *err);

#endif
