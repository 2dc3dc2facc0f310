/* SPDX-License-Identifier: ISC */
/* A call of a node on its way through b3lb-backend: the table of endpoints, and what handlers are given. */
#ifndef B3LB_BACKEND_H
#define B3LB_BACKEND_H

#include "http/query.h"
#include "run/server.h"

struct backend;

struct backend_endpoint {
	const char *path;  /* behind /b3lb/b/ */
	const char *allow; /* methods, as Allow says them */
	unsigned methods;  /* bit i: enum method i */
	/* Bytes of a body that are read before the handler runs: more is 413. 0: the handler reads it, or
	 * there is none. */
	size_t body_max;
	void (*handle)(struct backend *b);
};

/* One request. Memory is the request's arena. */
struct backend {
	const struct service *service;
	struct request *rq;
	const struct backend_endpoint *endpoint;
	struct query query;
	const char *nonce; /* never NULL in a handler: 32 to 64 of [0-9a-f-] */
};

/* Answers for a failure of a lower layer: 404, 503 or 500, its text to the log only. */
void backend_fail(struct backend *b, const struct err *err);

/* callback.c */
void backend_callback_end(struct backend *b);
void backend_callback_analytics(struct backend *b);

/* upload.c */
void backend_recording_upload(struct backend *b);

#endif
