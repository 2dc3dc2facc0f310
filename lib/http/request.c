/* SPDX-License-Identifier: ISC */
/* A request as it came: method, path, raw query, host, body; checked once, here. */
#include "config.h"
#include "http/request.h"

#include "base/cidr.h"
#include "base/hex.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PATH_MAX_BYTES 1024
static const char *const method_names[METHOD__MAX] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", ""};

const char *method_name(enum method method)
{
	return method_names[method];
}

const char *request_env(const struct request *rq, const char *name)
{
	int count;

	return rq->io->ops->env(rq->io, name, &count);
}

static const char *env_or_empty(const struct request *rq, const char *name)
{
	const char *value = request_env(rq, name);

	return value ? value : "";
}

/* Out of a store of each thread's: asked for one by one they cost as much as the rest of a request's head. */
static void make_id(struct request *rq)
{
	static _Thread_local unsigned char store[32][8];
	static _Thread_local size_t left;

	if (!left && RAND_bytes(store[0], sizeof(store)) != 1)
		memset(store, 0, sizeof(store));
	left = left ? left - 1 : ARRAY_SIZE(store) - 1;
	hex_write(store[left], sizeof(store[left]), rq->id);
}

/* Lower case, without port and trailing dot; "" for what is no host name. */
static const char *parse_host(struct request *rq, const char *raw)
{
	size_t len = strcspn(raw, ":");
	char *host = arena_strndup(&rq->arena, raw, len);

	if (raw[len] == ':' && raw[len + 1 + strspn(raw + len + 1, "0123456789")])
		return "";
	if (len && host[len - 1] == '.')
		host[--len] = '\0';
	if (len == 0 || len > 253)
		return "";
	for (size_t i = 0; i < len; i++) {
		if (host[i] >= 'A' && host[i] <= 'Z')
			host[i] = (char)(host[i] - 'A' + 'a');
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", host[i]))
			return "";
	}
	return host;
}

static const char *parse_media_type(struct request *rq)
{
	const char *raw = env_or_empty(rq, "CONTENT_TYPE");
	size_t len = strcspn(raw, "; \t,");
	char *type = arena_strndup(&rq->arena, raw, len);

	for (char *p = type; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return type;
}

static bool path_is_plain(const char *path)
{
	size_t len = strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~/-");

	return *path == '/' && !path[len] && len <= PATH_MAX_BYTES && !strstr(path, "/./") &&
	       !strstr(path, "/../") && (len < 2 || strcmp(path + len - 2, "/.") != 0) &&
	       (len < 3 || strcmp(path + len - 3, "/..") != 0);
}

/* Several slashes are one, as a BBB server and both web servers read them. */
static void merge_slashes(char *path)
{
	char *out = path;

	for (const char *p = path; *p; p++)
		if (*p != '/' || p[1] != '/')
			*out++ = *p;
	*out = '\0';
}

/* Splits REQUEST_URI; absolute form (http://host/path) comes through Apache as it was sent, a fragment
 * through lighttpd. */
static int parse_uri(struct request *rq, struct err *err)
{
	const char *uri = request_env(rq, "REQUEST_URI"), *script, *info;
	size_t len;
	char *path;

	rq->path = rq->query = "";
	if (!uri || !*uri) {
		err_set(err, ERR_INVALID, "no REQUEST_URI");
		return 400;
	}
	if (strncasecmp(uri, "http://", 7) == 0 || strncasecmp(uri, "https://", 8) == 0) {
		uri = strstr(uri, "://") + 3;
		uri += strcspn(uri, "/?#");
	}
	len = strcspn(uri, "?#");
	path = arena_strndup(&rq->arena, uri, len);
	merge_slashes(path);
	if (uri[len] == '?') {
		const char *query = uri + len + 1;

		rq->query = arena_strndup(&rq->arena, query, strcspn(query, "#"));
	}
	if (!path_is_plain(path)) {
		err_set(err, ERR_INVALID, "no such path");
		return 404;
	}
	/* A web server's access rules work on its own decoded path: it must be the one that is routed here.
	 */
	script = request_env(rq, "SCRIPT_NAME");
	info = request_env(rq, "PATH_INFO");
	if (script || info) {
		char *both = arena_printf(&rq->arena, "%s%s", script ? script : "", info ? info : "");

		both[strcspn(both, "?")] = '\0';
		merge_slashes(both);
		if (strcmp(both, path) != 0) {
			err_set(err, ERR_INVALID, "the path is not the one that the web server sees");
			return 404;
		}
	}
	rq->path = path;
	return 0;
}

static int parse_length(struct request *rq, struct err *err)
{
	const char *text = env_or_empty(rq, "CONTENT_LENGTH");

	rq->content_length = -1;
	if (!*text)
		return 0;
	if (!text_is_number(text, 18)) {
		err_set(err, ERR_INVALID, "Content-Length must be a number");
		return 400;
	}
	rq->content_length = strtoll(text, NULL, 10);
	return 0;
}

int request_begin(struct request *rq, struct io *io, struct err *err)
{
	struct arena kept = rq->arena;
	const char *method;
	int status;

	memset(rq, 0, sizeof(*rq));
	rq->arena = kept;
	rq->io = io;
	make_id(rq);
	method = env_or_empty(rq, "REQUEST_METHOD");
	for (rq->method = METHOD_GET; rq->method < METHOD_OTHER; rq->method++)
		if (strcmp(method, method_names[rq->method]) == 0)
			break;
	rq->host = parse_host(rq, env_or_empty(rq, "HTTP_HOST"));
	rq->remote_addr = env_or_empty(rq, "REMOTE_ADDR");
	rq->https = strcasecmp(env_or_empty(rq, "HTTPS"), "on") == 0;
	rq->media_type = parse_media_type(rq);
	status = parse_uri(rq, err);
	return status ? status : parse_length(rq, err);
}

/* The last address of a comma list that is no trusted proxy itself: those before it are the client's own
 * claims. */
static const char *forwarded_for(struct request *rq, const char *networks)
{
	char *list = arena_strdup(&rq->arena, env_or_empty(rq, "HTTP_X_FORWARDED_FOR"));
	const char *found = NULL;

	while (list && *list) {
		char *comma = strrchr(list, ','), *at = comma ? comma + 1 : list;

		at += strspn(at, " \t");
		at[strcspn(at, " \t")] = '\0';
		if (*at && cidr_list_valid(at) && !strchr(at, '/')) {
			found = at;
			if (!cidr_list_contains(networks, at))
				break;
		} else if (*at) {
			break;
		}
		if (!comma)
			break;
		*comma = '\0';
	}
	return found;
}

int request_trust_proxies(struct request *rq, const char *networks, struct err *err)
{
	static const char *const names[] = {
		"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"};
	const char *client, *host = env_or_empty(rq, "HTTP_X_FORWARDED_HOST");
	const char *proto = env_or_empty(rq, "HTTP_X_FORWARDED_PROTO");

	if (!*networks || !cidr_list_contains(networks, rq->remote_addr))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int count;

		rq->io->ops->env(rq->io, names[i], &count);
		if (count > 1) {
			err_set(err, ERR_INVALID, "%s is there twice", names[i]);
			return 400;
		}
	}
	client = forwarded_for(rq, networks);
	if (client)
		rq->remote_addr = client;
	/* The first of a list is the one that the client asked for. */
	if (*host)
		rq->host = parse_host(rq, arena_strndup(&rq->arena, host, strcspn(host, ", \t")));
	if (*proto)
		rq->https = strncasecmp(proto, "https", 5) == 0;
	return 0;
}

