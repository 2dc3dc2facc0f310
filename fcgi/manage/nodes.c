/* SPDX-License-Identifier: ISC */
/* Nodes and tenants as lists: their settings, with what is going on. */
#include "config.h"
#include "lists.h"

#include "core/change.h"

#include <strings.h>

static const struct {
	const struct list *list;
	const struct state_object *object;
	const char *name; /* of the member by which they are known */
} kinds[] = {
	{&list_nodes, &state_node, "slug"},
	{&list_tenants, &state_tenant, "slug"},
};

/* The tag of each item's settings, for If-Match. */
static void put_tags(json_t *page, json_t *settings, const char *name)
{
	json_t *items = json_object_get(page, "items"), *item, *known;
	size_t i, k = 0;

	json_array_foreach(items, i, item)
	{
		const char *wanted = json_string_value(json_object_get(item, name));

		json_array_foreach(settings, k, known)
		{
			const char *has = json_string_value(json_object_get(known, name));

			if (wanted && has && strcasecmp(wanted, has) == 0)
				json_object_set(item, "etag", json_object_get(known, "etag"));
		}
	}
}

static void send_objects(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct manage_route *route = x->endpoint->more;
	struct list_query lq;
	struct buf body = BUF_INIT;
	struct err err = {0};
	json_t *page = NULL, *settings = NULL;
	size_t kind = 0;

	if (!manage_parse_list(m, &lq) || !manage_write_list(m, &lq, &body))
		goto out;
	buf_putc(&body, '}');
	while (kinds[kind].list != route->list)
		kind++;
	settings = change_list(m->service->db, kinds[kind].object, NULL, &err);
	if (!settings) {
		manage_fail(m, &err);
		goto out;
	}
	page = json_loadb(body.ptr, body.len, 0, NULL);
	if (page)
		put_tags(page, settings, kinds[kind].name);
	manage_send_json(m, 200, page);
out:
	json_decref(settings);
	buf_free(&body);
}

static const struct endpoint rows[] = {
	ROW("v1/nodes", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List nodes", send_objects, .list = &list_nodes),
	ROW("v1/tenants", ON_GET_HEAD, MAY_READ, 0, "List tenants", send_objects, .list = &list_tenants),
};
MANAGE_ROWS(nodes_rows, rows);
