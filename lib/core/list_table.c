/* SPDX-License-Identifier: ISC */
/* The lists that there are: what each can be asked for. */
#include "config.h"
#include "core/list.h"

#include "sql/statements.h"

const struct list list_nodes = {
	.name = "nodes",
	.base = &stmt_list_nodes,
	.filters =
		{
			{"q", LIST_SEARCH, "by_text"},
			{"cluster", LIST_TEXT, "cluster"},
			{"health", LIST_CHOICE, "live__health",
				"offline unsteady draining maintenance healthy"},
		},
	.sorts =
		{
			{"slug", "slug"},
			{"health", "by_health"},
			{"cluster", "cluster"},
			{"load", "live__load"},
			{"meetings", "live__meetings"},
			{"attendees", "live__attendees"},
			{"cpu", "live__cpu"},
			{"poll_age", "live__poll_age"},
		},
	.order = "health",
	.key = "slug",
	.facets = {"health", "cluster"},
};

const struct list list_meetings = {
	.name = "meetings",
	.base = &stmt_list_meetings,
	.filters =
		{
			{"q", LIST_SEARCH, "by_text"},
			{"tenant", LIST_UPPER, "tenant"},
			{"node", LIST_LOWER, "node"},
			{"state", LIST_CHOICE, "state", "running empty unconfirmed"},
		},
	.sorts =
		{
			{"name", "by_name"},
			{"tenant", "tenant"},
			{"node", "node"},
			{"attendees", "attendees"},
			{"voices", "voices"},
			{"videos", "videos"},
			{"age", "age"},
		},
	.order = "-attendees",
	.key = "id",
	.facets = {"state", "tenant", "node"},
};

const struct list list_recordings = {
	.name = "recordings",
	.base = &stmt_list_recordings,
	.filters =
		{
			{"q", LIST_SEARCH, "by_text"},
			{"tenant", LIST_UPPER, "tenant"},
			{"status", LIST_CHOICE, "status",
				"waiting late uploaded rendering failed published unpublished deleting"},
		},
	.sorts =
		{
			{"started_at", "by_start"},
			{"name", "by_name"},
			{"tenant", "tenant"},
			{"length", "by_length"},
			{"size", "by_size"},
		},
	.order = "-started_at",
	.key = "-by_id",
	.facets = {"status"},
};

const struct list list_callbacks = {
	.name = "callbacks",
	.base = &stmt_list_callbacks,
	.filters =
		{
			{"q", LIST_SEARCH, "by_text"},
			{"tenant", LIST_UPPER, "tenant"},
			{"kind", LIST_CHOICE, "kind", "end ended analytics ready"},
			{"state", LIST_CHOICE, "state", "waiting delivered failed"},
			{"host", LIST_LOWER, "host"},
		},
	.sorts =
		{
			{"created_at", "created_at"},
			{"tenant", "tenant"},
			{"host", "host"},
			{"attempts", "attempts"},
		},
	.order = "-created_at",
	.key = "-id",
	.facets = {"state", "kind"},
};

const struct list *const lists[] = {
	&list_nodes,
	&list_meetings,
	&list_recordings,
	&list_callbacks,
	NULL,
};