void request_end(struct request *rq)
{
	buf_free(&rq->body);
	arena_reset(&rq->arena);
}

size_t request_read(struct request *rq, void *data, size_t len, bool *ok)
{
	size_t n;

	if (rq->collected) {
		n = rq->body.len - rq->body_at < len ? rq->body.len - rq->body_at : len;
		if (n)
			memcpy(data, rq->body.ptr + rq->body_at, n);
		rq->body_at += n;
		*ok = *ok && (n == len || !rq->collect_status);
		return n;
	}
	/* Plain CGI has no end of file at the body's end. */
	if (rq->content_length >= 0 && rq->content_length - rq->body_read < (long long)len)
		len = (size_t)(rq->content_length - rq->body_read);
	n = len ? rq->io->ops->read(rq->io, data, len, ok) : 0;
	rq->body_read += (long long)n;
	if (n < len && rq->content_length >= 0)
		*ok = false;
	return n;
}

bool request_has_body(const struct request *rq)
{
	return rq->content_length > 0 ||
	       (rq->content_length < 0 && *env_or_empty(rq, "HTTP_TRANSFER_ENCODING"));
}

static int body_status(int status, size_t max, struct err *err)
{
	if (status == 413)
		err_set(err, ERR_LIMIT, "the body is longer than %zu bytes", max);
	else if (status)
		err_set(err, ERR_INVALID, "the body stopped before its end, or came too slowly");
	return status;
}

int request_read_body(struct request *rq, size_t max, struct err *err)
{
	char chunk[16384];
	bool ok = true;
	size_t n;

	if (rq->collected)
		return body_status(rq->collect_status, max, err);
	buf_init_max(&rq->body, max);
	if (rq->content_length > (long long)max)
		return body_status(413, max, err);
	do {
		n = request_read(rq, chunk, sizeof(chunk), &ok);
		buf_add(&rq->body, chunk, n);
	} while (n == sizeof(chunk) && !rq->body.failed && ok);
	rq->collect_status = rq->body.failed ? 413 : ok ? 0 : 400;
	rq->collected = true;
	return body_status(rq->collect_status, max, err);
}

bool request_collect(struct request *rq, size_t max)
{
	if (!rq->collects || rq->collected)
		return false;
	rq->wanted = max;
	buf_init_max(&rq->body, max);
	return true;
}

bool request_collected(struct request *rq, const char *data, size_t len, bool over, bool ok)
{
	bool whole;

	if (rq->content_length > (long long)rq->wanted ||
		(long long)rq->body.len + (long long)len > (long long)rq->wanted) {
		rq->collect_status = 413;
		rq->collected = true;
		return true;
	}
	buf_add(&rq->body, data, len);
	whole = rq->content_length < 0 ? over : (long long)rq->body.len >= rq->content_length;
	if (!whole && !over && ok)
		return false;
	rq->collect_status = whole && ok ? 0 : 400;
	rq->collected = true;
	return true;
}
