/* SPDX-License-Identifier: ISC */
/* The table of what a program answers, and the one way of a request through it. */
#ifndef B3LB_HTTP_ENDPOINT_H
#define B3LB_HTTP_ENDPOINT_H

#include "base/log.h"
#include "http/response.h"

/* Sets of methods. */
#define ON_GET		 (1u << METHOD_GET)
#define ON_POST		 (1u << METHOD_POST)
#define ON_GET_HEAD	 (ON_GET | 1u << METHOD_HEAD)
#define ON_GET_POST	 (ON_GET | ON_POST)
#define ON_GET_HEAD_POST (ON_GET_HEAD | ON_POST)
#define ON_PUT		 (1u << METHOD_PUT)
#define ON_PATCH	 (1u << METHOD_PATCH)
#define ON_DELETE	 (1u << METHOD_DELETE)

#define ENDPOINT_VALUES_MAX 4

struct exchange;

/* A row: what is answered on a path. Several may have one path, each for other methods. */
struct endpoint {
	/* A path, or its end, as the program gives it to endpoint_run. A segment in braces stands for any one
	   that is not empty: "v1/nodes/{node}". */
	const char *path;
	unsigned methods;
	size_t body_max; /* bytes of a body that are read before handle; 0: handle reads it, or there is none */
	unsigned flags;	  /* the program's own: what its hooks see to before handle runs */
	const void *more; /* the program's own: what else its hooks must know of the row */
	int retry_after;  /* seconds that a 503 asks for; 0: 5 */
	/* Sends the one answer. */
	void (*handle)(struct exchange *x);
};

/* What all rows of a program have in common. Hooks may be NULL. */
struct endpoint_table {
	const struct endpoint *rows;
	size_t count;
	/* Before anything else: who may learn what there is. False: it has answered. */
	bool (*admit)(struct exchange *x);
	/* Row and method are right, no body was read: who asks, and may he. False: it has answered. */
	bool (*authorize)(struct exchange *x);
	/* Answers with an error status and a text for people. NULL: a line of plain text. */
	void (*refuse)(struct exchange *x, int status, const char *text);
	/* Adds what the program knows to the line of the request, behind its id. */
	void (*describe)(const struct exchange *x, struct log_line *l);
	/* It is answered, and took that long. */
	void (*answered)(const struct exchange *x, long long microseconds);
};

/* One request on its way; the first member of a program's own struct. Zeroed but for rq. */
struct exchange {
	struct request *rq;
	const struct endpoint_table *table;
	const struct endpoint *endpoint; /* NULL: none has this path */
	unsigned allowed; /* methods of the path's rows, when the request's is none of them; else 0 */
	const char *values[ENDPOINT_VALUES_MAX]; /* what stood for the braces, in order; the arena's */
	const char *error; /* key of the error that was answered, for the log; NULL: none */
};

/*
 * Answers x->rq: finds the row of path (NULL: none), answers 404 and 405, lets the hooks decide, reads the
 * body (413, 400), runs the handler, and writes the one line of the request. refused: the status with which
 * request_begin refused it, for why; 0: it did not. Any thread.
 */
void endpoint_run(struct exchange *x, const struct endpoint_table *table, const char *path, int refused,
	const struct err *why);

/* Reads the body; false when the exchange is answered (413, 400), or must wait for it: then the caller returns,
 * and all of it happens once more with the body there. For authorize, where only the body says who asks, and
 * for handlers of rows without body_max that have changed nothing yet. */
bool endpoint_read_body(struct exchange *x, size_t max) b3lb_nonnull b3lb_mustcheck;
/* Answers with an error; Allow and Retry-After go with 405 and 503. text is for people, without line end. */
void endpoint_refuse(struct exchange *x, int status, const char *text) b3lb_nonnull;
/* Answers for what a lower layer says: the status of its kind, its text where the client is at fault. What
 * is ours goes to the log with the request's id, and is told without its inside. */
void endpoint_fail(struct exchange *x, const struct err *err) b3lb_nonnull;
/* The HTTP status of an error's kind, one table for all programs: 422, 404, 409, 412, 403, 429, 503, 500. */
int endpoint_status(enum err_kind kind);

#define ENDPOINT_HEADERS_MAX 3
/* The headers that an error with that status needs, for a program's own refuse; ends with a NULL name. */
void endpoint_headers(const struct exchange *x, int status,
	struct response_header headers[ENDPOINT_HEADERS_MAX]) b3lb_nonnull;

#endif
