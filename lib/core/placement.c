/* SPDX-License-Identifier: ISC */
/* Which node a create goes to, decided in one transaction, and what became of it. */
#include "config.h"
#include "core/placement.h"

#include "sql/statements.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text;
	enum placement_result result;
} results[] = {
	{"placed", PLACEMENT_PLACED},
	{"passed", PLACEMENT_PLACED},
	{"existing", PLACEMENT_EXISTING},
	{"maxMeetings", PLACEMENT_MAX_MEETINGS},
	{"maxAttendees", PLACEMENT_MAX_ATTENDEES},
	{"maxShown", PLACEMENT_MAX_SHOWN},
	{"noTag", PLACEMENT_NO_TAG},
	{"noNodes", PLACEMENT_NO_NODES},
};

static int read_placement(struct arena *a, const struct db_result *r, struct placement *p, struct err *err)
{
	const char *text = db_text(r, 0, PLACEMENT_PLACE_RESULT);
	size_t i = 0;

	while (text && i < ARRAY_SIZE(results) && strcmp(results[i].text, text) != 0)
		i++;
	if (!text || i == ARRAY_SIZE(results))
		return err_set(err, ERR_INTERNAL, "place_create answered nothing known");
	p->result = results[i].result;
	p->passed = strcmp(text, "passed") == 0;
	p->id = db_int(r, 0, PLACEMENT_PLACE_MEETING);
	p->node_meeting_id = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_NODE_MEETING_ID));
	p->parent_internal_id = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_PARENT_INTERNAL_ID));
	p->nonce = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_NONCE));
	p->record_nonce = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_RECORD_NONCE));
	p->meeting_id = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_CLIENT_ID));
	p->asked = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_ASKED));
	p->server_tag = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_TAG));
	p->at_limit = db_bool(r, 0, PLACEMENT_PLACE_AT_LIMIT);
	p->pin = arena_strdup(a, db_text(r, 0, PLACEMENT_PLACE_PIN));
	node_read(a, r, 0, PLACEMENT_PLACE_NODE, &p->node);
	return 0;
}

int placement_place(struct db *db, struct arena *a, struct placement *p, struct err *err)
{
	struct db_result *r = NULL;
	struct buf tried = BUF_INIT;
	int rc;

	db_array_begin(&tried);
	for (int i = 0; i < p->tried_count; i++)
		db_array_add_int(&tried, p->tried[i]);
	db_array_end(&tried);
	rc = db_run(db, &stmt_placement_place,
		DB_ARGS(p->secret_id, p->meeting_id, p->name, p->expected, p->failed, buf_str(&tried),
			p->parent, p->record, p->own_params, p->hint, p->tenant_version, p->shown,
			PLACEMENT_SHOWN_MAX, p->pin_length, p->pin_wanted),
		&r, err);
	if (rc == 0 && db_rows(r) == 0)
		p->result = PLACEMENT_OUTDATED;
	else if (rc == 0)
		rc = read_placement(a, r, p, err);
	db_free(r);
	buf_free(&tried);
	return rc;
}

void placement_mark_failed(struct placement *p)
{
	p->failed = p->node_meeting_id;
	if (p->tried_count < PLACEMENT_TRIED_MAX)
		p->tried[p->tried_count++] = p->node.id;
}

int placement_confirm(struct db *db, const struct placement *p, const char *internal_id,
	const char *create_time, const char *fragment, bool *kept, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_placement_confirm,
		    DB_ARGS(p->id, p->node_meeting_id, internal_id, create_time, fragment, p->name,
			    p->own_params, p->record),
		    &r, err) == -1)
		return -1;
	*kept = db_rows(r) == 1 && db_bool(r, 0, PLACEMENT_CONFIRM_KEPT);
	db_free(r);
	return 0;
}

int placement_drop(struct db *db, const struct placement *p, struct err *err)
{
	return db_run(db, &stmt_placement_drop, DB_ARGS(p->id, p->node_meeting_id), NULL, err);
}

int placement_why(struct db *db, const char *meeting_id, const char *tenant, struct placement_reasons *why,
	struct err *err)
{
	if (db_run_found(db, &stmt_placement_why, DB_ARGS(meeting_id, tenant), &why->placement,
		    "such placement in the last seven days", err) == -1)
		return -1;
	return db_run(db, &stmt_placement_why_nodes, DB_ARGS(meeting_id, tenant), &why->nodes, err);
}

void placement_reasons_free(struct placement_reasons *why)
{
	db_free(why->placement);
	db_free(why->nodes);
	*why = (struct placement_reasons){0};
}
