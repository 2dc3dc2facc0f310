/* SPDX-License-Identifier: ISC */
/* b3lb-manage: what its handlers read of a request and send as its answer. */
#ifndef B3LB_MANAGE_ANSWER_H
#define B3LB_MANAGE_ANSWER_H

#include "manage.h"

/* problem.c */
/* The one way of saying no: a problem document. Hook of the table. */
void manage_refuse(struct exchange *x, int status, const char *text) b3lb_nonnull;
/* As endpoint_fail, for handlers. */
void manage_fail(struct manage *m, const struct err *err) b3lb_nonnull;
/* As manage_refuse, with the key of a problem where its status has several. */
void manage_refuse_as(struct manage *m, int status, const char *key, const char *text) b3lb_nonnull;

/* answer.c */
/* Sends bytes as the whole answer: GET gets an ETag, or 304. Content-Type is m->type, else JSON's. */
void manage_send(struct manage *m, int status, const void *body, size_t len);
/* Sends JSON, and gives the value up; NULL is an internal error. */
void manage_send_json(struct manage *m, int status, json_t *value);
/* Sends an object, whose "etag" becomes the answer's ETag: of GET with a part that changes with "live", which If-Match passes
 * over. */
void manage_send_object(struct manage *m, int status, json_t *value);
/* What a dry run would have changed: {"dry_run":true,"changes":[...]}. */
void manage_send_changes(struct manage *m, const struct buf *changes) b3lb_nonnull;
/* The value of If-Match without what GET put behind the object's tag, or a web server that compresses; NULL without. */
const char *manage_if_match(struct manage *m) b3lb_nonnull;
/* The tag of an object without its quotes, in the arena. */
const char *manage_tag(struct manage *m, const json_t *object) b3lb_nonnull;
/* Whether If-Match is what is there (NULL: nothing), and none is given where nothing is (If-None-Match: *). False when it was
 * answered: 412, 409; 428 when it is needed of what is there, and missing. */
bool manage_is_current(struct manage *m, const json_t *object, bool needed);
/* Sends objects as a list: limit, offset, sort and q of the query count, over the values that an object has itself. Gives them up. */
void manage_send_page(struct manage *m, json_t *objects) b3lb_nonnull;
/* Lines as a JSON array of texts, in the arena. */
const char *manage_lines(struct manage *m, const struct buf *text) b3lb_nonnull;
/* In upper case, in the arena. */
const char *manage_upper(struct manage *m, const char *text) b3lb_nonnull;
/* 204. */
void manage_send_nothing(struct manage *m) b3lb_nonnull;
/* The body as a JSON object, in *body; false when it was answered: 400, 415. The caller gives it up. */
bool manage_read_json(struct manage *m, json_t **body) b3lb_nonnull b3lb_mustcheck;
/* Fields of a body: what may stand in it, and what is passed over since it is only read. Ends with a NULL name. */
struct manage_field {
	const char *name;
	enum {
		FIELD_READ,
		FIELD_TEXT,
		FIELD_TEXT_OR_NULL,
		FIELD_NAMES,
		FIELD_NAMES_OR_NULL,
		FIELD_BOOL
	} type;
};
/* False when it was answered: 422 with the field and the rule. */
bool manage_check_fields(
	struct manage *m, json_t *body, const struct manage_field *fields) b3lb_nonnull b3lb_mustcheck;
/* Both: the body, checked; NULL when it was answered. The caller gives it up. */
json_t *manage_take_body(struct manage *m, const struct manage_field *fields) b3lb_nonnull b3lb_mustcheck;
/* A parameter of the query, NULL without or when it is empty. */
const char *manage_param(const struct manage *m, const char *name) b3lb_nonnull;
/* True for name=1. */
bool manage_is_set(const struct manage *m, const char *name) b3lb_nonnull;
/* Headers of every answer, security's among them; out holds MANAGE_HEADERS_MAX, ends with a NULL name. */
#define MANAGE_HEADERS_MAX 16
size_t manage_headers(const struct manage *m, struct response_header out[MANAGE_HEADERS_MAX]) b3lb_nonnull;

#endif
