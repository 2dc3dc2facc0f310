/* SPDX-License-Identifier: ISC */
/* Recordings as clients see them: listed, published, deleted, renamed. */
#include "config.h"
#include "core/recording.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct db_stmt stmt_list = {"recording_list",
	"select * from b3lb.list_recordings($1::int, $2::int, $3::text[], $4::text[], $5::text[], $6::jsonb, "
	"$7::text[], $8::text[], $9::int, $10::bigint)",
	true};

static const struct db_stmt stmt_publish = {"recording_publish",
	"select b3lb.publish_recordings($1::int, $2::int, $3::text[], $4::boolean)", true};
static const struct db_stmt stmt_delete = {
	"recording_delete", "select b3lb.delete_recordings($1::int, $2::int, $3::text[])", false};
static const struct db_stmt stmt_update = {"recording_update",
	"select b3lb.update_recordings($1::int, $2::int, $3::text[], $4::jsonb, $5::text[])", true};

struct recording_owner recording_owner_of(const struct tenant *tenant)
{
	return (struct recording_owner){tenant->id, tenant->sub_id == 0 ? 0 : tenant->secret_id};
}

static void owner_args(struct db_args *args, struct recording_owner owner)
{
	db_arg_int(args, owner.tenant_id);
	if (owner.secret_id)
		db_arg_int(args, owner.secret_id);
	else
		db_arg_text(args, NULL);
}

/* The entries of a comma list as an SQL array, without blanks around them. */
static void list_to_array(const char *list, struct buf *array)
{
	struct buf one = BUF_INIT;

	db_array_begin(array);
	while (list && *list) {
		size_t len = strcspn(list, ","), from = strspn(list, " \t"), to = len;

		while (to > from && (list[to - 1] == ' ' || list[to - 1] == '\t'))
			to--;
		buf_clear(&one);
		buf_add(&one, list + from, to - from);
		if (one.len)
			db_array_add(array, buf_str(&one));
		list += len + (list[len] == ',');
	}
	db_array_end(array);
	buf_free(&one);
}

/* doc/bbb-api, 3.5: published and unpublished unless others are named; any is all of them. */
static void states_to_array(const char *states, struct buf *array)
{
	static const char all[] = "processing,processed,published,unpublished,deleted";
	bool any = false;

	for (const char *p = states; p && *p; p += strcspn(p, ","), p += *p == ',')
		any = any || strcspn(p, ",") == 3 ? any || strncmp(p, "any", 3) == 0 : any;
	list_to_array(any ? all : states && *states ? states : "published,unpublished", array);
}

/* % at start or end of a value is any text; in between it stands for itself. */
static void write_pattern(const char *value, struct buf *out)
{
	size_t len = strlen(value);

	for (size_t i = 0; i < len; i++) {
		bool wild = value[i] == '%' && (i == 0 || i == len - 1);

		if (strchr("%_\\", value[i]) && !wild)
			buf_putc(out, '\\');
		buf_putc(out, value[i]);
	}
}

struct meta_filter {
	json_t *exact;
	struct buf names, patterns;
};

static void meta_filter_read(const struct query *q, struct meta_filter *m)
{
	struct buf pattern = BUF_INIT;
	char name[128];

	m->exact = json_object();
	db_array_begin(&m->names);
	db_array_begin(&m->patterns);
	for (size_t i = 0; i < q->count; i++) {
		const char *value = q->params[i].value;
		size_t len = strlen(value);

		if (!query_meta_name(q->params[i].name, name, sizeof(name)) || !len)
			continue;
		if (*value != '%' && value[len - 1] != '%') {
			json_object_set_new(m->exact, name, json_string(value));
			continue;
		}
		buf_clear(&pattern);
		write_pattern(value, &pattern);
		db_array_add(&m->names, name);
		db_array_add(&m->patterns, buf_str(&pattern));
	}
	db_array_end(&m->names);
	db_array_end(&m->patterns);
	buf_free(&pattern);
}

static void recording_read(struct arena *a, const struct db_result *r, int i, struct recording *rec)
{
	*rec = (struct recording){
		.record_id = arena_strdup(a, db_text(r, i, 1)),
		.meeting_id = arena_strdup(a, db_text(r, i, 2)),
		.name = arena_strdup(a, db_text(r, i, 3)),
		.state = arena_strdup(a, db_text(r, i, 4)),
		.published = db_bool(r, i, 5),
		.start_time = db_int(r, i, 6),
		.end_time = db_int(r, i, 7),
		.raw_size = db_int(r, i, 8),
		.participants = (int)db_int(r, i, 9),
		.meta = arena_strdup(a, db_text(r, i, 10)),
		.formats = arena_strdup(a, db_text(r, i, 11)),
	};
}

