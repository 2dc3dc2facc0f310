/* SPDX-License-Identifier: ISC */
/* What stands in the JSON of the state, one table: objects, their fields, rules and defaults. */
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
enum {
	STATE_REQUIRED = 1 << 0,
	STATE_NULLABLE = 1 << 1,
	STATE_SECRET = 1 << 2, /* written, never shown */
	STATE_FILLED = 1 << 3, /* not "" */
	STATE_OWNER = 1 << 4,  /* a tenant's own administrator may change it */
	STATE_EVEN = 1 << 6,   /* a count that two divide */
	STATE_READ = 1 << 5,   /* only shown, by core/change.h: what is given for it is passed over */
};

struct state_field {
	const char *name; /* ends with NULL */
	enum state_type type;
	unsigned flags;
	const char *choices;	       /* "a|b" */
	long max;		       /* of a count; of a name: enum name_kind */
	const struct state_object *of; /* of objects */
	/* What a new object has, as JSON; NULL: null where that may be, [] of lists, else the field must be given, is a
	 * secret that is made, or is only read. As the columns' defaults are; a profile of the kind player has the type
	 * presentation (core/change_doc.c). */
	const char *preset;
	long min; /* of a count */
};
struct state_object {
	const char *what;		  /* "node" */
	const struct state_field *fields; /* the first one names it */
	const char *with; /* the text that names it together with a URL, the first one; NULL: none */
};
extern const struct state_object state_root;
extern const struct state_object state_cluster, state_group, state_node, state_profile, state_tenant,
	state_secret, state_hook, state_parameter, state_asset;

/* 0, or -1 with ERR_INVALID naming place and rule. Objects of one list have different names, in any case. */
int state_check(json_t *doc, struct err *err);
/* The same of one object, whose fields are the places. */
int state_check_object(json_t *value, const struct state_object *object, struct err *err);
/* The field of that name, NULL: there is none. */
const struct state_field *state_field(const struct state_object *object, const char *name);
/* Takes secrets and tokens out. */
void state_hide(json_t *value, const struct state_object *object);
/* What became of before: a line each. */
void state_diff(const json_t *before, const json_t *after, struct state_report *report);
/* What is in the database, with secrets; assets with their bytes, or with what tells one from another. NULL
 * with err. */
json_t *state_read(struct db_conn *conn, bool bytes, struct err *err);
/* Writes a document that state_check lets through, in the transaction of conn; what it does not name stays. Takes the
 * assets out of it, puts secrets that are made into it and, unless it is a dry run, into the report. 0, or -1 with err. */
int state_take(struct db_conn *conn, const struct conf *conf, json_t *doc, bool dry_run,
	struct state_report *report, struct err *err);
/* An object's name as text, in the arena. */
const char *state_name(struct arena *a, const json_t *value, const struct state_object *object);

#endif
