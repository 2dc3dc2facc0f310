/* SPDX-License-Identifier: ISC */
/* What b3lb-manage reads and sends: JSON, entity tags, the headers of every answer. */
#include "config.h"
#include "manage.h"

#include "base/sha.h"
#include "http/etag.h"

#include <stdlib.h>
#include <string.h>

#define ETAG_DIGITS 32

size_t manage_headers(const struct manage *m, struct response_header out[MANAGE_HEADERS_MAX])
{
	const struct response_header headers[] = {
		{"Cache-Control", m->cache ? m->cache : "no-store"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Content-Security-Policy", m->csp ? m->csp : "default-src 'none'; frame-ancestors 'none'"},
		{"Content-Encoding", m->encoding && *m->encoding ? m->encoding : NULL},
		{"Vary", m->encoding ? "Accept-Encoding" : NULL},
		{"ETag", m->etag},
		{"Location", m->location},
		{"Link", m->link},
		{"Content-Disposition", m->disposition},
		{"Set-Cookie", m->cookie},
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
		if (headers[i].value)
			out[n++] = headers[i];
	out[n] = (struct response_header){NULL, NULL};
	return n;
}

static const char *etag_of(struct manage *m, const void *body, size_t len)
{
	const struct sha_part part = {body, len};
	char hex[SHA_HEX_MAX + 1];

	sha_hex(SHA_ALG_256, &part, 1, hex);
	return arena_printf(&m->x.rq->arena, "\"%.*s\"", ETAG_DIGITS, hex);
}

void manage_send(struct manage *m, int status, const void *body, size_t len)
{
	struct request *rq = m->x.rq;
	struct response_header headers[MANAGE_HEADERS_MAX];
	bool reads = rq->method == METHOD_GET || rq->method == METHOD_HEAD;
	const char *match = reads ? request_env(rq, "HTTP_IF_NONE_MATCH") : NULL;

	if (reads && status == 200 && !m->etag)
		m->etag = etag_of(m, body, len);
	manage_headers(m, headers);
	if (match && status == 200 && etag_listed(match, m->etag, true))
		response_send(rq, 304, NULL, headers, NULL, 0);
	else
		response_send(rq, status, m->type ? m->type : "application/json; charset=utf-8", headers,
			body, len);
}

void manage_send_json(struct manage *m, int status, json_t *value)
{
	const struct err err = {ERR_INTERNAL, "could not write JSON"};
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;

	if (text)
		manage_send(m, status, text, strlen(text));
	else
		manage_fail(m, &err);
	free(text);
	json_decref(value);
}

const char *manage_tag(struct manage *m, const json_t *object)
{
	const char *etag = json_string_value(json_object_get(object, "etag"));

	return arena_strdup(&m->x.rq->arena, etag ? etag : "");
}

void manage_send_object(struct manage *m, int status, json_t *value)
{
	const char *tag = manage_tag(m, value), *whole = NULL;
	char *text = m->x.rq->method == METHOD_GET || m->x.rq->method == METHOD_HEAD
			     ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15))
			     : NULL;

	if (text)
		whole = etag_of(m, text, strlen(text));
	free(text);
	m->etag = whole ? arena_printf(&m->x.rq->arena, "\"%s.%.8s\"", tag, whole + 1)
			: arena_printf(&m->x.rq->arena, "\"%s\"", tag);
	manage_send_json(m, status, value);
}

static json_t *lines_of(const struct buf *text)
{
	json_t *lines = json_array();

	for (const char *p = buf_str(text); *p;) {
		size_t n = strcspn(p, "\n");

		if (n)
			json_array_append_new(lines, json_stringn(p, n));
		p += n;
		p += *p == '\n';
	}
	return lines;
}

const char *manage_lines(struct manage *m, const struct buf *text)
{
	json_t *lines = lines_of(text);
	char *json = json_dumps(lines, JSON_COMPACT);
	const char *copy = arena_strdup(&m->x.rq->arena, json);

	free(json);
	json_decref(lines);
	return copy;
}

void manage_send_changes(struct manage *m, const struct buf *changes)
{
	manage_send_json(m, 200, json_pack("{s:b, s:o}", "dry_run", 1, "changes", lines_of(changes)));
}

const char *manage_if_match(struct manage *m)
{
	const char *header = request_env(m->x.rq, "HTTP_IF_MATCH");
	char *value = header ? arena_strdup(&m->x.rq->arena, header) : NULL, *out = value;
	bool in_tag = false, behind = false;

	/* As it stands in a body. */
	if (header && strcmp(header, "*") != 0 && !strchr(header, '"'))
		return arena_printf(&m->x.rq->arena, "\"%s\"", header);
	/* Our tags are hex: what follows a dot or a dash in one is not of the object. */
	for (const char *p = header; p && *p; p++) {
		if (*p == '"') {
			in_tag = !in_tag;
			behind = false;
		}
		behind = behind || (in_tag && (*p == '.' || *p == '-'));
		if (!behind)
			*out++ = *p;
	}
	if (value)
		*out = '\0';
	return value;
}

