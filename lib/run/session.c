/* SPDX-License-Identifier: ISC */
/* Connections of the web server that wait while no thread does: for a body, for a reader, for their end. */
#include "config.h"
#include "run/session_wire.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* What a stranger may take of a connection, in milliseconds. Only descriptors and memory are held meanwhile. */
#define HEAD_MS	 10000 /* the web server's own part: it has the whole head when it connects */
#define BODY_MS	 30000 /* a whole body that must be there before it is known who asks */
#define STILL_MS 30000 /* without a byte of the answer taken */
#define REST_MS	 5000  /* of a body that is not looked at, behind the answer */
/* The same for who may send it, or is to read the answer when all is sent (request.patient). */
#define PATIENT_MS 600000
/* Bytes that all waiting connections hold; above it one is broken off. */
#define HELD_MAX  (256LL << 20)
#define SPARE_MAX 64
#define SWEEP_S	  1
/* So many chunks of a body that is thrown away before others have their turn. */
#define DISCARD_TURNS 32

struct lot {
	int epoll_fd, timer_fd, listen_fd, stop_fd;
	pthread_mutex_t lock;
	struct session *first, *spare;
	int count, spare_count;
	long long held;
};

/* ---- waiting */

static void unlink_session(struct lot *lot, struct session *s)
{
	if (!s->listed)
		return;
	*(s->prev ? &s->prev->next : &lot->first) = s->next;
	if (s->next)
		s->next->prev = s->prev;
	s->listed = false;
	lot->count--;
}

/* It holds too much with all the others: of those with half of a share and more the one whose time is over
 * first goes. A stranger who stalls, not whoever sends most. Locked. */
static void shed(struct lot *lot)
{
	struct session *last = NULL;
	long long half = lot->held / lot->count / 2;

	if (lot->held <= HELD_MAX)
		return;
	for (struct session *s = lot->first; s; s = s->next)
		if (s->parked && (long long)s->held >= half && (!last || s->deadline < last->deadline))
			last = s;
	/* It wakes up whoever waits for it; no more than that may be done to it here. */
	if (last)
		shutdown(last->fd, SHUT_RDWR);
}

/* Nobody's until one of the events comes, or the time is over. The caller has let go of it. */
static void park(struct session *s, unsigned events, long long ms)
{
	struct lot *lot = s->lot;
	struct epoll_event event = {.events = events | EPOLLONESHOT, .data.ptr = s};

	pthread_mutex_lock(&lot->lock);
	if (!s->listed) {
		s->prev = NULL;
		s->next = lot->first;
		if (s->next)
			s->next->prev = s;
		lot->first = s;
		s->listed = true;
		lot->count++;
	}
	s->deadline = clock_ms() + ms;
	s->held = s->out.len - s->out_at + s->rq.body.len;
	lot->held += (long long)s->held;
	s->parked = true;
	/* Without room in the kernel for one more its socket is broken, and nobody would hear of it. */
	if (epoll_ctl(lot->epoll_fd, s->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, s->fd, &event) == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "a connection is lost: %s", strerror(errno));
	s->watched = true;
	shed(lot);
	pthread_mutex_unlock(&lot->lock);
}

static void unpark(struct session *s)
{
	pthread_mutex_lock(&s->lot->lock);
	s->parked = false;
	s->lot->held -= (long long)s->held;
	s->held = 0;
	pthread_mutex_unlock(&s->lot->lock);
}

static void session_free(struct session *s)
{
	arena_free(&s->rq.arena);
	buf_free(&s->params);
	buf_free(&s->env);
	buf_free(&s->out);
	free(s);
}

static void session_close(struct session *s)
{
	struct lot *lot = s->lot;
	bool kept;

	session_close_source(s);
	request_end(&s->rq);
	close(s->fd);
	if (s->out.cap > SESSION_SMALL)
		buf_free(&s->out);
	buf_clear(&s->out);
	buf_clear(&s->params);
	buf_clear(&s->env);
	pthread_mutex_lock(&lot->lock);
	unlink_session(lot, s);
	kept = lot->spare_count < SPARE_MAX;
	if (kept) {
		s->next = lot->spare;
		lot->spare = s;
		lot->spare_count++;
	}
	pthread_mutex_unlock(&lot->lock);
	if (!kept)
		session_free(s);
}

