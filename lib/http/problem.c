/* SPDX-License-Identifier: ISC */
/* Problem documents (RFC 9457): the one table of what can be wrong, and how it is written. */
#include "config.h"
#include "http/problem.h"

#include <string.h>

const struct problem_kind problem_kinds[] = {
	{"malformed", 400, "The request cannot be read",
		"The body is no JSON, longer than it may be, or of another type; or a parameter of the query is none."},
	{"not-signed-in", 401, "Nobody is signed in",
		"Sign in, or send a token that is still valid: Authorization: Bearer b3lb_..."},
	{"forbidden", 403, "This role may not do that", "The account or token lacks the permission."},
	{"cross-origin", 403, "The request came from another site",
		"A browser's request that changes something must come from the console itself."},
	{"not-found", 404, "There is nothing of that name", "It was removed, never was, or is another's."},
	{"wrong-method", 405, "This cannot be done with it", "The header Allow names what can."},
	{"conflict", 409, "What is there stands against it",
		"It exists already, or something still uses it: used_by names what."},
	{"stale", 412, "It was changed meanwhile",
		"If-Match is not what is there now: read it anew, then decide again."},
	{"invalid", 422, "A value breaks its rule", "errors says which, and the rule."},
	{"condition-needed", 428, "It must be said of what state",
		"Send If-Match with the entity tag of what was read: a repetition would do harm."},
	{"too-many", 429, "Too many", "A limit forbids it for now. Retry-After says when to try again."},
	{"internal", 500, "We failed", "The log has the cause, with the id of the request."},
	{"away", 503, "Not now",
		"The database or a node does not answer. Retry-After says when to try again."},
};
const size_t problem_kind_count = ARRAY_SIZE(problem_kinds);

const struct problem_kind *problem_by_key(const char *key)
{
	for (size_t i = 0; i < problem_kind_count; i++)
		if (strcmp(problem_kinds[i].key, key) == 0)
			return &problem_kinds[i];
	return NULL;
}

const struct problem_kind *problem_by_status(int status)
{
	for (size_t i = 0; i < problem_kind_count; i++)
		if (problem_kinds[i].status == status)
			return &problem_kinds[i];
	return problem_by_key(status < 500 ? "malformed" : "internal");
}

static void add_text(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":\"", name);
	buf_json(out, value);
	buf_putc(out, '"');
}

void problem_write(const struct problem *problem, struct buf *out)
{
	buf_printf(out, "{\"type\":\"%s%s\"", problem->base, problem->kind->key);
	add_text(out, "title", problem->kind->title);
	buf_printf(out, ",\"status\":%d", problem->status);
	add_text(out, "detail", problem->detail);
	if (problem->pointer) {
		buf_puts(out, ",\"errors\":[{\"pointer\":\"");
		buf_json(out, problem->pointer);
		buf_putc(out, '"');
		add_text(out, "detail", problem->rule);
		buf_puts(out, "}]");
	}
	if (problem->used_by)
		buf_printf(out, ",\"used_by\":%s", problem->used_by);
	if (problem->current)
		add_text(out, "current", problem->current);
	add_text(out, "request_id", problem->request_id);
	buf_puts(out, "}\n");
}
