/* SPDX-License-Identifier: ISC */
/* Private to session.c and session_wire.c: a connection, and the bytes on it. */
#ifndef B3LB_RUN_SESSION_WIRE_H
#define B3LB_RUN_SESSION_WIRE_H

#include "http/fcgi.h"
#include "run/session.h"

/* So much is read and sent at once. */
#define SESSION_CHUNK (32 * 1024)
/* What is shorter waits for what follows: most answers leave in one piece, and wake the web server once. */
#define SESSION_SMALL (16 * 1024)

enum step { STEP_HEAD, STEP_HANDLE, STEP_BODY, STEP_SEND, STEP_REST };

struct session {
	struct lot *lot;
	int fd;
	enum step step;
	struct io io;
	struct request rq;
	bool fresh; /* its handler has not run yet */
	struct buf params, env;
	const char *piece; /* of the body: what was read and not given out */
	size_t piece_len;
	bool input_over, gone;
	long long began, taken; /* when a thread began to read the body, and bytes that it got */
	struct buf out;		/* records that are to be sent, from out_at on */
	size_t out_at;
	struct io_source source;
	bool has_source, ended;
	/* under the lot's lock */
	bool parked, listed, watched;
	long long deadline;
	size_t held;
	struct session *prev, *next;
	struct fcgi in; /* the last: its input is not cleared for each connection */
};

extern const struct io_ops session_ops;

/* What the socket holds now, for fcgi_next. False when there is nothing yet; *ok false when the peer is gone. */
bool session_fill(struct session *s, bool *ok);
/* Bytes of the body that are there now, without waiting; input_over once there are no more. */
size_t session_take(struct session *s, char *data, size_t len, bool *ok);

enum sending { SENT, NOT_YET, BROKEN };
/* Sends until the peer takes no more, or others are to have their turn. */
enum sending session_send_more(struct session *s);
void session_close_source(struct session *s);

#endif
