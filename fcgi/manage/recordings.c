/* SPDX-License-Identifier: ISC */
/* Recordings: what has become of them, and what is to. */
#include "config.h"
#include "lists.h"

#include "core/recording_operator.h"
#include "core/tenant.h"
#include "db/rows.h"
#include "sql/statements.h"

#include <stdlib.h>
#include <string.h>

#define IDS_MAX 500

static const struct {
	const char *name;
	enum recording_action action;
} actions[] = {
	{"publish", RECORDING_PUBLISH},
	{"unpublish", RECORDING_UNPUBLISH},
	{"protect", RECORDING_PROTECT},
	{"unprotect", RECORDING_UNPROTECT},
	{"delete", RECORDING_DELETE},
	{"rerender", RECORDING_RERENDER},
};

/* Who has the address of a video may see it; a protected one opens by a ticket alone, one that is not published not at all. */
static void put_videos(struct manage *m, const struct recording_shown *shown, struct buf *out)
{
	const char *url = conf_public_url(m->service->conf, &m->x.rq->arena);
	bool may = manage_may(m, MAY_OPERATE);

	buf_puts(out, ",\"videos\":[");
	for (int i = 0; i < db_rows(shown->videos); i++) {
		const struct db_result *r = shown->videos;

		buf_puts(out, i ? ",{\"profile\":\"" : "{\"profile\":\"");
		buf_json(out, db_text(r, i, RECORDING_OPERATOR_VIDEOS_PROFILE));
		buf_puts(out, "\",\"type\":\"");
		buf_json(out, db_text(r, i, RECORDING_OPERATOR_VIDEOS_TYPE));
		buf_printf(out, "\",\"size\":%lld,\"duration\":%lld,\"url\":",
			db_int(r, i, RECORDING_OPERATOR_VIDEOS_SIZE),
			db_int(r, i, RECORDING_OPERATOR_VIDEOS_SECONDS));
		if (may && db_bool(r, i, RECORDING_OPERATOR_VIDEOS_OPEN)) {
			bool player = strcmp(db_text(r, i, RECORDING_OPERATOR_VIDEOS_KIND), "player") == 0;

			buf_putc(out, '"');
			buf_json(out, url);
			buf_printf(out, "/b3lb/%s/%s%s\"}", player ? "p" : "r",
				db_text(r, i, RECORDING_OPERATOR_VIDEOS_NONCE), player ? "/" : "");
		} else {
			buf_puts(out, "null}");
		}
	}
	buf_putc(out, ']');
}

/* Whose recordings are meant: of ?tenant= alone, else of all that he sees; false when it was answered. */
static bool find_tenants(struct manage *m, const char **tenants)
{
	const char *tenant = manage_param(m, "tenant");
	struct err err = {0};

	*tenants = m->who.tenants;
	if (!tenant)
		return true;
	if (!manage_sees(&m->who, tenant))
		err_set(&err, ERR_NOT_FOUND, "there is no such tenant");
	else if (tenant_ids(m->service->db, &m->x.rq->arena, tenant, tenants, &err) == 0)
		return true;
	manage_fail(m, &err);
	return false;
}

/* The row of the list that is of this tenant. */
static int row_of(const struct db_result *r, const char *tenant)
{
	int row = 0;

	while (row < db_rows(r) && !db_is(r, row, LIST_RECORDINGS_TENANT, tenant))
		row++;
	return row;
}

/* Reads the recording, its row of the list and its steps. */
static int read_recording(struct manage *m, const char *tenants, struct recording_shown *shown,
	struct db_result **r, struct db_result **steps, int *row, struct err *err)
{
	struct db *db = m->service->db;
	const char *id = m->x.values[0];

	/* The list says who sees which node: it is asked with all tenants that he may see. */
	if (recording_operator_show(db, id, tenants, shown, err) == -1 ||
		list_find(db, &list_recordings, m->who.tenants, id, r, err) == -1 ||
		recording_operator_steps(db, id, tenants, steps, err) == -1)
		return -1;
	*row = row_of(*r, db_text(shown->recording, 0, RECORDING_OPERATOR_SHOW_TENANT));
	return *row < db_rows(*r) ? 0 : err_set(err, ERR_NOT_FOUND, "there is no such recording");
}

/* The object of a recording with its way and its videos; false when it was answered. */
static bool put_recording(struct manage *m, struct buf *out)
{
	struct recording_shown shown = {0};
	struct db_result *r = NULL, *steps = NULL;
	const char *tenants, *text;
	struct err err = {0};
	int row = 0;

	if (!find_tenants(m, &tenants))
		return false;
	if (read_recording(m, tenants, &shown, &r, &steps, &row, &err) == -1) {
		manage_fail(m, &err);
	} else {
		rows_json_object(out, r, row);
		out->len--; /* it goes on */
		text = db_text(steps, 0, RECORDING_OPERATOR_STEPS_STEPS);
		buf_printf(out, ",\"way\":%s", text ? text : "[]");
		put_videos(m, &shown, out);
		buf_putc(out, '}');
	}
	db_free(r);
	db_free(steps);
	recording_shown_free(&shown);
	return err.kind == ERR_NONE;
}