bool manage_is_current(struct manage *m, const json_t *object, bool needed)
{
	const char *match = manage_if_match(m), *none = request_env(m->x.rq, "HTTP_IF_NONE_MATCH");
	const char *tag = object ? arena_printf(&m->x.rq->arena, "\"%s\"", manage_tag(m, object)) : "\"\"";

	if (none && strcmp(none, "*") == 0 && object) {
		manage_refuse(&m->x, 409, "it exists already");
	} else if (object && needed && !match) {
		manage_refuse(&m->x, 428, "it exists: If-Match must say of what state");
	} else if (match && (!object || !etag_listed(match, tag, true))) {
		m->current = object ? tag : NULL;
		manage_refuse(&m->x, 412, "it was changed meanwhile");
	} else {
		return true;
	}
	return false;
}

void manage_send_nothing(struct manage *m)
{
	struct response_header headers[MANAGE_HEADERS_MAX];

	manage_headers(m, headers);
	response_send(m->x.rq, 204, NULL, headers, NULL, 0);
}

bool manage_read_json(struct manage *m, json_t **body)
{
	struct request *rq = m->x.rq;
	json_error_t why;

	*body = NULL;
	if (rq->body.len && strcmp(rq->media_type, "application/json") != 0 &&
		strcmp(rq->media_type, "application/merge-patch+json") != 0) {
		manage_refuse(&m->x, 415, "the body must be application/json");
		return false;
	}
	/* No body says nothing: where one is optional that is an empty object. */
	*body = rq->body.len ? json_loadb(rq->body.ptr, rq->body.len, JSON_REJECT_DUPLICATES, &why)
			     : json_object();
	if (json_is_object(*body))
		return true;
	if (*body)
		manage_refuse(&m->x, 400, "the body must be a JSON object");
	else
		manage_refuse(&m->x, 400,
			arena_printf(
				&rq->arena, "the body is no JSON: line %d, column %d", why.line, why.column));
	json_decref(*body);
	*body = NULL;
	return false;
}

static const char *const rules[] = {
	[FIELD_TEXT] = "must be a text",
	[FIELD_TEXT_OR_NULL] = "must be a text or null",
	[FIELD_NAMES_OR_NULL] = "must be a list of names or null",
	[FIELD_NAMES] = "must be a list of names, one at least",
	[FIELD_BOOL] = "must be true or false",
};

static bool is_names(const json_t *value)
{
	const json_t *item;
	size_t i;

	json_array_foreach(value, i, item) if (!json_is_string(item)) return false;
	return json_is_array(value);
}

static bool has_type(const json_t *value, const struct manage_field *f)
{
	switch (f->type) {
	case FIELD_READ:
		return true;
	case FIELD_TEXT:
		return json_is_string(value);
	case FIELD_TEXT_OR_NULL:
		return json_is_null(value) || json_is_string(value);
	case FIELD_NAMES_OR_NULL:
		return json_is_null(value) || is_names(value);
	case FIELD_NAMES:
		return is_names(value) && json_array_size(value);
	case FIELD_BOOL:
		return json_is_boolean(value);
	}
	return false;
}

bool manage_check_fields(struct manage *m, json_t *body, const struct manage_field *fields)
{
	const char *key;
	json_t *value;

	json_object_foreach(body, key, value)
	{
		const struct manage_field *f = fields;

		while (f->name && strcmp(f->name, key) != 0)
			f++;
		if (f->name && has_type(value, f))
			continue;
		m->pointer = arena_printf(&m->x.rq->arena, "/%.64s", key);
		m->rule = f->name ? rules[f->type] : "there is no such field";
		manage_refuse(&m->x, 422, arena_printf(&m->x.rq->arena, "%.64s: %s", key, m->rule));
		return false;
	}
	return true;
}

json_t *manage_take_body(struct manage *m, const struct manage_field *fields)
{
	json_t *body = NULL;

	if (!manage_read_json(m, &body))
		return NULL;
	if (manage_check_fields(m, body, fields))
		return body;
	json_decref(body);
	return NULL;
}

const char *manage_upper(struct manage *m, const char *text)
{
	return text_upper(arena_strdup(&m->x.rq->arena, text));
}

const char *manage_param(const struct manage *m, const char *name)
{
	return query_get_filled(&m->query, name);
}

bool manage_is_set(const struct manage *m, const char *name)
{
	const char *value = manage_param(m, name);

	return value && strcmp(value, "1") == 0;
}
