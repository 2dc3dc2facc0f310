/* SPDX-License-Identifier: ISC */
/* The loop around every FastCGI program: listening, threads, stopping without losing a request. */
#include "config.h"
#include "run/server.h"

#include "run/listener.h"
#include "base/log.h"
#include "http/response.h"

#include <errno.h>
#include <fcgiapp.h>
#include <libxml/parser.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define STACK_BYTES    (512 * 1024)
#define PEER_TIMEOUT_S 30

struct server {
	const struct server_app *app;
	struct service service;
	int listen_fd, stop_fd;
};

static const char *fcgx_env(struct io *io, const char *name)
{
	return FCGX_GetParam(name, ((FCGX_Request *)io->handle)->envp);
}

static size_t fcgx_read(struct io *io, char *data, size_t len, bool *ok)
{
	FCGX_Stream *in = ((FCGX_Request *)io->handle)->in;
	int n = FCGX_GetStr(data, (int)len, in);

	/* A web server that breaks off shows as a short read with an error. */
	if (FCGX_GetError(in))
		*ok = false;
	return n > 0 ? (size_t)n : 0;
}

static bool fcgx_write(struct io *io, const char *data, size_t len)
{
	FCGX_Stream *out = ((FCGX_Request *)io->handle)->out;

	while (len) {
		int part = len > 1 << 20 ? 1 << 20 : (int)len;

		if (FCGX_PutStr(data, part, out) != part || FCGX_GetError(out))
			return false;
		data += part;
		len -= (size_t)part;
	}
	return true;
}

static const struct io_ops fcgx_ops = {fcgx_env, fcgx_read, fcgx_write};

static void answer_one(const struct server *s, struct io *io, struct request *rq)
{
	struct err err = {0};
	int status = request_begin(rq, io, &err);

	request_trust_proxies(rq, s->service.conf->trusted_proxies);
	s->app->handle(&s->service, rq, status, &err);
	if (!rq->head_sent) {
		log_msg(LOG_LEVEL_ERROR, "unanswered", "request %s on %s got no answer", rq->id, rq->path);
		response_send(rq, 500, "text/plain; charset=utf-8", NULL, "internal error\n", 15);
	}
	request_end(rq);
}

static void *worker(void *arg)
{
	const struct server *s = arg;
	const struct timeval patience = {.tv_sec = PEER_TIMEOUT_S};
	struct request rq = {0};
	FCGX_Request fcgx;
	struct io io = {.ops = &fcgx_ops, .handle = &fcgx};

	FCGX_InitRequest(&fcgx, s->listen_fd, 0);
	for (;;) {
		struct pollfd p[2] = {
			{.fd = s->listen_fd, .events = POLLIN},
			{.fd = s->stop_fd, .events = POLLIN},
		};
		int rc;

		if (poll(p, 2, -1) == -1 && errno != EINTR)
			break;
		if (p[1].revents)
			break;
		rc = FCGX_Accept_r(&fcgx);
		if (rc < 0) {
			/* Another thread or process was faster, or the peer was gone: wait again. Out of
			 * descriptors: not at full speed. */
			if (rc != -EAGAIN && rc != -EINTR && rc != -ECONNABORTED)
				usleep(50000);
			continue;
		}
		/* A kept connection would bind this thread to one peer and starve all others. */
		fcgx.keepConnection = 0;
		setsockopt(fcgx.ipcFd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		setsockopt(fcgx.ipcFd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		answer_one(s, &io, &rq);
		/* Without the end of the request, which would make a whole answer of what was sent. */
		if (rq.broken)
			FCGX_Free(&fcgx, 1);
		else
			FCGX_Finish_r(&fcgx);
		if (s->app->after)
			s->app->after(&s->service, false);
	}
	FCGX_Free(&fcgx, 1);
	arena_free(&rq.arena);
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
	int fd = signalfd(-1, signals, SFD_CLOEXEC);

	while (read(fd, &info, sizeof(info)) != sizeof(info) || info.ssi_signo == SIGHUP ||
		info.ssi_signo == SIGUSR1)
		continue;
	close(fd);
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
}

static int serve(struct server *s, int threads_wanted, const sigset_t *signals)
{
	pthread_t *threads = mem_zalloc(sizeof(*threads) * (size_t)threads_wanted);
	int started;

	s->stop_fd = eventfd(0, EFD_CLOEXEC);
	started = start_workers(s, threads, threads_wanted);
	if (started == 0) {
		log_msg(LOG_LEVEL_ERROR, "start", "could not start a thread");
		free(threads);
		return EXIT_FAILED;
	}
	log_msg(LOG_LEVEL_INFO, "started", "%s " PACKAGE_VERSION ", %d threads", s->app->name, started);
	wait_for_stop(s, signals, threads, started);
	free(threads);
	close(s->stop_fd);
	return EXIT_DONE;
}

static void block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	sigaddset(signals, SIGUSR1);
	/* Before FCGX_Init and the threads: a signal inside a worker's read would break its request. */
	pthread_sigmask(SIG_BLOCK, signals, NULL);
}

int server_main(const struct server_app *app, int argc, char **argv)
{
	struct program_option options[] = {
		{"listen", "PATH", "unix socket to make and accept on (default: the inherited one)", NULL},
		{NULL, NULL, NULL, NULL},
	};
	struct program program = {.name = app->name, .purpose = app->purpose, .options = options};
	struct server s = {.app = app};
	struct err err = {0};
	sigset_t signals;
	int status = program_begin(&program, argc, argv);

	if (status >= 0)
		return status;
	xmlInitParser();
	s.service.conf = &program.conf;
	s.service.upstream = upstream_open(&program.conf);
	s.service.store = store_open(&program.conf);
	if (app->database_timeout_max && program.conf.database_timeout_ms > app->database_timeout_max)
		program.conf.database_timeout_ms = app->database_timeout_max;
	s.service.db = db_open(&program.conf, app->name, program.conf.database_connections,
		program.conf.database_timeout_ms);
	s.listen_fd = listener_open(options[0].given, &err);
	if (s.listen_fd != -1) {
		setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 0);
		block_signals(&signals);
		FCGX_Init();
		signal(SIGPIPE, SIG_IGN); /* after FCGX_Init, which sets a handler of its own */
		status = serve(&s, program.conf.threads, &signals);
		listener_close(s.listen_fd, options[0].given);
	} else if (err.kind == ERR_NONE && getenv("REQUEST_METHOD")) {
		struct request rq = {0};

		signal(SIGPIPE, SIG_IGN);
		answer_one(&s, &io_cgi, &rq);
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
