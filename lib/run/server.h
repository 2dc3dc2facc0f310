/* SPDX-License-Identifier: ISC */
/* The loop around every FastCGI program: listening, threads, stopping without losing a request; or one plain
 * CGI request. */
#ifndef B3LB_RUN_SERVER_H
#define B3LB_RUN_SERVER_H

#include "db/db.h"
#include "run/program.h"
#include "http/request.h"
#include "store/store.h"
#include "net/upstream.h"

/* What a handler may use. Shared by all threads of the process. */
struct service {
	const struct conf *conf;
	struct db *db;
	struct upstream *upstream;
	struct store *store;
};

struct server_app {
	const char *name;    /* "b3lb-api" */
	const char *purpose; /* for --help */
	/*
	 * Answers one request: response_send exactly once on every path (the loop sends a 500 where it was
	 * forgotten). refused: the status with which request_begin refused it, for why; 0: it did not.
	 */
	void (*handle)(const struct service *service, struct request *rq, int refused, const struct err *why);
	/* After each answer was sent, every few seconds, and once more (last) before the process ends; may be NULL. */
	void (*after)(const struct service *service, bool last);
	/* An option that prints something and exits, before any configuration is read; name NULL: there is none. */
	struct program_option print;
	int (*run_print)(void);	  /* the exit status */
	int database_timeout_max; /* milliseconds; a longer database_timeout is cut to it. 0: none */
};

/*
 * main() of a FastCGI program. Socket: --listen PATH, else fd 3 of systemd (LISTEN_FDS), else fd 0 when it
 * listens; with none of them and REQUEST_METHOD set it answers that one request as a CGI program. SIGTERM,
 * SIGINT: accept no more, finish what is in flight, exit 0; a second one ends at once. Returns the exit
 * status.
 */
int server_main(const struct server_app *app, int argc, char **argv) b3lb_nonnull;

#endif
