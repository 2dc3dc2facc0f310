/* SPDX-License-Identifier: ISC */
/* A tenant's webhooks: which there are, how they do, a test, the end of one. */
#include "config.h"
#include "lists.h"

#include "core/hook.h"
#include "core/tenant.h"

#include <stdlib.h>

static void send_hooks(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct buf body = BUF_INIT;
	struct list_query lq;
	struct err err = {0};

	if (!manage_parse_list(m, &lq))
		return;
	if (tenant_ids(m->service->db, &x->rq->arena, x->values[0], &lq.tenants, &err) == -1) {
		manage_fail(m, &err);
	} else if (manage_write_list(m, &lq, &body)) {
		buf_putc(&body, '}');
		manage_send(m, 200, body.ptr, body.len);
	}
	buf_free(&body);
}

/* The second brace; 0: it is no id. */
static long long id_of(const struct manage *m)
{
	return text_is_number(m->x.values[1], 9) ? atoll(m->x.values[1]) : 0;
}

/* Its URL may hold what opens something: only its id is written down. */
static void finish(struct manage *m, int rc, const char *what, const struct err *err)
{
	if (rc == -1) {
		manage_fail(m, err);
		return;
	}
	manage_note(m, &(const struct audit_entry){.object = "hook",
			       .name = arena_printf(&m->x.rq->arena, "%lld", id_of(m)),
			       .tenant = m->x.values[0],
			       .changes = what});
	manage_send_nothing(m);
}

static void remove_hook(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const char *tenant = NULL;
	struct err err = {0};
	int rc = hook_remove(m->service->db, &x->rq->arena, x->values[0], id_of(m), manage_is_bound(&m->who),
		&tenant, &err);

	finish(m, rc, "removed", &err);
}

static void test_hook(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct err err = {0};
	int rc = hook_test(m->service->db, x->values[0], id_of(m), &err);

	finish(m, rc, "test sent", &err);
}

#define HOOKS "v1/tenants/{tenant}/hooks"
static const struct endpoint rows[] = {
	ROW(HOOKS, ON_GET_HEAD, MAY_READ, ROW_OF_TENANT, "List a tenant's webhooks", send_hooks,
		.list = &list_hooks),
	ROW(HOOKS "/{id}", ON_DELETE, MAY_CONFIGURE, ROW_OF_TENANT, "Remove a webhook", remove_hook, ),
	ROW(HOOKS "/{id}/test", ON_POST, MAY_OPERATE, ROW_OF_TENANT, "Send a webhook an event b3lb-test",
		test_hook, ),
};
MANAGE_ROWS(hooks_rows, rows);
