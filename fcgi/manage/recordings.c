/* SPDX-License-Identifier: ISC */
/* Recordings: what has become of them, and what is to. */
#include "config.h"
#include "lists.h"

#include "core/recording_operator.h"
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

/* The object of a recording with its way and its videos; false when it was answered. */
static bool put_recording(struct manage *m, struct buf *out)
{
	struct recording_shown shown = {0};
	struct db_result *r = NULL, *steps = NULL;
	const char *id = m->x.values[0], *text;
	struct err err = {0};

	if (list_find(m->service->db, &list_recordings, m->who.tenants, id, &r, &err) == -1 ||
		recording_operator_show(m->service->db, id, &shown, &err) == -1 ||
		recording_operator_steps(m->service->db, id, &steps, &err) == -1) {
		manage_fail(m, &err);
	} else {
		rows_json_object(out, r, 0);
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

/* False when it was answered. */
static bool change(struct manage *m, const char *const *ids, size_t count, enum recording_action action)
{
	const struct actor actor = manage_actor(m);
	struct err err = {0};

	if (recording_operator_change(
		    m->service->db, ids, (int)count, action, m->who.tenants, &actor, &err) == 0)
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
		(!published || change(m, &x->values[0], 1,
				       json_is_true(published) ? RECORDING_PUBLISH : RECORDING_UNPUBLISH)) &&
		(!protected || change(m, &x->values[0], 1,
				       json_is_true(protected) ? RECORDING_PROTECT : RECORDING_UNPROTECT)))
		send_recording(x);
	json_decref(body);
}

static void delete_recording(struct exchange *x)
{
	struct manage *m = (struct manage *)x;

	if (change(m, &x->values[0], 1, RECORDING_DELETE))
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
		{"action", FIELD_TEXT}, {"ids", FIELD_NAMES}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	json_t *body = manage_take_body(m, fields), *list = json_object_get(body, "ids");
	enum recording_action action = find_action(json_string_value(json_object_get(body, "action")));
	size_t count = json_array_size(list);
	const char *ids[IDS_MAX];

	if (!body)
		return;
	if (action == RECORDING__ACTIONS) {
		refuse_field(m, "action",
			"must be one of: publish, unpublish, protect, unprotect, delete, rerender");
	} else if (count == 0 || count > IDS_MAX) {
		refuse_field(m, "ids", "must be a list of 1 to 500 ids");
	} else {
		for (size_t i = 0; i < count; i++)
			ids[i] = json_string_value(json_array_get(list, i));
		if (change(m, ids, count, action))
			manage_send_json(m, 200, json_pack("{s:I}", "done", (json_int_t)count));
	}
	json_decref(body);
}

static const struct endpoint rows[] = {
	ROW("v1/recordings", ON_GET_HEAD, MAY_READ, 0, "List recordings", manage_send_list,
		.list = &list_recordings),
	ROW("v1/recordings/actions", ON_POST, MAY_OPERATE, 0, "Change many recordings, all or none", act,
		.body = "RecordingAction"),
	ROW("v1/recordings/{id}", ON_GET_HEAD, MAY_READ, 0, "Show a recording with its way", send_recording,
		.list = &list_recordings),
	ROW("v1/recordings/{id}", ON_PATCH, MAY_OPERATE, 0, "Publish or protect a recording", patch_recording,
		.body = "RecordingChange"),
	ROW("v1/recordings/{id}", ON_DELETE, MAY_OPERATE, 0, "Delete a recording", delete_recording, ),
};
MANAGE_ROWS(recordings_rows, rows);
