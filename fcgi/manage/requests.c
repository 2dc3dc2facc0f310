/* SPDX-License-Identifier: ISC */
/* Calls that were refused, and why; what was changed, and by whom. */
#include "config.h"
#include "lists.h"

static const struct endpoint rows[] = {
	ROW("v1/requests", ON_GET_HEAD, MAY_READ, 0, "List calls that were refused", manage_send_list,
		.list = &list_requests),
	ROW("v1/audit", ON_GET_HEAD, MAY_READ, 0, "List what was changed or done by hand", manage_send_list,
		.list = &list_audit),
};
MANAGE_ROWS(requests_rows, rows);
