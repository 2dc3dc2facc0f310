/* SPDX-License-Identifier: ISC */
/* HTTP calls to nodes: bounded in time, in bytes, and in number for each node. */
#include "config.h"
#include "net/upstream.h"

#include "base/cidr.h"
#include "base/clock.h"
#include "net/transfer.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IDLE_MAX 64
/* A node at its cap that ended no call for so long hangs: who waits for it would keep a worker from the
 * others. */
#define STALL_MS 1000

/* Calls under way to one node. */
struct upstream_node {
	long long id;
	int running;
	bool silent; /* a call ran into its timeout, and none has ended otherwise meanwhile or since */
	long long last_done_ms;
	struct upstream_node *next;
};

/* A handle that waits for its next call, with open connections inside. */
struct upstream_idle {
	CURL *curl;
	long long node_id;
};

struct upstream {
	const struct conf *conf;
	pthread_mutex_t lock;
	pthread_cond_t done;
	struct upstream_node *nodes; /* a short list: only nodes with a call under way, and silent ones */
	struct upstream_idle idle[IDLE_MAX];
	int idle_count;
};

struct upstream *upstream_open(const struct conf *conf)
{
	struct upstream *up = mem_zalloc(sizeof(*up));
	pthread_condattr_t attr;

	curl_begin();
	up->conf = conf;
	pthread_mutex_init(&up->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&up->done, &attr);
	pthread_condattr_destroy(&attr);
	return up;
}

void upstream_close(struct upstream *up)
{
	if (!up)
		return;
	for (int i = 0; i < up->idle_count; i++)
		curl_easy_cleanup(up->idle[i].curl);
	for (struct upstream_node *n = up->nodes, *next; n; n = next) {
		next = n->next;
		free(n);
	}
	pthread_cond_destroy(&up->done);
	pthread_mutex_destroy(&up->lock);
	free(up);
	curl_global_cleanup();
}

static struct upstream_node *node_at(struct upstream *up, long long id)
{
	struct upstream_node *n = up->nodes;

	while (n && n->id != id)
		n = n->next;
	if (!n) {
		n = mem_zalloc(sizeof(*n));
		n->id = id;
		n->last_done_ms = clock_ms();
		n->next = up->nodes;
		up->nodes = n;
	}
	return n;
}

/* Takes a turn at the node; false when it hangs. Call with the lock held. */
static bool node_enter(struct upstream *up, long long id)
{
	struct upstream_node *n = node_at(up, id);

	while (n->running >= up->conf->node_concurrency) {
		long long until = n->last_done_ms + STALL_MS;
		struct timespec ts = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};

		if (n->silent || clock_ms() >= until)
			return false;
		pthread_cond_timedwait(&up->done, &up->lock, &ts);
		/* It may have been taken off the list while this thread waited. */
		n = node_at(up, id);
	}
	/* The first of a row starts the clock anew: an idle node has not hung. */
	if (n->running++ == 0)
		n->last_done_ms = clock_ms();
	return true;
}

/* A call that began then has ended: by a timeout, or not. Call with the lock held. */
static void node_leave(struct upstream *up, long long id, long long began_ms, bool hung)
{
	struct upstream_node **at = &up->nodes, *n;

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	n = *at;
	if (!n)
		return;
	n->running--;
	if (!hung) {
		n->silent = false;
		n->last_done_ms = clock_ms();
	} else if (n->last_done_ms <= began_ms) {
		n->silent = true;
	}
	if (n->running == 0 && !n->silent) {
		*at = n->next;
		free(n);
	}
	pthread_cond_broadcast(&up->done);
}

/* A handle, one that spoke to this node last if there is one: its connection is open. Call with the lock
 * held. */
static CURL *handle_take(struct upstream *up, long long node_id)
{
	int pick = up->idle_count - 1;
	CURL *curl;

	for (int i = 0; i < up->idle_count; i++)
		if (up->idle[i].node_id == node_id)
			pick = i;
	if (pick < 0)
		return NULL;
	curl = up->idle[pick].curl;
	up->idle[pick] = up->idle[--up->idle_count];
	return curl;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct upstream_transfer *t = arg;

	if (t->ignore_body)
		return size * count;
	/* Decoded bytes: a small compressed answer may be a big one. Its beginning is kept. */
	if (size * count > t->max - t->answer->body.len) {
		buf_add(&t->answer->body, data, t->max - t->answer->body.len);
		return 0;
	}
	buf_add(&t->answer->body, data, size * count);
	return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	struct upstream_answer *answer = ((struct upstream_transfer *)arg)->answer;
	size_t len = size * count;
	int n = answer->cookie_count;

	if (n < (int)ARRAY_SIZE(answer->cookies) &&
		curl_header_is(data, len, "set-cookie:", answer->cookies[n], sizeof(answer->cookies[n])))
		answer->cookie_count++;
	curl_header_is(data, len, "location:", answer->location, sizeof(answer->location));
	return len;
}