static void send_recording(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct buf body = BUF_INIT;

	if (put_recording(m, &body))
		manage_send(m, 200, body.ptr, body.len);
	buf_free(&body);
}

/* slugs: their tenants, or NULL. False when it was answered. */
static bool change(struct manage *m, const char *const *ids, const char *const *slugs, size_t count,
	enum recording_action action)
{
	struct recording_names names = {.ids = ids, .slugs = slugs, .count = (int)count};
	const struct actor actor = manage_actor(m);
	struct err err = {0};

	if (!find_tenants(m, &names.tenants))
		return false;
	if (recording_operator_change(m->service->db, &names, action, &actor, &err) == 0)
		return true;
	manage_fail(m, &err);
	return false;
}

static void patch_recording(struct exchange *x)
{
	static const struct manage_field fields[] = {
		{"published", FIELD_BOOL}, {"protected", FIELD_BOOL}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	json_t *body = manage_take_body(m, fields);
	const json_t *published = json_object_get(body, "published"),
		     *protected = json_object_get(body, "protected");

	if (body &&
		(!published || change(m, &x->values[0], NULL, 1,
				       json_is_true(published) ? RECORDING_PUBLISH : RECORDING_UNPUBLISH)) &&
		(!protected || change(m, &x->values[0], NULL, 1,
				       json_is_true(protected) ? RECORDING_PROTECT : RECORDING_UNPROTECT)))
		send_recording(x);
	json_decref(body);
}

static void delete_recording(struct exchange *x)
{
	struct manage *m = (struct manage *)x;

	if (change(m, &x->values[0], NULL, 1, RECORDING_DELETE))
		manage_send_nothing(m);
}

/* RECORDING__ACTIONS when there is none of that name. */
static enum recording_action find_action(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (name && strcmp(actions[i].name, name) == 0)
			return actions[i].action;
	return RECORDING__ACTIONS;
}

static void refuse_field(struct manage *m, const char *field, const char *rule)
{
	m->pointer = arena_printf(&m->x.rq->arena, "/%s", field);
	m->rule = rule;
	manage_refuse(&m->x, 422, arena_printf(&m->x.rq->arena, "%s %s", field, rule));
}

/* All of them or none. */
static void act(struct exchange *x)
{
	static const struct manage_field fields[] = {
		{"action", FIELD_TEXT}, {"ids", FIELD_NAMES}, {"tenants", FIELD_NAMES}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	json_t *body = manage_take_body(m, fields), *list = json_object_get(body, "ids"),
	       *tenants = json_object_get(body, "tenants");
	enum recording_action action = find_action(json_string_value(json_object_get(body, "action")));
	size_t count = json_array_size(list);
	const char *ids[IDS_MAX], *slugs[IDS_MAX];

	if (!body)
		return;
	if (action == RECORDING__ACTIONS) {
		refuse_field(m, "action",
			"must be one of: publish, unpublish, protect, unprotect, delete, rerender");
	} else if (count == 0 || count > IDS_MAX) {
		refuse_field(m, "ids", "must be a list of 1 to 500 ids");
	} else if (tenants && json_array_size(tenants) != count) {
		refuse_field(m, "tenants", "must be a list of the ids' tenants, one for each");
	} else {
		for (size_t i = 0; i < count; i++) {
			ids[i] = json_string_value(json_array_get(list, i));
			slugs[i] = json_string_value(json_array_get(tenants, i));
		}
		if (change(m, ids, slugs, count, action))
			manage_send_json(m, 200, json_pack("{s:I}", "done", (json_int_t)count));
	}
	json_decref(body);
}

static const struct endpoint rows[] = {
	ROW("v1/recordings", ON_GET_HEAD, MAY_READ, 0, "List recordings", manage_send_list,
		.list = &list_recordings),
	ROW("v1/recordings/actions", ON_POST, MAY_OPERATE, 0, "Change many recordings, all or none", act,
		.query = "tenant", .body = "RecordingAction"),
	ROW("v1/recordings/{id}", ON_GET_HEAD, MAY_READ, 0, "Show a recording with its way", send_recording,
		.query = "tenant", .list = &list_recordings),
	ROW("v1/recordings/{id}", ON_PATCH, MAY_OPERATE, 0, "Publish or protect a recording", patch_recording,
		.query = "tenant", .body = "RecordingChange"),
	ROW("v1/recordings/{id}", ON_DELETE, MAY_OPERATE, 0, "Delete a recording", delete_recording,
		.query = "tenant"),
};
MANAGE_ROWS(recordings_rows, rows);
