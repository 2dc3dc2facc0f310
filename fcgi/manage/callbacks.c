/* SPDX-License-Identifier: ISC */
/* Callbacks to platforms: what waits, what failed, and trying again. */
#include "config.h"
#include "lists.h"

#include "core/callback.h"
#include "db/rows.h"

#include <string.h>

static void send_callbacks(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct db_result *hosts = NULL;
	struct buf body = BUF_INIT;
	struct list_query lq;
	struct err err = {0};

	if (!manage_parse_list(m, &lq) || !manage_write_list(m, &lq, &body))
		goto out;
	if (callback_hosts(m->service->db, m->who.tenants, &hosts, &err) == -1) {
		manage_fail(m, &err);
		goto out;
	}
	buf_puts(&body, ",\"hosts\":");
	rows_json_array(&body, hosts);
	buf_putc(&body, '}');
	manage_send(m, 200, body.ptr, body.len);
out:
	db_free(hosts);
	buf_free(&body);
}

static int retry(struct manage *m, const struct callback_choice *choice, long long *retried, struct err *err)
{
	const struct actor actor = manage_actor(m);

	return callback_retry(m->service->db, choice, &actor, retried, err);
}

static void retry_one(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	const struct callback_choice choice = {.tenants = m->who.tenants, .id = x->values[0]};
	long long retried = 0;
	struct err err = {0};
	bool number = text_is_number(choice.id, 18);

	if (number && retry(m, &choice, &retried, &err) == -1)
		manage_fail(m, &err);
	else if (!retried)
		manage_refuse(x, 404, "there is no such callback that failed or waits for another try");
	else
		manage_send_nothing(m);
}

static void retry_many(struct exchange *x)
{
	static const struct manage_field fields[] = {
		{"tenant", FIELD_TEXT}, {"host", FIELD_TEXT}, {NULL, FIELD_READ}};
	struct manage *m = (struct manage *)x;
	json_t *body = manage_take_body(m, fields);
	const struct callback_choice choice = {.tenants = m->who.tenants,
		.tenant = json_string_value(json_object_get(body, "tenant")),
		.host = json_string_value(json_object_get(body, "host"))};
	long long retried = 0;
	struct err err = {0};

	if (!body)
		return;
	if (retry(m, &choice, &retried, &err) == -1)
		manage_fail(m, &err);
	else
		manage_send_json(m, 200, json_pack("{s:I}", "retried", (json_int_t)retried));
	json_decref(body);
}

static const struct endpoint rows[] = {
	ROW("v1/callbacks", ON_GET_HEAD, MAY_READ, 0, "List callbacks", send_callbacks,
		.list = &list_callbacks),
	ROW("v1/callbacks/retry", ON_POST, MAY_OPERATE, 0, "Try callbacks again", retry_many,
		.body = "CallbackChoice", .answer = "Retried"),
	ROW("v1/callbacks/{id}/retry", ON_POST, MAY_OPERATE, 0, "Try a callback again", retry_one, ),
};
MANAGE_ROWS(callbacks_rows, rows);
