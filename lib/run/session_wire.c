/* SPDX-License-Identifier: ISC */
/* The bytes on a connection of the web server: read and sent without waiting. */
#include "config.h"
#include "run/session_wire.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* A body that a thread waits for, of who may send it: that long, and longer while it comes at this rate. */
#define READ_MS	      60000
#define READ_RATE     8192 /* bytes a second */
#define READ_STILL_MS 30000
/* So much of one answer is sent before others have their turn. */
#define TURN (1 << 20)

bool session_fill(struct session *s, bool *ok)
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

size_t session_take(struct session *s, char *data, size_t len, bool *ok)
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
		if (kind == FCGI_MORE && !session_fill(s, ok))
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
	long long now = clock_ms(), left;

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
	size_t got = session_take(s, data, len, ok);

	while (got < len && !s->input_over) {
		if (!wait_for_body(s)) {
			*ok = false;
			break;
		}
		got += session_take(s, data + got, len - got, ok);
	}
	s->taken += (long long)got;
	return got;
}

static const char *session_env(struct io *io, const char *name, int *count)
{
	return fcgi_param(&((struct session *)io->handle)->env, name, count);
}

/* Sends what waits, and these, without waiting: bytes that went, 0 for none; -1 when the peer is gone. */
static ssize_t send_parts(const struct session *s, struct iovec *parts, size_t count)
{
	struct msghdr msg = {.msg_iov = parts, .msg_iovlen = count};
	ssize_t n;

	do
		n = sendmsg(s->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	return n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : n;
}

/* Of what is long, sends what goes without waiting; all else is kept. False when the peer is gone. */
static bool push(struct session *s, const void *data, size_t len)
{
	unsigned char header[FCGI_HEADER_LEN];
	struct iovec parts[] = {{s->out.ptr + s->out_at, s->out.len - s->out_at}, {header, sizeof(header)},
		{(void *)data, len}};
	ssize_t n = 0;

	fcgi_stdout_header(&s->in, len, header);
	if (parts[0].iov_len + len >= SESSION_SMALL)
		n = send_parts(s, parts, ARRAY_SIZE(parts));
	if (n == -1)
		return false;
	s->out_at += (size_t)n < parts[0].iov_len ? (size_t)n : parts[0].iov_len;
	if (s->out_at == s->out.len) {
		buf_clear(&s->out);
		s->out_at = 0;
	}
	n -= (ssize_t)parts[0].iov_len;
	for (size_t i = 1; i < ARRAY_SIZE(parts); i++) {
		size_t gone = n <= 0 ? 0 : (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;

		buf_add(&s->out, (const char *)parts[i].iov_base + gone, parts[i].iov_len - gone);
		n -= (ssize_t)parts[i].iov_len;
	}
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

void session_close_source(struct session *s)
{
	if (s->has_source)
		s->source.close(s->source.ctx);
	s->has_source = false;
}

/* The next chunk of the source into out. False when it broke off. */
static bool pull(struct session *s)
{
	char chunk[SESSION_CHUNK];
	struct err err = {0};
	ssize_t n = s->source.read(s->source.ctx, chunk, sizeof(chunk), &err);

	if (n > 0)
		return push(s, chunk, (size_t)n);
	session_close_source(s);
	if (n == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s is broken off: %s", s->rq.id, err.text);
	return n == 0;
}

enum sending session_send_more(struct session *s)
{
	size_t turn = 0;

	while (!s->gone && turn < TURN) {
		ssize_t n;

		if (!s->out.len && s->has_source) {
			turn += SESSION_CHUNK;
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

const struct io_ops session_ops = {session_env, session_read, session_write, session_send};
