/* SPDX-License-Identifier: ISC */
/* Private to state*.c: what stands in the JSON, one table. */
#ifndef B3LB_CORE_STATE_DOC_H
#define B3LB_CORE_STATE_DOC_H

#include "core/state.h"

#include <jansson.h>

enum state_type {
	STATE_TEXT,
	STATE_NAME,   /* a string that a rule of base/name.h fits */
	STATE_CHOICE, /* one of choices */
	STATE_COUNT,  /* a whole number up to max */
	STATE_NUMBER, /* not negative */
	STATE_BOOL,
	STATE_NAMES,   /* a list of such strings */
	STATE_OBJECTS, /* a list of objects */
};
enum { STATE_REQUIRED = 1 << 0, STATE_NULLABLE = 1 << 1, STATE_SECRET = 1 << 2, STATE_FILLED = 1 << 3 };

struct state_field {
	const char *name; /* ends with NULL */
	enum state_type type;
	unsigned flags;
	const char *choices;	       /* "a|b" */
	long max;		       /* of a count; of a name: enum name_kind */
	const struct state_object *of; /* of objects */
};
struct state_object {
	const char *what;		  /* "node" */
	const struct state_field *fields; /* the first one names it */
};
extern const struct state_object state_root;

/* 0, or -1 with ERR_INVALID naming place and rule. Objects of one list have different names, in any case. */
int state_check(json_t *doc, struct err *err);
/* Takes secrets and tokens out. */
void state_hide(json_t *value, const struct state_object *object);
/* What became of before: a line each. */
void state_diff(const json_t *before, const json_t *after, struct state_report *report);
/* What is in the database, with secrets; assets with their bytes, or with what tells one from another. NULL
 * with err. */
json_t *state_read(struct db_conn *conn, bool bytes, struct err *err);
/* An object's name as text, in the arena. */
const char *state_name(struct arena *a, const json_t *value, const struct state_object *object);

#endif
