/* SPDX-License-Identifier: ISC */
/* Nodes and tenants as lists: their settings, with what is going on. */
#include "config.h"
#include "lists.h"

#include "core/change.h"

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

static const struct endpoint rows[] = {
	ROW("v1/nodes", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List nodes", send_objects, .list = &list_nodes),
	ROW("v1/tenants", ON_GET_HEAD, MAY_READ, 0, "List tenants", send_objects, .list = &list_tenants),
};
MANAGE_ROWS(nodes_rows, rows);