/* Too late for what it waited for: whoever is woken sees the end of its input, and of its connection. */
static void sweep(struct lot *lot)
{
	long long now = clock_ms();

	pthread_mutex_lock(&lot->lock);
	for (struct session *s = lot->first; s; s = s->next)
		if (s->parked && now >= s->deadline)
			shutdown(s->fd, s->step == STEP_BODY ? SHUT_RD : SHUT_RDWR);
	pthread_mutex_unlock(&lot->lock);
}

/* ---- steps */

/* Throws away what is there of the body: what to wait for, 0 when it is over. Who sends faster than it is thrown away
 * lets others have their turn, and his time is over as that of anybody else. */
static unsigned discard(struct session *s)
{
	char chunk[SESSION_CHUNK];
	bool ok = true;

	for (int turn = 0; turn < DISCARD_TURNS && !s->input_over; turn++)
		if (session_take(s, chunk, sizeof(chunk), &ok) < sizeof(chunk))
			return s->input_over ? 0 : EPOLLIN;
	return s->input_over ? 0 : EPOLLIN | EPOLLOUT;
}

static void go_on_sending(struct session *s)
{
	unsigned events;

	s->step = STEP_SEND;
	switch (session_send_more(s)) {
	case BROKEN:
		session_close(s);
		return;
	case NOT_YET:
		/* A web server that gives us a body may take no answer until it is rid of it. */
		park(s, EPOLLOUT | discard(s), STILL_MS);
		return;
	case SENT:
		break;
	}
	session_close_source(s);
	s->step = STEP_REST;
	events = discard(s);
	if (events)
		park(s, events, s->rq.patient ? PATIENT_MS : REST_MS);
	else
		session_close(s);
}

/* True when the handler is to run. */
static bool collect(struct session *s)
{
	char chunk[SESSION_CHUNK];
	bool ok = true, done;

	do {
		size_t n = session_take(s, chunk, sizeof(chunk), &ok);

		done = request_collected(&s->rq, chunk, n, s->input_over, ok);
		if (!done && n < sizeof(chunk)) {
			park(s, EPOLLIN, BODY_MS - (clock_ms() - s->began));
			return false;
		}
	} while (!done);
	s->step = STEP_HANDLE;
	return true;
}

/* The head, as far as it is there. True when it is whole, and the handler is to run. */
static bool read_head(struct session *s)
{
	const char *data;
	size_t len;
	bool ok = true;

	while (ok) {
		switch (fcgi_next(&s->in, &data, &len)) {
		case FCGI_MORE:
			if (!session_fill(s, &ok) && ok) {
				park(s, EPOLLIN, HEAD_MS);
				return false;
			}
			break;
		case FCGI_PARAMS:
			if (len) {
				buf_add(&s->params, data, len);
				ok = !s->params.failed;
				break;
			}
			ok = fcgi_params_read(buf_str(&s->params), s->params.len, &s->env);
			buf_clear(&s->params);
			s->step = STEP_HANDLE;
			if (ok)
				return true;
			break;
		case FCGI_STDIN:
		case FCGI_BROKEN:
			ok = false;
			break;
		}
	}
	session_close(s);
	return false;
}

/* True when the handler is to run; else the caller has let go of it. */
static bool advance(struct session *s)
{
	unsigned events;

	switch (s->step) {
	case STEP_HEAD:
		return read_head(s);
	case STEP_BODY:
		return collect(s);
	case STEP_SEND:
		go_on_sending(s);
		return false;
	case STEP_REST:
		events = discard(s);
		if (events)
			/* The time that it has is over when it was over first. */
			park(s, events, s->deadline - clock_ms());
		else
			session_close(s);
		return false;
	case STEP_HANDLE:
		break;
	}
	return true;
}

static struct session *session_new(struct lot *lot, int fd)
{
	struct session *s;
	struct arena arena = {0};
	struct buf params, env = BUF_INIT, out = BUF_INIT;

	pthread_mutex_lock(&lot->lock);
	s = lot->spare;
	if (s) {
		lot->spare = s->next;
		lot->spare_count--;
	}
	pthread_mutex_unlock(&lot->lock);
	buf_init_max(&params, FCGI_PARAMS_MAX);
	if (s) {
		arena = s->rq.arena;
		params = s->params;
		env = s->env;
		out = s->out;
	} else {
		s = mem_alloc(sizeof(*s));
	}
	memset(s, 0, offsetof(struct session, in) + offsetof(struct fcgi, input));
	s->lot = lot;
	s->fd = fd;
	s->io = (struct io){.ops = &session_ops, .handle = s};
	s->rq.arena = arena;
	s->fresh = true;
	s->params = params;
	s->env = env;
	s->out = out;
	return s;
}

