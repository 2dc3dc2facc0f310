/* SPDX-License-Identifier: ISC */
/* Recordings as clients see them: listed, published, deleted, renamed. */
#include "config.h"
#include "core/recording.h"

#include "core/recording_ticket.h"
#include "sql/statements.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct recording_owner recording_owner_of(const struct tenant *tenant)
{
	return (struct recording_owner){tenant->id, tenant->sub_id == 0 ? 0 : tenant->secret_id};
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

static void meta_filter_read(struct arena *a, const struct query *q, struct meta_filter *m)
{
	struct buf pattern = BUF_INIT;

	m->exact = json_object();
	db_array_begin(&m->names);
	db_array_begin(&m->patterns);
	for (size_t i = 0; i < q->count; i++) {
		const char *value = q->params[i].value;
		size_t len = strlen(value);
		const char *name = query_meta_name(a, q->params[i].name);

		if (!name || !len)
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
		.record_id = arena_strdup(a, db_text(r, i, RECORDING_LIST_RECORD_ID)),
		.meeting_id = arena_strdup(a, db_text(r, i, RECORDING_LIST_MEETING_ID)),
		.name = arena_strdup(a, db_text(r, i, RECORDING_LIST_NAME)),
		.state = arena_strdup(a, db_text(r, i, RECORDING_LIST_STATE)),
		.published = db_bool(r, i, RECORDING_LIST_PUBLISHED),
		.start_time = db_int(r, i, RECORDING_LIST_START_TIME),
		.end_time = db_int(r, i, RECORDING_LIST_END_TIME),
		.raw_size = db_int(r, i, RECORDING_LIST_RAW_SIZE),
		.participants = (int)db_int(r, i, RECORDING_LIST_PARTICIPANTS),
		.meta = arena_strdup(a, db_text(r, i, RECORDING_LIST_META)),
		.formats = arena_strdup(a, db_text(r, i, RECORDING_LIST_FORMATS)),
		.ticket_key = arena_strdup(a, db_text(r, i, RECORDING_LIST_TICKET_KEY)),
	};
	if (db_text(r, i, RECORDING_LIST_PROTECTED))
		rec->protection = db_bool(r, i, RECORDING_LIST_PROTECTED) ? "true" : "false";
}

int recording_list(struct db *db, struct arena *a, struct recording_owner owner,
	const struct recording_filter *f, struct recording **list, long long *total, const char **version,
	struct err *err)
{
	bool by_id = f->record_ids && *f->record_ids,
	     by_meeting = !by_id && f->meeting_ids && *f->meeting_ids;
	struct buf ids = BUF_INIT, states = BUF_INIT;
	struct meta_filter meta = {0};
	struct db_result *r = NULL;
	char *exact;
	int rc;

	list_to_array(by_id ? f->record_ids : f->meeting_ids, &ids);
	states_to_array(f->states, &states);
	meta_filter_read(a, f->query, &meta);
	exact = json_dumps(meta.exact, JSON_COMPACT);
	rc = db_read(db, &stmt_recording_list,
		DB_ARGS(owner.secret_id, owner.tenant_id, by_id ? buf_str(&ids) : NULL,
			by_meeting ? buf_str(&ids) : NULL, buf_str(&states), exact ? exact : "{}",
			buf_str(&meta.names), buf_str(&meta.patterns), f->limit, f->limit ? f->offset : 0),
		&r, err);
	if (rc == 0) {
		*total = db_int(r, 0, RECORDING_LIST_TOTAL);
		*version = db_text(r, 0, RECORDING_LIST_VERSION);
		*version = *version ? arena_strdup(a, *version) : NULL;
		rc = db_text(r, 0, RECORDING_LIST_RECORD_ID) ? db_rows(r) : 0;
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

int recording_version(
	struct db *db, struct arena *a, const struct tenant *tenant, const char **version, struct err *err)
{
	struct db_result *r = NULL;
	int rows;

	/* Not a standby's: it also says whether the secret that signed this is still the tenant's. */
	if (db_run(db, &stmt_recording_version, DB_ARGS(tenant->version, tenant->id), &r, err) == -1)
		return -1;
	rows = db_rows(r);
	*version = rows == 1 ? db_text(r, 0, RECORDING_VERSION_VERSION) : NULL;
	*version = *version ? arena_strdup(a, *version) : NULL;
	db_free(r);
	return rows == 1;
}

static int change(struct db *db, const struct db_stmt *stmt, const struct db_args *args, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, stmt, args, &r, err);

	/* Their first column: whether all were there. */
	if (rc == 0 && !db_bool(r, 0, 0))
		rc = err_set(err, ERR_NOT_FOUND, "there is no such recording");
	db_free(r);
	return rc;
}

int recording_publish(
	struct db *db, struct recording_owner owner, const char *ids, bool publish, struct err *err)
{
	struct buf array = BUF_INIT;
	int rc;

	list_to_array(ids, &array);
	rc = change(db, &stmt_recording_publish,
		DB_ARGS(owner.tenant_id, owner.secret_id, buf_str(&array), publish), err);
	buf_free(&array);
	return rc;
}

int recording_protect(
	struct db *db, struct recording_owner owner, const char *ids, bool protect, struct err *err)
{
	struct buf array = BUF_INIT;
	struct db_result *r = NULL;
	const char *result;
	int rc;

	list_to_array(ids, &array);
	rc = db_run(db, &stmt_recording_protect,
		DB_ARGS(owner.tenant_id, owner.secret_id, buf_str(&array), protect), &r, err);
	result = rc == 0 ? db_text(r, 0, RECORDING_PROTECT_RESULT) : "";
	if (strcmp(result, "none") == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such recording");
	else if (strcmp(result, "off") == 0)
		rc = err_set(err, ERR_INVALID, "there are no protected recordings here");
	db_free(r);
	buf_free(&array);
	return rc;
}

int recording_delete(struct db *db, struct recording_owner owner, const char *ids, struct err *err)
{
	struct buf array = BUF_INIT;
	int rc;

	list_to_array(ids, &array);
	rc = change(
		db, &stmt_recording_delete, DB_ARGS(owner.tenant_id, owner.secret_id, buf_str(&array)), err);
	buf_free(&array);
	return rc;
}

int recording_update(
	struct db *db, struct recording_owner owner, const char *ids, const struct query *q, struct err *err)
{
	struct buf array = BUF_INIT, removed = BUF_INIT;
	json_t *meta = json_object();
	struct db_result *r = NULL;
	struct arena a = {0};
	const char *result;
	char *text;
	int rc;

	db_array_begin(&removed);
	for (size_t i = 0; i < q->count; i++) {
		const char *name = query_meta_name(&a, q->params[i].name);

		if (!name)
			continue;
		if (*q->params[i].value)
			json_object_set_new(meta, name, json_string(q->params[i].value));
		else
			db_array_add(&removed, name);
	}
	db_array_end(&removed);
	list_to_array(ids, &array);
	text = json_dumps(meta, JSON_COMPACT);
	rc = db_run(db, &stmt_recording_update,
		DB_ARGS(owner.tenant_id, owner.secret_id, buf_str(&array), text ? text : "{}",
			buf_str(&removed), RECORDING_META_MAX),
		&r, err);
	result = rc == 0 ? db_text(r, 0, RECORDING_UPDATE_RESULT) : "";
	if (strcmp(result, "unknown") == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such recording");
	else if (strcmp(result, "full") == 0)
		rc = err_set(
			err, ERR_LIMIT, "the metadata of a recording may have %d bytes", RECORDING_META_MAX);
	db_free(r);
	free(text);
	json_decref(meta);
	buf_free(&array);
	buf_free(&removed);
	arena_free(&a);
	return rc;
}
