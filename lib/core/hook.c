/* SPDX-License-Identifier: ISC */
/* Webhooks: who hears of what happens in meetings. */
#include "config.h"
#include "core/hook.h"

#include "base/name.h"
#include "sql/statements.h"

#include <string.h>

#define EVENTS_LEN_MAX 2048

static const char blanks[] = " \t\r\n";

/* The next of names that are separated by commas, without blanks around; false when there is none any more. */
static bool next_event(const char **at, const char **name, size_t *len)
{
	while (**at) {
		const char *end = *at + strcspn(*at, ",");

		*name = *at + strspn(*at, blanks);
		*len = *name < end ? (size_t)(end - *name) : 0;
		while (*len && strchr(blanks, (*name)[*len - 1]))
			--*len;
		*at = *end ? end + 1 : end;
		if (*len)
			return true;
	}
	return false;
}

const char *hook_complaint(const struct hook_wish *wish)
{
	const char *at = wish->events ? wish->events : "", *name;
	size_t len, count = 0;

	if (!wish->url || !name_fits(NAME_HOOK_URL, wish->url))
		return "callbackURL must be an http or https URL of 2048 bytes at most, without a user and blanks";
	if (strlen(at) > EVENTS_LEN_MAX)
		return "eventID must have 2048 bytes at most";
	while (next_event(&at, &name, &len))
		count++;
	return count > HOOK_EVENTS_MAX ? "eventID must name 64 events at most" : NULL;
}

/* The parameter of a statement: an array, NULL for all events. *b is the caller's to free. */
static const char *events_array(const struct hook_wish *wish, struct buf *b)
{
	const char *at = wish->events ? wish->events : "", *name;
	struct arena a = {0};
	size_t len, count = 0;

	db_array_begin(b);
	for (; next_event(&at, &name, &len); count++) {
		db_array_add(b, text_lower(arena_strndup(&a, name, len)));
	}
	db_array_end(b);
	arena_free(&a);
	return count ? buf_str(b) : NULL;
}

static const char *meeting_of(const struct hook_wish *wish)
{
	return wish->meeting_id ? wish->meeting_id : "";
}

int hook_make(struct db *db, long long secret_id, const struct hook_wish *wish, int max, long long *id,
	bool *duplicate, struct err *err)
{
	struct buf events = BUF_INIT;
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_hook_make,
		DB_ARGS(secret_id, wish->url, meeting_of(wish), events_array(wish, &events), max), &r, err);

	if (rc == 0) {
		const char *result = db_text(r, 0, HOOK_MAKE_RESULT);

		*id = db_int(r, 0, HOOK_MAKE_ID);
		*duplicate = strcmp(result, "duplicate") == 0;
		if (strcmp(result, "full") == 0)
			rc = err_set(err, ERR_LIMIT, "there are %d hooks already", max);
	}
	db_free(r);
	buf_free(&events);
	return rc;
}

int hook_list(struct db *db, struct arena *a, struct hook_owner owner, const char *meeting_id,
	struct hook **list, struct err *err)
{
	struct db_result *r = NULL;
	int count;

	if (db_run(db, &stmt_hook_list, DB_ARGS(owner.tenant_id, owner.secret_id, meeting_id), &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++)
		(*list)[i] = (struct hook){
			.id = db_int(r, i, HOOK_LIST_ID),
			.url = arena_strdup(a, db_text(r, i, HOOK_LIST_URL)),
			.meeting_id = arena_strdup(a, db_text(r, i, HOOK_LIST_MEETING_ID)),
			.events = arena_strdup(a, db_text(r, i, HOOK_LIST_EVENTS)),
			.permanent = db_bool(r, i, HOOK_LIST_PERMANENT),
		};
	db_free(r);
	return count;
}

int hook_destroy(struct db *db, struct hook_owner owner, long long id, struct err *err)
{
	return db_run_found(db, &stmt_hook_destroy, DB_ARGS(owner.tenant_id, owner.secret_id, id), NULL,
		"such hook", err);
}

int hook_add(struct db *db, const char *tenant, int sub_id, const struct hook_wish *wish, long long *id,
	struct err *err)
{
	struct buf events = BUF_INIT;
	struct db_result *r = NULL;
	int rc = db_run_found(db, &stmt_hook_add,
		DB_ARGS(tenant, sub_id, wish->url, meeting_of(wish), events_array(wish, &events)), &r,
		"such secret", err);

	if (rc == 0 && db_is(r, 0, HOOK_ADD_RESULT, "full"))
		rc = err_set(err, ERR_LIMIT, "the secret has 1000 hooks already");
	else if (rc == 0)
		*id = db_int(r, 0, HOOK_ADD_ID);
	db_free(r);
	buf_free(&events);
	return rc;
}

int hook_show(struct db *db, const char *tenant, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_hook_show, DB_ARGS(tenant), out, err);
}

int hook_remove(struct db *db, struct arena *a, const char *of, long long id, bool own, const char **tenant,
	struct err *err)
{
	struct db_result *r = NULL;

	if (db_run_found(db, &stmt_hook_remove, DB_ARGS(id, of, own), &r, "such hook", err) == -1)
		return -1;
	*tenant = arena_strdup(a, db_text(r, 0, HOOK_REMOVE_TENANT));
	db_free(r);
	return 0;
}

int hook_test(struct db *db, const char *of, long long id, struct err *err)
{
	return db_run_found(db, &stmt_hook_test, DB_ARGS(id, of), NULL, "such hook", err);
}