/* Tells one thread of what comes; it watches again when it has taken it. Else every thread woke for each connection, and all
 * but one in vain. */
static int watch_once(struct lot *lot, int operation, int fd, void *tag)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = tag};

	return epoll_ctl(lot->epoll_fd, operation, fd, &event);
}

static struct session *accept_one(struct lot *lot)
{
	int fd = accept4(lot->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	/* Another process was faster, or the peer was gone. Out of descriptors: not at full speed. */
	if (fd == -1 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED)
		usleep(50000);
	/* The next one is another thread's. Fails when the lot is drained: none is to come. */
	(void)!watch_once(lot, EPOLL_CTL_MOD, lot->listen_fd, &lot->listen_fd);
	return fd == -1 ? NULL : session_new(lot, fd);
}

struct request *session_request(struct session *s, bool *fresh)
{
	*fresh = s->fresh;
	return &s->rq;
}

struct io *session_io(struct session *s)
{
	return &s->io;
}

bool session_go_on(struct session *s)
{
	bool waits = s->rq.wanted && !s->rq.collected && !s->rq.head_sent;

	s->fresh = false;
	if (!waits) {
		go_on_sending(s);
		return false;
	}
	s->step = STEP_BODY;
	s->began = clock_ms();
	return collect(s);
}

/* ---- the lot */

/* Tells all threads. */
static int watch(struct lot *lot, int fd, void *tag)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = tag};

	return epoll_ctl(lot->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

struct lot *lot_open(int listen_fd, int stop_fd, struct err *err)
{
	const struct itimerspec every = {{SWEEP_S, 0}, {SWEEP_S, 0}};
	struct lot *lot = mem_zalloc(sizeof(*lot));

	lot->listen_fd = listen_fd;
	lot->stop_fd = stop_fd;
	pthread_mutex_init(&lot->lock, NULL);
	lot->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	lot->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (lot->epoll_fd == -1 || lot->timer_fd == -1 ||
		timerfd_settime(lot->timer_fd, 0, &every, NULL) == -1 ||
		watch_once(lot, EPOLL_CTL_ADD, listen_fd, &lot->listen_fd) == -1 ||
		watch_once(lot, EPOLL_CTL_ADD, lot->timer_fd, &lot->timer_fd) == -1 ||
		watch(lot, stop_fd, &lot->stop_fd) == -1) {
		err_set(err, ERR_INTERNAL, "could not wait for connections: %s", strerror(errno));
		lot_close(lot);
		return NULL;
	}
	return lot;
}

void lot_close(struct lot *lot)
{
	struct session *next;

	while (lot->first)
		session_close(lot->first);
	for (struct session *s = lot->spare; s; s = next) {
		next = s->next;
		session_free(s);
	}
	if (lot->epoll_fd != -1)
		close(lot->epoll_fd);
	if (lot->timer_fd != -1)
		close(lot->timer_fd);
	pthread_mutex_destroy(&lot->lock);
	free(lot);
}

enum lot_event lot_wait(struct lot *lot, int timeout_ms, struct session **session)
{
	struct epoll_event event;
	struct session *s = NULL;
	uint64_t ticks;

	if (epoll_wait(lot->epoll_fd, &event, 1, timeout_ms) != 1)
		return LOT_NOTHING;
	if (event.data.ptr == &lot->stop_fd)
		return LOT_STOP;
	if (event.data.ptr == &lot->timer_fd) {
		if (read(lot->timer_fd, &ticks, sizeof(ticks)) == sizeof(ticks))
			sweep(lot);
		(void)!watch_once(lot, EPOLL_CTL_MOD, lot->timer_fd, &lot->timer_fd);
		return LOT_NOTHING;
	}
	if (event.data.ptr == &lot->listen_fd) {
		s = accept_one(lot);
	} else {
		s = event.data.ptr;
		unpark(s);
	}
	if (!s || !advance(s))
		return LOT_NOTHING;
	*session = s;
	return LOT_SESSION;
}

int lot_drain(struct lot *lot)
{
	int count;

	/* Not there any more the second time. */
	(void)!epoll_ctl(lot->epoll_fd, EPOLL_CTL_DEL, lot->listen_fd, NULL);
	(void)!epoll_ctl(lot->epoll_fd, EPOLL_CTL_DEL, lot->stop_fd, NULL);
	pthread_mutex_lock(&lot->lock);
	count = lot->count;
	pthread_mutex_unlock(&lot->lock);
	return count;
}
