/* SPDX-License-Identifier: ISC */
/* The lists that there are: what each can be asked for. */
#include "config.h"
#include "core/list.h"

#include "sql/statements.h"

const struct list list_nodes = {
	.name = "nodes",
	.base = &stmt_list_nodes,
	.id = "slug",
	.one = "such node",
	.filters =
		{
			{"q", LIST_SEARCH, "by_text", NULL},
			{"cluster", LIST_TEXT, "cluster", NULL},
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
			{"version", "live__bbb_version"},
		},
	.order = "health",
	.key = "slug",
	.facets = {"health", "cluster"},
};

const struct list list_meetings = {
	.name = "meetings",
	.base = &stmt_list_meetings,
	.id = "id",
	.one = "such meeting",
	.filters =
		{
			{"q", LIST_SEARCH, "name", "by_ids"},
			{"tenant", LIST_UPPER, "tenant", NULL},
			{"node", LIST_LOWER, "node", NULL},
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
	.id = "id",
	.one = "such recording",
	.filters =
		{
			{"q", LIST_SEARCH, "name", "by_ids"},
			{"tenant", LIST_UPPER, "tenant", NULL},
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
			{"q", LIST_SEARCH, "by_text", NULL},
			{"tenant", LIST_UPPER, "tenant", NULL},
			{"kind", LIST_CHOICE, "kind", "end ended analytics ready"},
			{"state", LIST_CHOICE, "state", "waiting delivered failed"},
			{"host", LIST_LOWER, "host", NULL},
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

const struct list list_hooks = {
	.name = "hooks",
	.base = &stmt_list_hooks,
	.filters =
		{
			{"q", LIST_SEARCH, "by_text", NULL},
		},
	.sorts =
		{
			{"id", "id"},
			{"sub_id", "sub_id"},
			{"failing_since", "failing_since"},
			{"waiting", "waiting"},
		},
	.order = "id",
	.key = "id",
};

const struct list list_requests = {
	.name = "requests",
	.base = &stmt_list_requests,
	.filters =
		{
			{"q", LIST_PART, "by_ids", NULL},
			{"tenant", LIST_UPPER, "tenant", NULL},
			{"call", LIST_TEXT, "call", NULL},
			{"key", LIST_TEXT, "key", NULL},
			{"node", LIST_LOWER, "node", NULL},
			{"from", LIST_FROM, "at", NULL},
			{"to", LIST_TO, "at", NULL},
		},
	.sorts =
		{
			{"at", "at"},
			{"tenant", "tenant"},
			{"repeated", "repeated"},
		},
	.order = "-at",
	.key = "-id",
	.facets = {"key", "call"},
	.at = "at",
	.by = "key",
	.weight = "by_weight",
};

const struct list list_sessions = {
	.name = "sessions",
	.base = &stmt_list_sessions,
	.filters =
		{
			{"q", LIST_SEARCH, "name", NULL},
			{"tenant", LIST_UPPER, "tenant", NULL},
			{"from", LIST_FROM, "started_at", NULL},
			{"to", LIST_TO, "started_at", NULL},
		},
	.sorts =
		{
			{"started_at", "started_at"},
			{"name", "name"},
			{"peak", "peak"},
			{"participant_minutes", "participant_minutes"},
		},
	.order = "-started_at",
	.key = "-by_id",
};

const struct list list_audit = {
	.name = "audit",
	.base = &stmt_list_audit,
	.filters =
		{
			{"q", LIST_SEARCH, "by_changes", "request_id"},
			{"actor", LIST_TEXT, "actor", NULL},
			{"object", LIST_TEXT, "object", NULL},
			{"name", LIST_LOWER, "by_name", NULL},
			{"tenant", LIST_UPPER, "tenant", NULL},
			{"from", LIST_FROM, "at", NULL},
			{"to", LIST_TO, "at", NULL},
		},
	.sorts =
		{
			{"at", "at"},
		},
	.order = "-at",
	.key = "-id",
	.facets = {"object", "actor", "tenant"},
};

const struct list list_tenants = {
	.name = "tenants",
	.base = &stmt_list_tenants,
	.id = "slug",
	.one = "such tenant",
	.filters =
		{
			{"q", LIST_SEARCH, "by_text", NULL},
			{"group", LIST_TEXT, "group", NULL},
		},
	.sorts =
		{
			{"slug", "slug"},
			{"meetings", "live__meetings"},
			{"attendees", "live__attendees"},
			{"refused_day", "live__refused_day"},
		},
	.order = "slug",
	.key = "slug",
	.facets = {"group"},
};

const struct list *const lists[] = {
	&list_nodes,
	&list_meetings,
	&list_recordings,
	&list_callbacks,
	&list_hooks,
	&list_requests,
	&list_sessions,
	&list_audit,
	&list_tenants,
	NULL,
};
