/* SPDX-License-Identifier: ISC */
/* Connections of the web server that wait while no thread does: for a body, for a reader, for their end. */
#ifndef B3LB_RUN_SESSION_H
#define B3LB_RUN_SESSION_H

#include "http/request.h"

/* One connection with its one request. */
struct session;
/* All of the process, and what threads wait on. Any thread may call what takes it. */
struct lot;

/* listen_fd and stop_fd become readable when there is a new connection, or the process is to stop. NULL with err
 * when the system has no more descriptors; then nothing was opened. */
struct lot *lot_open(int listen_fd, int stop_fd, struct err *err) b3lb_nonnull;
/* No thread uses it any more. Breaks off what still waits. */
void lot_close(struct lot *lot);

enum lot_event {
	LOT_NOTHING,
	LOT_STOP,    /* stop_fd is readable: each thread is told */
	LOT_SESSION, /* *session is the caller's: its handler is to run, then session_go_on */
};
/* Waits for the next thing to do, does what needs no handler, and says what does. */
enum lot_event lot_wait(struct lot *lot, int timeout_ms, struct session **session) b3lb_nonnull;
/* For the stop: no new connection any more, and stop_fd is looked at no more. Connections that wait. */
int lot_drain(struct lot *lot) b3lb_nonnull;

/* Its request, for the handler. fresh: it runs for the first time; else its body was collected. */
struct request *session_request(struct session *s, bool *fresh) b3lb_nonnull;
struct io *session_io(struct session *s) b3lb_nonnull;
/* Once the handler has run: sends what is to be sent, and closes; the caller lets go of it. True when it wants a
 * body that is there already: it is to run again. */
bool session_go_on(struct session *s) b3lb_nonnull b3lb_mustcheck;

#endif
