/* SPDX-License-Identifier: ISC */
/* The loop around every FastCGI program: listening, threads, stopping without losing a request. */
#include "config.h"
#include "run/server.h"

#include "run/listener.h"
#include "base/log.h"
#include "base/xml.h"
#include "http/response.h"
#include "run/session.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES (512 * 1024)
/* What still waits when the process is to stop: a viewer's part of a recording, a body. Supervisors wait longer. */
#define DRAIN_S 5
#define TICK_MS 5000

struct server {
	const struct server_app *app;
	struct service service;
	struct lot *lot;
	int listen_fd, stop_fd, signal_fd;
};

/* fresh: the head was not looked at yet; else the handler runs once more, now with the body. */
static void answer_one(const struct server *s, struct io *io, struct request *rq, bool fresh)
{
	struct err err = {0};
	int status = 0;

	if (fresh)
		status = request_begin(rq, io, &err);
	if (fresh && status == 0)
		status = request_trust_proxies(rq, s->service.conf->trusted_proxies, &err);
	rq->collects = io != &io_cgi;
	s->app->handle(&s->service, rq, status, &err);
	if (rq->head_sent || (rq->wanted && !rq->collected))
		return;
	log_msg(LOG_LEVEL_ERROR, "unanswered", "request %s on %s got no answer", rq->id, rq->path);
	response_send(rq, 500, "text/plain; charset=utf-8", NULL, "internal error\n", 15);
}

/* One thing of what there is to do. False when the process is to stop. */
static bool serve_one(const struct server *s, int timeout_ms)
{
	struct session *session;
	struct request *rq;
	bool fresh;

	switch (lot_wait(s->lot, timeout_ms, &session)) {
	case LOT_NOTHING:
		break;
	case LOT_STOP:
		return false;
	case LOT_SESSION:
		do {
			rq = session_request(session, &fresh);
			answer_one(s, session_io(session), rq, fresh);
		} while (session_go_on(session));
		if (s->app->after)
			s->app->after(&s->service, false);
		break;
	}
	return true;
}

static void *worker(void *arg)
{
	const struct server *s = arg;

	while (serve_one(s, -1))
		;
	return NULL;
}

static int start_workers(struct server *s, pthread_t *threads, int count)
{
	pthread_attr_t attr;
	int started = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	while (started < count && pthread_create(&threads[started], &attr, worker, s) == 0)
		started++;
	pthread_attr_destroy(&attr);
	return started;
}

/* Waits for a signal to stop; lets the workers finish; a second signal ends the process at once. */
static void wait_for_stop(struct server *s, const sigset_t *signals, pthread_t *threads, int started)
{
	struct signalfd_siginfo info;
	uint64_t one = 1;
	time_t end;

	/* What the last request left to write down does not wait for the next one. */
	while (poll(&(struct pollfd){.fd = s->signal_fd, .events = POLLIN}, 1, TICK_MS) != 1 ||
		read(s->signal_fd, &info, sizeof(info)) != sizeof(info) || info.ssi_signo == SIGHUP ||
		info.ssi_signo == SIGUSR1)
		if (s->app->after)
			s->app->after(&s->service, false);
	log_msg(LOG_LEVEL_INFO, "stopping", "got signal %d, finishing requests in flight",
		(int)info.ssi_signo);
	/* Level-triggered and never read: every worker sees it. */
	if (write(s->stop_fd, &one, sizeof(one)) == -1)
		_exit(EXIT_FAILED);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, signals, NULL);
	for (int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	end = time(NULL) + DRAIN_S;
	while (lot_drain(s->lot) > 0 && time(NULL) < end)
		serve_one(s, 100);
}

/* Before the first thread: what a process that cannot be stopped would lack. 0 or -1 with err. */
static int prepare(struct server *s, const sigset_t *signals, struct err *err)
{
	s->signal_fd = signalfd(-1, signals, SFD_CLOEXEC);
	s->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (s->signal_fd == -1 || s->stop_fd == -1)
		return err_set(err, ERR_INTERNAL, "could not open a descriptor: %s", strerror(errno));
	s->lot = lot_open(s->listen_fd, s->stop_fd, err);
	return s->lot ? 0 : -1;
}

static int serve(struct server *s, int threads_wanted, const sigset_t *signals)
{
	pthread_t *threads = mem_zalloc(sizeof(*threads) * (size_t)threads_wanted);
	struct err err = {0};
	int started = 0, status = EXIT_FAILED;

	s->lot = NULL;
	if (prepare(s, signals, &err) == 0) {
		started = start_workers(s, threads, threads_wanted);
		if (started == 0)
			err_set(&err, ERR_INTERNAL, "could not start a thread");
	}
	if (started) {
		log_msg(LOG_LEVEL_INFO, "started", "%s " PACKAGE_VERSION ", %d threads", s->app->name,
			started);
		wait_for_stop(s, signals, threads, started);
		status = EXIT_DONE;
	} else {
		log_msg(LOG_LEVEL_ERROR, "start", "%s", err.text);
	}
	free(threads);
	if (s->lot)
		lot_close(s->lot);
	close(s->stop_fd);
	close(s->signal_fd);
	return status;
}

/* A viewer is a connection and a file: the soft limit, which is for programs that use select, is too few. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)!setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static void block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	sigaddset(signals, SIGUSR1);
	/* Before the threads: they are for the main thread alone. */
	pthread_sigmask(SIG_BLOCK, signals, NULL);
}

int server_main(const struct server_app *app, int argc, char **argv)
{
	struct program_option options[] = {
		{"listen", "PATH", "unix socket to make and accept on (default: the inherited one)", NULL},
		app->print,
		{NULL, NULL, NULL, NULL},
	};
	struct program program = {.name = app->name, .purpose = app->purpose, .options = options};
	struct server s = {.app = app};
	struct err err = {0};
	sigset_t signals;
	int status;

	if (app->run_print && argc == 2 && strncmp(argv[1], "--", 2) == 0 &&
		strcmp(argv[1] + 2, app->print.name) == 0)
		return app->run_print();
	status = program_begin(&program, argc, argv);
	if (status >= 0)
		return status;
	xml_init();
	s.service.conf = &program.conf;
	s.service.upstream = upstream_open(&program.conf);
	s.service.store = store_open(&program.conf);
	if (app->database_timeout_max && program.conf.database_timeout_ms > app->database_timeout_max)
		program.conf.database_timeout_ms = app->database_timeout_max;
	s.service.db = db_open(&program.conf, app->name, program.conf.database_connections,
		program.conf.database_timeout_ms);
	s.listen_fd = listener_open(options[0].given, &err);
	if (s.listen_fd != -1) {
		block_signals(&signals);
		raise_descriptors();
		signal(SIGPIPE, SIG_IGN);
		status = serve(&s, program.conf.threads, &signals);
		listener_close(s.listen_fd, options[0].given);
	} else if (err.kind == ERR_NONE && getenv("REQUEST_METHOD")) {
		struct request rq = {0};

		signal(SIGPIPE, SIG_IGN);
		answer_one(&s, &io_cgi, &rq, true);
		request_end(&rq);
		arena_free(&rq.arena);
		status = EXIT_DONE;
	} else {
		log_msg(LOG_LEVEL_ERROR, "start", "%s",
			err.kind ? err.text : "no socket: give --listen PATH or start it from a web server");
		status = EXIT_USAGE;
	}
	if (app->after)
		app->after(&s.service, true);
	db_close(s.service.db);
	store_close(s.service.store);
	upstream_close(s.service.upstream);
	program_end(&program);
	return status;
}