int recording_list(struct db *db, struct arena *a, struct recording_owner owner,
	const struct recording_filter *f, struct recording **list, long long *total, struct err *err)
{
	bool by_id = f->record_ids && *f->record_ids,
	     by_meeting = !by_id && f->meeting_ids && *f->meeting_ids;
	struct buf ids = BUF_INIT, states = BUF_INIT;
	struct meta_filter meta = {0};
	struct db_args args = {0};
	struct db_result *r = NULL;
	char *exact;
	int rc;

	list_to_array(by_id ? f->record_ids : f->meeting_ids, &ids);
	states_to_array(f->states, &states);
	meta_filter_read(f->query, &meta);
	exact = json_dumps(meta.exact, JSON_COMPACT);
	owner_args(&args, owner);
	db_arg_text(&args, by_id ? buf_str(&ids) : NULL);
	db_arg_text(&args, by_meeting ? buf_str(&ids) : NULL);
	db_arg_text(&args, buf_str(&states));
	db_arg_text(&args, exact ? exact : "{}");
	db_arg_text(&args, buf_str(&meta.names));
	db_arg_text(&args, buf_str(&meta.patterns));
	if (f->limit)
		db_arg_int(&args, f->limit);
	else
		db_arg_text(&args, NULL);
	db_arg_int(&args, f->limit ? f->offset : 0);
	rc = db_read(db, &stmt_list, &args, &r, err);
	if (rc == 0) {
		*total = db_int(r, 0, 0);
		rc = db_text(r, 0, 1) ? db_rows(r) : 0;
		*list = arena_alloc(a, sizeof(**list) * (size_t)(rc + 1));
		for (int i = 0; i < rc; i++)
			recording_read(a, r, i, &(*list)[i]);
	}
	db_free(r);
	free(exact);
	json_decref(meta.exact);
	buf_free(&meta.names);
	buf_free(&meta.patterns);
	buf_free(&ids);
	buf_free(&states);
	return rc;
}

static int change(struct db *db, const struct db_stmt *stmt, const struct db_args *args, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, stmt, args, &r, err);

	if (rc == 0 && !db_bool(r, 0, 0))
		rc = err_set(err, ERR_NOT_FOUND, "there is no such recording");
	db_free(r);
	return rc;
}

int recording_publish(
	struct db *db, struct recording_owner owner, const char *ids, bool publish, struct err *err)
{
	struct buf array = BUF_INIT;
	struct db_args args = {0};
	int rc;

	list_to_array(ids, &array);
	owner_args(&args, owner);
	db_arg_text(&args, buf_str(&array));
	db_arg_bool(&args, publish);
	rc = change(db, &stmt_publish, &args, err);
	buf_free(&array);
	return rc;
}

int recording_delete(struct db *db, struct recording_owner owner, const char *ids, struct err *err)
{
	struct buf array = BUF_INIT;
	struct db_args args = {0};
	int rc;

	list_to_array(ids, &array);
	owner_args(&args, owner);
	db_arg_text(&args, buf_str(&array));
	rc = change(db, &stmt_delete, &args, err);
	buf_free(&array);
	return rc;
}

int recording_update(
	struct db *db, struct recording_owner owner, const char *ids, const struct query *q, struct err *err)
{
	struct buf array = BUF_INIT, removed = BUF_INIT;
	struct db_args args = {0};
	json_t *meta = json_object();
	char name[128], *text;
	int rc;

	db_array_begin(&removed);
	for (size_t i = 0; i < q->count; i++) {
		if (!query_meta_name(q->params[i].name, name, sizeof(name)))
			continue;
		if (*q->params[i].value)
			json_object_set_new(meta, name, json_string(q->params[i].value));
		else
			db_array_add(&removed, name);
	}
	db_array_end(&removed);
	list_to_array(ids, &array);
	text = json_dumps(meta, JSON_COMPACT);
	owner_args(&args, owner);
	db_arg_text(&args, buf_str(&array));
	db_arg_text(&args, text ? text : "{}");
	db_arg_text(&args, buf_str(&removed));
	rc = change(db, &stmt_update, &args, err);
	free(text);
	json_decref(meta);
	buf_free(&array);
	buf_free(&removed);
	return rc;
}
