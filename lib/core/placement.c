/* SPDX-License-Identifier: ISC */
/* Which node a create goes to, decided in one transaction, and what became of it. */
#include "config.h"
#include "core/placement.h"

#include <stdlib.h>
#include <string.h>

/* Not repeatable: it counts the creator. */
static const struct db_stmt stmt_place = {"placement_place",
	"select p.result, p.meeting, p.node_meeting_id, par.internal_id, p.nonce, "
	"p.record_nonce, p.client_id, " NODE_COLUMNS " "
	"from b3lb.tenant_version v "
	"left join lateral (select x.node_id, x.internal_id from b3lb.meeting x "
	"  where x.secret_id = $1::int and (x.internal_id = $7 or x.meeting_id = $7) and x.confirmed "
	"  order by x.meeting_id = $7 desc limit 1) par on true "
	"cross join lateral b3lb.place_create($1::int, $2, $3, $4::int, $10::int, $5, $6::int[], "
	"par.node_id, "
	"  $8::boolean, $9::jsonb, $12::int, $13::int) p "
	"left join b3lb.node n on n.id = p.node "
	"left join b3lb.cluster c on c.id = n.cluster_id "
	"where $11::bigint in (0, v.version)",
	false};

static const struct db_stmt stmt_confirm = {"placement_confirm",
	"select b3lb.confirm_meeting($1::bigint, $2, $3, $4::bigint, $5, $6, $7::jsonb, $8::boolean)", true};

static const struct db_stmt stmt_drop = {
	"placement_drop", "select b3lb.drop_placement($1::bigint, $2)", false};

static const struct {
	const char *text;
	enum placement_result result;
} results[] = {
	{"placed", PLACEMENT_PLACED},
	{"existing", PLACEMENT_EXISTING},
	{"maxMeetings", PLACEMENT_MAX_MEETINGS},
	{"maxShown", PLACEMENT_MAX_SHOWN},
	{"noNodes", PLACEMENT_NO_NODES},
};

int placement_place(struct db *db, struct arena *a, struct placement *p, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	struct buf tried = BUF_INIT;
	const char *text;
	int rc = -1;

	db_array_begin(&tried);
	for (int i = 0; i < p->tried_count; i++)
		db_array_add_int(&tried, p->tried[i]);
	db_array_end(&tried);
	db_arg_int(&args, p->secret_id);
	db_arg_text(&args, p->meeting_id);
	db_arg_text(&args, p->name);
	db_arg_int(&args, p->expected);
	db_arg_text(&args, p->failed);
	db_arg_text(&args, buf_str(&tried));
	db_arg_text(&args, p->parent);
	db_arg_bool(&args, p->record);
	db_arg_text(&args, p->own_params);
	if (p->hint > 0)
		db_arg_int(&args, p->hint);
	else
		db_arg_text(&args, NULL);
	db_arg_int(&args, p->tenant_version);
	db_arg_int(&args, p->shown);
	db_arg_int(&args, PLACEMENT_SHOWN_MAX);
	if (db_run(db, &stmt_place, &args, &r, err) == -1)
		goto out;
	if (db_rows(r) == 0) {
		p->result = PLACEMENT_OUTDATED;
		rc = 0;
		goto out;
	}
	text = db_text(r, 0, 0);
	for (size_t i = 0; text && i < ARRAY_SIZE(results); i++) {
		if (strcmp(results[i].text, text) != 0)
			continue;
		p->result = results[i].result;
		p->id = db_int(r, 0, 1);
		p->node_meeting_id = arena_strdup(a, db_text(r, 0, 2));
		p->parent_internal_id = arena_strdup(a, db_text(r, 0, 3));
		p->nonce = arena_strdup(a, db_text(r, 0, 4));
		p->record_nonce = arena_strdup(a, db_text(r, 0, 5));
		p->meeting_id = arena_strdup(a, db_text(r, 0, 6));
		node_read(a, r, 0, 7, &p->node);
		rc = 0;
	}
	if (rc == -1)
		err_set(err, ERR_INTERNAL, "place_create answered nothing known");
out:
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
	struct db_args args = {0};
	struct db_result *r = NULL;

	db_arg_int(&args, p->id);
	db_arg_text(&args, p->node_meeting_id);
	db_arg_text(&args, internal_id);
	db_arg_text(&args, create_time);
	db_arg_text(&args, fragment);
	db_arg_text(&args, p->name);
	db_arg_text(&args, p->own_params);
	db_arg_bool(&args, p->record);
	if (db_run(db, &stmt_confirm, &args, &r, err) == -1)
		return -1;
	*kept = db_rows(r) == 1 && db_bool(r, 0, 0);
	db_free(r);
	return 0;
}

int placement_drop(struct db *db, const struct placement *p, struct err *err)
{
	struct db_args args = {0};

	db_arg_int(&args, p->id);
	db_arg_text(&args, p->node_meeting_id);
	return db_run(db, &stmt_drop, &args, NULL, err);
}
