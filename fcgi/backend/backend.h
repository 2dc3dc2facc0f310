/* SPDX-License-Identifier: ISC */
/* A call of a node on its way through b3lb-backend: what handlers are given. */
#ifndef B3LB_BACKEND_H
#define B3LB_BACKEND_H

#include "http/endpoint.h"
#include "http/query.h"
#include "run/server.h"

/* One request. Memory is the request's arena. */
struct backend {
	struct exchange x;
	const struct service *service;
	struct query query;
	const char *note;  /* for the line of the request; NULL: none */
	bool gateway;	   /* a telephone gateway calls, not a node */
	const char *nonce; /* of a node's call never NULL in a handler: 32 to 64 of [0-9a-f-] */
};

/* callback.c */
void backend_callback_end(struct exchange *x);
void backend_callback_analytics(struct exchange *x);

/* dialin.c */
/* Whether the gateway gave its password; false: it is answered. */
bool backend_dialin_authorize(struct backend *b) b3lb_nonnull;
void backend_dialin_dialplan(struct exchange *x);

/* event.c */
void backend_callback_event(struct exchange *x);

/* upload.c */
void backend_recording_upload(struct exchange *x);

#endif
