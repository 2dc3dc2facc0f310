/* SPDX-License-Identifier: ISC */
/* A request as it came: method, path, raw query, host, body; checked once, here. */
#ifndef B3LB_HTTP_REQUEST_H
#define B3LB_HTTP_REQUEST_H

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OTHER,
	METHOD__MAX,
};

/* As a request line spells it; "" for METHOD_OTHER. */
const char *method_name(enum method method);

/* Strings are never NULL unless said so; they live in the arena or the transport until the request is over.
 * One thread. */
struct request {
	struct arena arena;
	struct io *io;
	char id[17]; /* Request-Id: 16 hex digits */
	enum method method;
	const char
		*path; /* of REQUEST_URI, starts with '/', no '%', several slashes are one, no dot segments */
	const char *query;	  /* the raw bytes behind '?', "" without */
	const char *host;	  /* lower case, without port and trailing dot; "" when there is none or it is
				     malformed */
	const char *remote_addr;  /* the client's, behind trusted proxies too */
	bool https;		  /* it came by https, here or at a trusted proxy */
	const char *media_type;	  /* of the body: lower case, without parameters; "" without */
	long long content_length; /* -1: not said */
	long long body_read;	  /* bytes of the body that were taken */
	struct buf body;	  /* after request_read_body */
	/* Set by a transport that can read a body while nobody waits for it. */
	bool collects;
	size_t wanted; /* so many bytes of the body at most are to be collected; then the handler runs anew */
	bool collected;	    /* that was done, or the body was read: it is in body */
	int collect_status; /* 0, or as request_read_body answers */
	size_t body_at;	    /* of a collected body: bytes that request_read gave */
	bool patient;	    /* whose body was refused is to read the answer, however long the body takes */
	/* the answer: response.h */
	int status;
	long long sent;
	bool head_sent;
};

/*
 * Reads the head of a request. Returns 0, or an HTTP status to answer with (400, 404) and err: no
 * REQUEST_URI, a path outside [A-Za-z0-9._~/-], a path that is not SCRIPT_NAME + PATH_INFO as the web server
 * decoded it. The bytes come from REQUEST_URI, never from QUERY_STRING, which lighttpd rewrites. io must
 * outlive the request.
 */
int request_begin(struct request *rq, struct io *io, struct err *err) b3lb_nonnull;
/* Frees what it holds; keeps a chunk of memory for the next one when zeroed only once. */
void request_end(struct request *rq) b3lb_nonnull;
/*
 * Where the peer lies in one of the networks (conf's trusted_proxies): host, https and remote_addr are what
 * X-Forwarded-Host, -Proto and -For say; of -For the last address that is no such proxy. From anyone else
 * those headers mean nothing. Call it after request_begin. Returns 0, or 400 with err when one of them is there
 * twice, under another spelling of the name: which one the proxy wrote cannot be told.
 */
int request_trust_proxies(struct request *rq, const char *networks, struct err *err) b3lb_nonnull;
/* A header by its CGI name ("HTTP_RANGE"), or NULL. */
const char *request_env(const struct request *rq, const char *name) b3lb_nonnull;
/* Takes up to len bytes of the body, fewer only at its end; *ok becomes false when it stops before that. */
size_t request_read(struct request *rq, void *data, size_t len, bool *ok) b3lb_nonnull;
/* True when the head says that a body comes, be it of unknown length. */
bool request_has_body(const struct request *rq) b3lb_nonnull;
/*
 * Reads the body into rq->body. Returns 0, or 413 when it is longer than max bytes, or 400 when it stops half
 * way or comes too slowly; err says which. A transport that collects has done it before (request_collect).
 */
int request_read_body(struct request *rq, size_t max, struct err *err) b3lb_nonnull;
/*
 * True when a handler must return without an answer, and is run again once the body is there: only the
 * transport knows how to wait for it. max: bytes that are collected at most.
 */
bool request_collect(struct request *rq, size_t max) b3lb_nonnull;
/* For the transport: the next bytes of a body that is being collected, whether it is over and whether it was
 * whole. True when there is nothing more to wait for. */
bool request_collected(struct request *rq, const char *data, size_t len, bool over, bool ok) b3lb_nonnull;

#endif
