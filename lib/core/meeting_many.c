/* SPDX-License-Identifier: ISC */
/* What most requests ask of a meeting, for all that ask at the same time in one statement. */
#include "config.h"
#include "core/meeting_many.h"

#include "db/batch.h"
#include "sql/statements.h"

struct asked {
	struct db_call call;
	const struct tenant *tenant;
	const char *meeting_id;
	bool found;
	struct arena *arena; /* of a join */
	long long node_id;
	const char *node_meeting_id;
};

/* Parameters of a statement, an array of each; slug and sub_id are a join's. */
struct columns {
	struct buf version, owner, meeting_id, slug, sub_id;
};

static void write_columns(struct db_call *calls[], int count, bool joins, struct columns *c)
{
	struct buf *all[] = {&c->version, &c->owner, &c->meeting_id, &c->slug, &c->sub_id};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		db_array_begin(all[i]);
	for (int i = 0; i < count; i++) {
		const struct asked *q = (const struct asked *)calls[i];

		db_array_add_int(&c->version, q->tenant->version);
		db_array_add_int(&c->owner, joins ? q->tenant->secret_id : q->tenant->id);
		db_array_add(&c->meeting_id, q->meeting_id);
		if (joins) {
			db_array_add(&c->slug, q->tenant->slug);
			db_array_add_int(&c->sub_id, q->tenant->sub_id);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		db_array_end(all[i]);
}

static void free_columns(struct columns *c)
{
	struct buf *all[] = {&c->version, &c->owner, &c->meeting_id, &c->slug, &c->sub_id};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		buf_free(all[i]);
}

static int join_all(struct db *db, struct db_call *calls[], int count, struct err *err)
{
	struct columns c = {0};
	struct db_result *r = NULL;
	int rc;

	write_columns(calls, count, true, &c);
	rc = db_run(db, &stmt_meeting_join,
		DB_ARGS(buf_str(&c.version), buf_str(&c.owner), buf_str(&c.meeting_id), buf_str(&c.slug),
			buf_str(&c.sub_id)),
		&r, err);
	for (int row = 0; rc == 0 && row < db_rows(r); row++) {
		struct asked *q = (struct asked *)calls[db_int(r, row, MEETING_JOIN_PLACE) - 1];

		q->call.rc = 1;
		q->node_id = db_int(r, row, MEETING_JOIN_NODE_ID);
		q->node_meeting_id = arena_strdup(q->arena, db_text(r, row, MEETING_JOIN_NODE_MEETING_ID));
	}
	db_free(r);
	free_columns(&c);
	return rc;
}

static int look_for_all(struct db *db, struct db_call *calls[], int count, struct err *err)
{
	struct columns c = {0};
	struct db_result *r = NULL;
	int rc;

	write_columns(calls, count, false, &c);
	rc = db_run(db, &stmt_meeting_any,
		DB_ARGS(buf_str(&c.version), buf_str(&c.owner), buf_str(&c.meeting_id)), &r, err);
	for (int row = 0; rc == 0 && row < db_rows(r); row++) {
		struct asked *q = (struct asked *)calls[db_int(r, row, MEETING_ANY_PLACE) - 1];

		q->call.rc = 1;
		q->found = db_bool(r, row, MEETING_ANY_FOUND);
	}
	db_free(r);
	free_columns(&c);
	return rc;
}

static struct db_batch joins = DB_BATCH_INIT(join_all), looks = DB_BATCH_INIT(look_for_all);

int meeting_many_join(struct db *db, struct arena *a, const struct tenant *tenant, const char *meeting_id,
	long long *node_id, const char **node_meeting_id, struct err *err)
{
	struct asked q = {.tenant = tenant, .meeting_id = meeting_id, .arena = a};
	int rc = db_batch_do(&joins, db, &q.call, err);

	*node_id = q.node_id;
	*node_meeting_id = q.node_meeting_id;
	return rc;
}

int meeting_many_any(
	struct db *db, const struct tenant *tenant, const char *meeting_id, bool *found, struct err *err)
{
	struct asked q = {.tenant = tenant, .meeting_id = meeting_id};
	int rc = db_batch_do(&looks, db, &q.call, err);

	*found = q.found;
	return rc;
}
