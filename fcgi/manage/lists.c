/* SPDX-License-Identifier: ISC */
/* Answers lists: what each is asked for, a page of it as JSON, the whole of it as CSV. */
#include "config.h"
#include "lists.h"

#include "db/rows.h"

#include <string.h>

bool manage_parse_list(struct manage *m, struct list_query *lq)
{
	const struct manage_route *route = m->x.endpoint->more;
	struct err err = {0};

	if (list_parse(&m->x.rq->arena, route->list, &m->query, request_env(m->x.rq, "HTTP_ACCEPT"), lq,
		    &err) == -1) {
		manage_fail(m, &err);
		return false;
	}
	lq->tenants = m->who.tenants;
	return true;
}

/* The same list from another row on. */
static void put_link(struct manage *m, const char *rel, long long offset, struct buf *out)
{
	struct arena *a = &m->x.rq->arena;
	struct query query = query_copy(a, &m->query);

	query_set(a, &query, "offset", arena_printf(a, "%lld", offset));
	buf_printf(out, "%s<%s?", out->len ? ", " : "", m->x.rq->path);
	query_write(&query, out);
	buf_printf(out, ">; rel=\"%s\"", rel);
}

static void make_links(struct manage *m, const struct list_query *lq, long long total)
{
	struct buf links = BUF_INIT;

	if (lq->offset)
		put_link(m, "prev", lq->offset > lq->limit ? lq->offset - lq->limit : 0, &links);
	if (lq->offset + lq->limit < total)
		put_link(m, "next", lq->offset + lq->limit, &links);
	if (links.len)
		m->link = arena_strdup(&m->x.rq->arena, buf_str(&links));
	buf_free(&links);
}

void manage_send_csv(struct manage *m, const char *name, const struct buf *csv)
{
	m->type = "text/csv; charset=utf-8; header=present";
	m->disposition = arena_printf(&m->x.rq->arena, "attachment; filename=\"%s.csv\"", name);
	manage_send(m, 200, buf_str(csv), csv->len);
}

bool manage_write_list(struct manage *m, const struct list_query *lq, struct buf *out)
{
	struct list_page page = {0};
	struct err err = {0};

	if (lq->csv && list_write_csv(m->service->db, lq, out, &err) == 0) {
		manage_send_csv(m, lq->list->name, out);
		return false;
	}
	if (lq->csv || list_run(m->service->db, lq, &page, &err) == -1) {
		manage_fail(m, &err);
		return false;
	}
	buf_putc(out, '{');
	list_write_json(lq, &page, out);
	make_links(m, lq, list_total(&page));
	list_page_free(&page);
	return true;
}

bool manage_find_row(struct manage *m, struct db_result **r)
{
	const struct manage_route *route = m->x.endpoint->more;
	struct err err = {0};

	if (list_find(m->service->db, route->list, m->who.tenants, m->x.values[0], r, &err) == 0)
		return true;
	manage_fail(m, &err);
	return false;
}

void manage_note(struct manage *m, const struct audit_entry *entry)
{
	const struct actor actor = manage_actor(m);
	struct err err = {0};

	if (audit_note(m->service->db, &actor, entry, &err) == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: no row in the audit: %s", m->x.rq->id,
			err.text);
}

bool manage_may(const struct manage *m, enum permission permission)
{
	return m->who.permissions & 1u << permission;
}

void manage_send_rows(struct manage *m, int rc, struct db_result *r, const char *more, const struct err *err)
{
	struct buf body = BUF_INIT;

	if (rc == -1) {
		manage_fail(m, err);
	} else {
		buf_printf(&body, "{%s\"items\":", more);
		rows_json_array(&body, r);
		buf_putc(&body, '}');
		manage_send(m, 200, body.ptr, body.len);
	}
	buf_free(&body);
	db_free(r);
}

void manage_send_list(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct list_query lq;
	struct buf body = BUF_INIT;

	if (manage_parse_list(m, &lq) && manage_write_list(m, &lq, &body)) {
		buf_putc(&body, '}');
		manage_send(m, 200, body.ptr, body.len);
	}
	buf_free(&body);
}
