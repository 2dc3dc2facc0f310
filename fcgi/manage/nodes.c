/* SPDX-License-Identifier: ISC */
/* Nodes and tenants as lists: their settings, with what is going on; what is done to all meetings of a node. */
#include "config.h"
#include "lists.h"

#include "core/change.h"
#include "core/node_meetings.h"

#include <string.h>

static const char *slug_of(const json_t *object)
{
	const char *slug = json_string_value(json_object_get(object, "slug"));

	return slug ? slug : "";
}

static const struct {
	const struct list *list;
	const struct state_object *object;
} kinds[] = {
	{&list_nodes, &state_node},
	{&list_tenants, &state_tenant},
};

/* The tag of each item's settings, for If-Match. 0, or -1 with err. */
static int put_tags(struct db *db, json_t *page, const struct state_object *object, struct err *err)
{
	json_t *items = json_object_get(page, "items"), *item, *settings;
	struct buf names = BUF_INIT;
	size_t i, k = 0;

	db_array_begin(&names);
	json_array_foreach(items, i, item) db_array_add(&names, slug_of(item));
	db_array_end(&names);
	settings = change_list_named(db, object, buf_str(&names), err);
	/* In the same order; one that was removed since has none. */
	json_array_foreach(items, i, item)
	{
		json_t *known = json_array_get(settings, k);

		if (!known || strcmp(slug_of(item), slug_of(known)) != 0)
			continue;
		json_object_set(item, "etag", json_object_get(known, "etag"));
		k++;
	}
	buf_free(&names);
	json_decref(settings);
	return settings ? 0 : -1;
}

static void send_objects(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct manage_route *route = x->endpoint->more;
	struct list_query lq;
	struct buf body = BUF_INIT;
	struct err err = {0};
	json_t *page;
	size_t kind = 0;

	if (manage_parse_list(m, &lq) && manage_write_list(m, &lq, &body)) {
		buf_putc(&body, '}');
		while (kinds[kind].list != route->list)
			kind++;
		page = json_loadb(body.ptr, body.len, 0, NULL);
		if (put_tags(m->service->db, page, kinds[kind].object, &err) == 0) {
			manage_send_json(m, 200, page);
		} else {
			manage_fail(m, &err);
			json_decref(page);
		}
	}
	buf_free(&body);
}

/* What became of each: how many times it was done, and where not. */
static void send_outcome(struct manage *m, const char *done, const struct node_meetings *outcome)
{
	json_t *failed = json_array();

	for (int i = 0; i < outcome->count; i++)
		if (outcome->list[i].error)
			json_array_append_new(failed,
				json_pack("{s:s, s:s}", "id", outcome->list[i].meeting.node_meeting_id,
					"error", outcome->list[i].error));
	manage_send_json(
		m, 200, json_pack("{s:i, s:o}", done, outcome->count - outcome->failed, "failed", failed));
}

static void end_meetings(struct exchange *x)
{
	static const struct manage_field fields[] = {{"message", FIELD_TEXT}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	json_t *body = manage_take_body(m, fields);
	const char *text = json_string_value(json_object_get(body, "message"));
	const struct actor actor = manage_actor(m);
	struct node_meetings told, ended;
	struct arena *a = &x->rq->arena;
	struct err err = {0};

	if (!body)
		return;
	if ((text && node_message(m->service->db, m->service->conf, a, x->values[0], text, &actor, &told,
			     &err) == -1) ||
		node_end_meetings(m->service->db, m->service->conf, a, x->values[0], &actor, &ended, &err) ==
			-1)
		manage_fail(m, &err);
	else
		send_outcome(m, "ended", &ended);
	json_decref(body);
}

static void send_message(struct exchange *x)
{
	static const struct manage_field fields[] = {{"text", FIELD_TEXT}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	json_t *body = manage_take_body(m, fields);
	const char *text = json_string_value(json_object_get(body, "text"));
	const struct actor actor = manage_actor(m);
	struct node_meetings told;
	struct err err = {0};

	if (!body)
		return;
	if (node_message(m->service->db, m->service->conf, &x->rq->arena, x->values[0], text ? text : "",
		    &actor, &told, &err) == -1)
		manage_fail(m, &err);
	else
		send_outcome(m, "sent", &told);
	json_decref(body);
}

static const struct endpoint rows[] = {
	ROW("v1/nodes", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List nodes", send_objects, .list = &list_nodes),
	ROW("v1/nodes/{name}/end-meetings", ON_POST, MAY_OPERATE, ROW_GLOBAL, "End all meetings of a node",
		end_meetings, .body = "EndMeetings", .answer = "Ended"),
	ROW("v1/nodes/{name}/message", ON_POST, MAY_OPERATE, ROW_GLOBAL,
		"Say something to all meetings of a node", send_message, .body = "Message", .answer = "Sent"),
	ROW("v1/tenants", ON_GET_HEAD, MAY_READ, 0, "List tenants", send_objects, .list = &list_tenants),
};
MANAGE_ROWS(nodes_rows, rows);