/* An address of this machine, whatever route leads to it: what leaves for it would come from it. Nothing is sent. */
static bool is_own(struct curl_sockaddr *address)
{
	struct sockaddr_storage self = {0};
	socklen_t len = sizeof(self);
	bool own = false;
	int fd = socket(address->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd != -1 && connect(fd, &address->addr, address->addrlen) == 0 &&
		getsockname(fd, (struct sockaddr *)&self, &len) == 0) {
		if (address->family == AF_INET)
			own = ((struct sockaddr_in *)&self)->sin_addr.s_addr ==
			      ((struct sockaddr_in *)&address->addr)->sin_addr.s_addr;
		else if (address->family == AF_INET6)
			own = memcmp(&((struct sockaddr_in6 *)&self)->sin6_addr,
				      &((struct sockaddr_in6 *)&address->addr)->sin6_addr, 16) == 0;
	}
	if (fd != -1)
		close(fd);
	return own;
}

/* The address that is really connected to, whatever the name resolved to before (DNS rebinding). */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct upstream_transfer *t = arg;
	char host[NI_MAXHOST];

	(void)purpose;
	if (getnameinfo(&address->addr, address->addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST) != 0)
		host[0] = '\0';
	host[strcspn(host, "%")] = '\0'; /* an IPv6 scope */
	if (!*host || cidr_list_reaches(t->deny, host) || (*t->deny && is_own(address))) {
		t->denied = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void upstream_curl_begin(const struct upstream *up, CURL *curl, const struct upstream_call *call,
	struct upstream_answer *answer, struct upstream_transfer *transfer)
{
	const struct conf *conf = up->conf;

	*transfer = (struct upstream_transfer){
		.answer = answer, .max = (size_t)conf->node_answer_max, .ignore_body = call->ignore_body};
	curl_easy_reset(curl);
	curl_plain(curl, call->url);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)conf->node_connect_timeout);
	curl_easy_setopt(
		curl, CURLOPT_TIMEOUT, (long)(call->timeout ? call->timeout : conf->node_request_timeout));
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
	if (*conf->node_ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, conf->node_ca_file);
	if (call->deny) {
		transfer->deny = call->deny;
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
	}
	/* An open connection was checked for another's list. */
	if (call->deny && !call->keep) {
		curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	}
	if (call->authorization)
		transfer->headers = curl_header(transfer->headers, "Authorization", call->authorization);
	if (call->content_type) {
		transfer->headers = curl_header(transfer->headers, "Content-Type", call->content_type);
		/* No 100-continue: a node that does not know it would cost a second each time. */
		transfer->headers = curl_header(transfer->headers, "Expect", "");
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body ? call->body : "");
	}
	if (transfer->headers)
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
}

int upstream_curl_end(CURL *curl, CURLcode code, struct upstream_transfer *transfer, struct err *err)
{
	const char *type = NULL;
	long status = 0;

	curl_slist_free_all(transfer->headers);
	transfer->headers = NULL;
	if (transfer->denied)
		return err_set(err, ERR_INVALID, "its address lies in a network that may not be called");
	if (code == CURLE_WRITE_ERROR)
		return err_set(err, ERR_LIMIT, "the answer is longer than %zu bytes", transfer->max);
	if (code == CURLE_OUT_OF_MEMORY || code == CURLE_FAILED_INIT)
		return err_set(err, ERR_INTERNAL, "%s", curl_easy_strerror(code));
	if (code != CURLE_OK)
		return err_set(err, ERR_AWAY, "%s", curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	transfer->answer->status = (int)status;
	snprintf(transfer->answer->content_type, sizeof(transfer->answer->content_type), "%s",
		type ? type : "");
	return 0;
}

int upstream_do(struct upstream *up, const struct upstream_call *call, struct upstream_answer *answer,
	struct err *err)
{
	struct upstream_transfer transfer;
	CURLcode code = CURLE_FAILED_INIT;
	CURL *curl;
	long long began_ms;
	bool entered;
	int rc;

	pthread_mutex_lock(&up->lock);
	entered = !call->node_id || node_enter(up, call->node_id);
	began_ms = clock_ms();
	curl = entered ? handle_take(up, call->node_id) : NULL;
	pthread_mutex_unlock(&up->lock);
	if (!entered)
		return err_set(err, ERR_BUSY, "%d calls to it hang", up->conf->node_concurrency);
	if (!curl)
		curl = curl_easy_init();
	if (curl) {
		upstream_curl_begin(up, curl, call, answer, &transfer);
		code = curl_easy_perform(curl);
		rc = upstream_curl_end(curl, code, &transfer, err);
	} else {
		rc = err_set(err, ERR_INTERNAL, "could not make a libcurl handle");
	}
	pthread_mutex_lock(&up->lock);
	if (call->node_id)
		node_leave(up, call->node_id, began_ms, code == CURLE_OPERATION_TIMEDOUT);
	if (curl && up->idle_count < IDLE_MAX) {
		up->idle[up->idle_count++] = (struct upstream_idle){curl, call->node_id};
		curl = NULL;
	}
	pthread_mutex_unlock(&up->lock);
	curl_easy_cleanup(curl);
	return rc;
}

void upstream_answer_free(struct upstream_answer *answer)
{
	buf_free(&answer->body);
	*answer = (struct upstream_answer){0};
}
