/* SPDX-License-Identifier: ISC */
/* Private to change*.c: what a change makes of an object's JSON, without a database. */
#ifndef B3LB_CORE_CHANGE_DOC_H
#define B3LB_CORE_CHANGE_DOC_H

#include "core/change.h"

/* The object as it is to be: before (NULL: there is none) with the body in it, checked by the table; its name in the case
 * that the state has. NULL with err, its text without the object's name in front: ERR_INVALID or ERR_DENIED, *field
 * naming the field in the arena, or NULL. */
json_t *change_merge(
	struct arena *a, const struct change *c, const json_t *before, const char **field, struct err *err);
/* The document that makes it so: the object, with those fields alone that are not as before, in the lists that hold it.
 * after NULL: with an empty list. */
json_t *change_document(const struct change *c, const json_t *before, const json_t *after);
/* The same with all fields, for state_diff. */
json_t *change_whole(const struct change *c, const json_t *object);
/* A rule for all tenants: no tenant is its parent. */
bool change_of_all(const struct change *c);
/* "node bbb1", "secret acme-5": as it was called. */
const char *change_label(struct arena *a, const struct change *c);
/* An object's name in the case that the state has: nodes in lower, tenants in upper. */
const char *change_name(struct arena *a, const struct state_object *object, const char *name);

#endif
