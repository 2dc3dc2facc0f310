/* SPDX-License-Identifier: ISC */
/* Meetings of all nodes. */
#include "config.h"
#include "lists.h"

static const struct endpoint rows[] = {
	ROW("v1/meetings", ON_GET_HEAD, MAY_READ, 0, "List meetings", manage_send_list,
		.list = &list_meetings),
	ROW("v1/nodes", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List nodes", manage_send_list,
		.list = &list_nodes),
	ROW("v1/recordings", ON_GET_HEAD, MAY_READ, 0, "List recordings", manage_send_list,
		.list = &list_recordings),
	ROW("v1/callbacks", ON_GET_HEAD, MAY_READ, 0, "List callbacks", manage_send_list,
		.list = &list_callbacks),
};
MANAGE_ROWS(meetings_rows, rows);
