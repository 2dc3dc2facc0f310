/* SPDX-License-Identifier: ISC */
/* b3lb-admin meeting: what runs where, and ending it. */
#include "config.h"
#include "admin.h"

#include "core/meeting.h"
#include "core/status.h"
#include "net/upstream.h"

#include <stdio.h>
#include <string.h>

static const struct admin_option list_options[] = {
	{"tenant", ADMIN_TEXT, false, "T", "Only those of this tenant."},
	{.name = NULL},
};
static const struct admin_option end_options[] = {
	{"force", ADMIN_SWITCH, false, NULL, "Also when the node does not answer."},
	{.name = NULL},
};

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (status_meetings(a->db, admin_option(a, "tenant"), &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

/* Asks the node to end it; 0 when the node has ended it or does not know it. */
static int end_on_node(struct admin *a, const struct meeting *m, struct err *err)
{
	struct upstream *up = upstream_open(&a->conf);
	struct upstream_answer answer = {0};
	struct query q = {0};
	struct buf url = BUF_INIT;
	struct bbbxml *doc = NULL;
	const char *key;
	int rc = -1;

	query_set(&a->arena, &q, "meetingID", m->node_meeting_id);
	node_call_url(&a->conf, &m->node, "end", &q, &url);
	const struct upstream_call call = {.url = buf_str(&url)};

	if (upstream_do(up, &call, &answer, err) == -1)
		goto out;
	doc = bbbxml_parse(buf_str(&answer.body), answer.body.len, err);
	key = doc ? bbbxml_text(doc, &a->arena, "messageKey") : NULL;
	if (doc && (bbbxml_success(doc) || (key && strcmp(key, "notFound") == 0)))
		rc = 0;
	else if (doc)
		err_set(err, ERR_AWAY, "the node says %s", key ? key : "FAILED");
out:
	bbbxml_free(doc);
	buf_free(&url);
	upstream_answer_free(&answer);
	upstream_close(up);
	return rc;
}

static int end(struct admin *a, struct err *err)
{
	struct meeting_attendance attendance;
	struct tenant tenant;
	struct meeting meeting;
	struct route route = {0};

	if (admin_tenant_sub(a->args[0], route.slug, &route.sub_id, err) == -1 ||
		meeting_find(a->db, &a->arena, &route, "", a->args[1], &tenant, &meeting, &attendance, err) ==
			-1)
		return -1;
	if (!meeting.id)
		return err_set(
			err, ERR_NOT_FOUND, "there is no meeting %.256s of %s", a->args[1], a->args[0]);
	if (end_on_node(a, &meeting, err) == -1 && !admin_option(a, "force")) {
		char why[128];

		snprintf(why, sizeof(why), "%.120s", err->text);
		return err_set(err, ERR_AWAY,
			"node %s did not end it: %s (--force takes it off the mapping all the same)",
			meeting.node.slug, why);
	}
	return meeting_end(a->db, &meeting, err);
}

const struct admin_command admin_meeting_commands[] = {
	{"meeting", "list", "", 0, 0, list_options, false, false, list, "Lists what runs where.",
		"b3lb-admin meeting list --tenant acme"},
	{"meeting", "end", "TENANT[-SUB] MEETINGID", 2, 2, end_options, false, true, end,
		"Ends a meeting on its node.", "b3lb-admin meeting end acme room-7"},
	{.object = NULL},
};
