/* SPDX-License-Identifier: ISC */
/* JSON as timeline.json has it, value by value: commas come by themselves. */
#ifndef B3LB_PRESENTATION_JSON_PUT_H
#define B3LB_PRESENTATION_JSON_PUT_H

#include "base/buf.h"
#include "presentation/model.h"

struct json_put {
	struct buf *out;
	bool first; /* of a list or object: no comma before it */
};

/* A list or object, with a key where it is a member (else NULL). Any thread, one at a time for each. */
void json_put_begin(struct json_put *j, const char *key, char bracket);
void json_put_end(struct json_put *j, char bracket) b3lb_nonnull;
/* The next value is that of this key. */
void json_put_key(struct json_put *j, const char *name) b3lb_nonnull;
void json_put_number(struct json_put *j, double value) b3lb_nonnull;
/* NULL is null. */
void json_put_text(struct json_put *j, const char *value);
void json_put_text_of(struct json_put *j, const char *text, size_t len) b3lb_nonnull;
/* "#rrggbb", or null for PRES_NONE. */
void json_put_colour(struct json_put *j, int value) b3lb_nonnull;
void json_put_comma(struct json_put *j) b3lb_nonnull;

/* What was said and asked: chat, captions, polls, videos, notes, broken parts. */
void pres_write_talk(struct pres *p, struct json_put *j) b3lb_nonnull;

#endif
