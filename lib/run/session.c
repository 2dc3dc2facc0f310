/* SPDX-License-Identifier: ISC */
/* Connections of the web server that wait while no thread does: for a body, for a reader, for their end. */
#include "config.h"
#include "run/session.h"

#include "base/log.h"
#include "http/fcgi.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* What a stranger may take of a connection, in milliseconds. Only descriptors and memory are held meanwhile. */
#define HEAD_MS	 10000 /* the web server's own part: it has the whole head when it connects */
#define BODY_MS	 30000 /* a whole body that must be there before it is known who asks */
#define STILL_MS 30000 /* without a byte of the answer taken */
#define REST_MS	 5000  /* of a body that is not looked at, behind the answer */
/* The same for who may send it, or is to read the answer when all is sent (request.patient). */
#define PATIENT_MS 600000
/* A body that a thread waits for, of who may send it: that long, and longer while it comes at this rate. */
#define READ_MS	      60000
#define READ_RATE     8192 /* bytes a second */
#define READ_STILL_MS 30000

/* Bytes that all waiting connections hold; above it the one that holds most is broken off. */
#define HELD_MAX (256LL << 20)
#define CHUNK	 (32 * 1024)
/* So much of one answer is sent before others have their turn. */
#define TURN	  (1 << 20)
#define SPARE_MAX 64
#define SWEEP_S	  1

enum step { STEP_HEAD, STEP_HANDLE, STEP_BODY, STEP_SEND, STEP_REST };

struct session {
	struct lot *lot;
	int fd;
	enum step step;
	struct io io;
	struct request rq;
	bool fresh; /* its handler has not run yet */
	struct fcgi in;
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
};

struct lot {
	int epoll_fd, timer_fd, listen_fd, stop_fd;
	pthread_mutex_t lock;
	struct session *first, *spare;
	int count, spare_count;
	long long held;
};

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* ---- reading */

/* What the socket holds now. False when there is nothing yet; *ok false when the peer is gone. */
static bool fill(struct session *s, bool *ok)
{
	size_t size;
	char *room = fcgi_room(&s->in, &size);
	ssize_t n;

	do
		n = recv(s->fd, room, size, MSG_DONTWAIT);
	while (n == -1 && errno == EINTR);
	if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	if (n <= 0) {
		*ok = false;
		s->input_over = true;
		return false;
	}
	fcgi_read(&s->in, (size_t)n);
	return true;
}

/* Bytes of the body that are there now, without waiting; input_over once there are no more. */
static size_t take(struct session *s, char *data, size_t len, bool *ok)
{
	size_t got = 0;

	while (got < len && !s->input_over) {
		size_t n = s->piece_len < len - got ? s->piece_len : len - got;
		enum fcgi_piece kind;

		if (n) {
			memcpy(data + got, s->piece, n);
			s->piece += n;
			s->piece_len -= n;
			got += n;
			continue;
		}
		kind = fcgi_next(&s->in, &s->piece, &s->piece_len);
		if (kind == FCGI_MORE && !fill(s, ok))
			break;
		if (kind == FCGI_BROKEN)
			*ok = false;
		s->input_over = s->input_over || kind == FCGI_BROKEN || (kind == FCGI_STDIN && !s->piece_len);
		if (kind == FCGI_PARAMS)
			s->piece_len = 0; /* behind their end they mean nothing */
	}
	return got;
}

/* Waits for more of a body, within what who may send it may take. */
static bool wait_for_body(struct session *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	long long now = now_ms(), left;

	if (!s->began)
		s->began = now;
	left = s->began + READ_MS + s->taken * 1000 / READ_RATE - now;
	if (left > READ_STILL_MS)
		left = READ_STILL_MS;
	return left > 0 && poll(&p, 1, (int)left) == 1;
}

static size_t session_read(struct io *io, char *data, size_t len, bool *ok)
{
	struct session *s = io->handle;
	size_t got = take(s, data, len, ok);

	while (got < len && !s->input_over) {
		if (!wait_for_body(s)) {
			*ok = false;
			break;
		}
		got += take(s, data + got, len - got, ok);
	}
	s->taken += (long long)got;
	return got;
}

static const char *session_env(struct io *io, const char *name, int *count)
{
	return fcgi_param(&((struct session *)io->handle)->env, name, count);
}

/* ---- writing */

/* Sends without waiting; what was not sent is kept. False when the peer is gone. */
static bool push(struct session *s, const void *data, size_t len)
{
	unsigned char header[FCGI_HEADER_LEN];
	struct iovec parts[2] = {{header, sizeof(header)}, {(void *)data, len}};
	struct msghdr msg = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t n = 0;

	fcgi_stdout_header(&s->in, len, header);
	if (!s->out.len) {
		do
			n = sendmsg(s->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
		while (n == -1 && errno == EINTR);
		if (n == -1 && errno != EAGAIN && errno != EWOULDBLOCK)
			return false;
		n = n == -1 ? 0 : n;
	}
	if ((size_t)n < sizeof(header)) {
		buf_add(&s->out, header + n, sizeof(header) - (size_t)n);
		n = sizeof(header);
	}
	buf_add(&s->out, (const char *)data + n - sizeof(header), len + sizeof(header) - (size_t)n);
	return true;
}

static bool session_write(struct io *io, const char *data, size_t len)
{
	struct session *s = io->handle;

	while (len && !s->gone) {
		size_t part = len < FCGI_CONTENT_MAX ? len : FCGI_CONTENT_MAX;

		s->gone = !push(s, data, part);
		data += part;
		len -= part;
	}
	return !s->gone;
}

static void session_send(struct io *io, const struct io_source *source)
{
	struct session *s = io->handle;

	s->source = *source;
	s->has_source = true;
}

static void close_source(struct session *s)
{
	if (s->has_source)
		s->source.close(s->source.ctx);
	s->has_source = false;
}

/* The next chunk of the source into out. False when it broke off. */
static bool pull(struct session *s)
{
	char chunk[CHUNK];
	struct err err = {0};
	ssize_t n = s->source.read(s->source.ctx, chunk, sizeof(chunk), &err);

	if (n > 0)
		return push(s, chunk, (size_t)n);
	close_source(s);
	if (n == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s is broken off: %s", s->rq.id, err.text);
	return n == 0;
}

enum sending { SENT, NOT_YET, BROKEN };

/* Sends until the peer takes no more, or others are to have their turn. */
static enum sending send_more(struct session *s)
{
	size_t turn = 0;

	while (!s->gone && turn < TURN) {
		ssize_t n;

		if (!s->out.len && s->has_source) {
			turn += CHUNK;
			if (!pull(s))
				return BROKEN;
			continue;
		}
		if (!s->out.len && s->ended)
			return SENT;
		if (!s->out.len) {
			fcgi_end(&s->in, &s->out);
			s->ended = true;
		}
		n = send(s->fd, s->out.ptr + s->out_at, s->out.len - s->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return NOT_YET;
		if (n <= 0)
			return BROKEN;
		turn += (size_t)n;
		s->out_at += (size_t)n;
		if (s->out_at == s->out.len) {
			buf_clear(&s->out);
			s->out_at = 0;
		}
	}
	return s->gone ? BROKEN : NOT_YET;
}

static const struct io_ops session_ops = {session_env, session_read, session_write, session_send};

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

/* It holds too much with all the others: the one with most goes. Locked. */
static void shed(struct lot *lot)
{
	struct session *most = NULL;

	if (lot->held <= HELD_MAX)
		return;
	for (struct session *s = lot->first; s; s = s->next)
		if (s->parked && (!most || s->held > most->held))
			most = s;
	/* It wakes up whoever waits for it; no more than that may be done to it here. */
	if (most)
		shutdown(most->fd, SHUT_RDWR);
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
	s->deadline = now_ms() + ms;
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

	close_source(s);
	request_end(&s->rq);
	close(s->fd);
	buf_free(&s->out);
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
	long long now = now_ms();

	pthread_mutex_lock(&lot->lock);
	for (struct session *s = lot->first; s; s = s->next)
		if (s->parked && now >= s->deadline)
			shutdown(s->fd, s->step == STEP_BODY ? SHUT_RD : SHUT_RDWR);
	pthread_mutex_unlock(&lot->lock);
}

/* ---- steps */

/* Throws away what is there of the body. False when it is over. */
static bool discard(struct session *s)
{
	char chunk[CHUNK];
	bool ok = true;
	size_t n;

	do
		n = take(s, chunk, sizeof(chunk), &ok);
	while (n == sizeof(chunk) && !s->input_over);
	return !s->input_over;
}

static void go_on_sending(struct session *s)
{
	bool more;

	s->step = STEP_SEND;
	switch (send_more(s)) {
	case BROKEN:
		session_close(s);
		return;
	case NOT_YET:
		/* A web server that gives us a body may take no answer until it is rid of it. */
		more = discard(s);
		park(s, EPOLLOUT | (more ? EPOLLIN : 0), STILL_MS);
		return;
	case SENT:
		break;
	}
	close_source(s);
	s->step = STEP_REST;
	if (discard(s))
		park(s, EPOLLIN, s->rq.patient ? PATIENT_MS : REST_MS);
	else
		session_close(s);
}

/* True when the handler is to run. */
static bool collect(struct session *s)
{
	char chunk[CHUNK];
	bool ok = true, done;

	do {
		size_t n = take(s, chunk, sizeof(chunk), &ok);

		done = request_collected(&s->rq, chunk, n, s->input_over, ok);
		if (!done && n < sizeof(chunk)) {
			park(s, EPOLLIN, BODY_MS - (now_ms() - s->began));
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
			if (!fill(s, &ok) && ok) {
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
	switch (s->step) {
	case STEP_HEAD:
		return read_head(s);
	case STEP_BODY:
		return collect(s);
	case STEP_SEND:
		go_on_sending(s);
		return false;
	case STEP_REST:
		if (discard(s))
			/* The time that it has is over when it was over first. */
			park(s, EPOLLIN, s->deadline - now_ms());
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
	struct buf params, env = BUF_INIT;

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
	} else {
		s = mem_alloc(sizeof(*s));
	}
	*s = (struct session){
		.lot = lot,
		.fd = fd,
		.io = {.ops = &session_ops, .handle = s},
		.rq.arena = arena,
		.fresh = true,
		.params = params,
		.env = env,
	};
	return s;
}

static struct session *accept_one(struct lot *lot)
{
	int fd = accept4(lot->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd != -1)
		return session_new(lot, fd);
	/* Another thread or process was faster, or the peer was gone. Out of descriptors: not at full speed. */
	if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED)
		usleep(50000);
	return NULL;
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
	s->began = now_ms();
	return collect(s);
}

/* ---- the lot */

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
		watch(lot, listen_fd, &lot->listen_fd) == -1 || watch(lot, stop_fd, &lot->stop_fd) == -1 ||
		watch(lot, lot->timer_fd, &lot->timer_fd) == -1) {
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
