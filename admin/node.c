/* SPDX-License-Identifier: ISC */
/* b3lb-admin node: the BigBlueButton servers. */
#include "config.h"
#include "change.h"
#include "json.h"
#include "proxy.h"

#include "base/term.h"
#include "core/node_meetings.h"
#include "core/placement.h"

#include <stdio.h>
#include <string.h>

static const struct admin_option options[] = {
	{"cluster", ADMIN_TEXT, true, "NAME", "Cluster that it belongs to."},
	{"secret", ADMIN_TEXT, true, "S",
		"Secret of its API, as bbb-conf --secret prints it; - reads a line of standard input."},
	{"domain", ADMIN_TEXT, false, "D",
		"Its host name; node_protocol and node_bbb_endpoint make the URL."},
	{"url", ADMIN_TEXT, false, "URL", "Its whole URL, where no host name will do."},
	{"load-url", ADMIN_TEXT, false, "URL",
		"URL of its load value; without it node_load_endpoint of the same host."},
	{"join-url", ADMIN_TEXT, false, "URL",
		"Its URL for the browsers that join, in the same forms; without it node_join_base, else the URL."},
	{"weight", ADMIN_NUMBER, false, "1.0",
		"How much it can take beside others: 2.0 takes twice what 1.0 takes."},
	{"tags", ADMIN_LIST, false, "T,...", "What meetings may ask for by meta_server-tag; '': nothing."},
	{"reserved", ADMIN_CHOICE, false, "on|off",
		"With tags: only meetings that ask for one of them come here (on), or others too."},
	{"max-users", ADMIN_COUNT, false, "N",
		"With so many people it gets no new meeting; 0: with any number."},
	{"max-meetings", ADMIN_COUNT, false, "N",
		"With so many meetings it gets no new one; 0: with any number."},
	{"sip-host", ADMIN_TEXT, false, "HOST",
		"Where the telephone gateway calls it, where that is not the host that browsers join at; a port may follow."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};
static const struct admin_option drain_options[] = {
	{"then-maintenance", ADMIN_SWITCH, false, NULL,
		"When its last meeting has ended, it goes into maintenance by itself."},
	{"message", ADMIN_TEXT, false, "TEXT",
		"Sent into the chat of each of its rooms; a node before BigBlueButton 3.0 takes none."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};
static const struct admin_option remove_options[] = {
	{"force", ADMIN_SWITCH, false, NULL, "Also with meetings, which are over then."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static const struct admin_option why_options[] = {
	{"tenant", ADMIN_TEXT, false, "T", "Only a meeting of this tenant."},
	{.name = NULL},
};
static const struct admin_option proxy_options[] = {
	{"for", ADMIN_CHOICE, false, PROXY_SERVERS, "The web server that is to be the proxy, for all nodes."},
	{"host", ADMIN_TEXT, false, "HOST", "Of one node: the proxy's public host name."},
	{"bbb", ADMIN_CHOICE, false, "3.0|2.7", "Version of BigBlueButton on the nodes; without it 3.0."},
	{.name = NULL},
};

static int change(struct admin *a, struct err *err)
{
	const char *url = admin_option(a, "url"), *domain = admin_option(a, "domain");

	if (strcmp(a->command->action, "add") == 0 && url && domain)
		return err_set(err, ERR_INVALID, "give --domain or --url, not both");
	return admin_change(a, &state_node, NULL, a->args[0], err);
}

static int set_state(struct admin *a, const char *state, const char *drain_to, struct err *err)
{
	json_t *body = json_pack("{s:s, s:s?}", "state", state, "drain_to", drain_to);
	const struct change change = {
		.object = &state_node, .name = a->args[0], .kind = CHANGE_PATCH, .body = body};
	int rc = admin_changes(a, &change, 1, err);

	json_decref(body);
	return rc;
}

/* What became of each meeting of the node, done: "ended". Fails when one of them did. */
static int print_meetings(struct admin *a, const struct node_meetings *m, const char *done, struct err *err)
{
	json_t *failed = json_array();

	for (int i = 0; i < m->count; i++) {
		const struct node_meeting *one = &m->list[i];

		if (one->error)
			json_array_append_new(
				failed, json_pack("{s:s, s:s, s:s}", "id", one->meeting.node_meeting_id,
						"meeting_id", one->meeting.client_id, "error", one->error));
		if (a->json)
			continue;
		term_print(stdout, arena_printf(&a->arena, "%s-%d %s: %s", one->tenant, one->sub_id,
					   one->meeting.client_id, one->error ? one->error : done));
		putchar('\n');
	}
	if (a->json)
		admin_json_print(json_pack("{s:i, s:O}", done, m->count - m->failed, "failed", failed));
	json_decref(failed);
	return m->failed ? err_set(err, ERR_AWAY, "%d of %d meetings were not %s", m->failed, m->count, done)
			 : 0;
}

static int drain(struct admin *a, struct err *err)
{
	const char *text = admin_option(a, "message");
	struct node_meetings meetings;

	if (text && node_message_check(text, err) == -1)
		return -1;
	if (set_state(a, "draining", admin_option(a, "then-maintenance") ? "maintenance" : NULL, err) == -1)
		return -1;
	if (!text || admin_is_dry(a))
		return 0;
	if (node_message(a->db, &a->conf, &a->arena, a->args[0], text, admin_actor(a), &meetings, err) == -1)
		return -1;
	return print_meetings(a, &meetings, "told", err);
}

static int foretell_end(struct admin *a, struct err *err)
{
	const char *slug = a->args[0];
	struct buf lines = BUF_INIT;
	struct node_meetings m;

	if (node_meetings_read(a->db, &a->arena, &slug, &m, err) == -1)
		return -1;
	for (int i = 0; i < m.count; i++)
		buf_printf(&lines, "meeting %s of %s-%d on %s: ended\n", m.list[i].meeting.client_id,
			m.list[i].tenant, m.list[i].sub_id, slug);
	admin_print_dry(a, &lines);
	buf_free(&lines);
	return 0;
}

static int end_meetings(struct admin *a, struct err *err)
{
	struct node_meetings meetings;

	if (admin_is_dry(a))
		return foretell_end(a, err);
	if (node_end_meetings(a->db, &a->conf, &a->arena, a->args[0], admin_actor(a), &meetings, err) == -1)
		return -1;
	return print_meetings(a, &meetings, "ended", err);
}

static int enable(struct admin *a, struct err *err)
{
	return set_state(a, "enabled", NULL, err);
}

static int maintenance(struct admin *a, struct err *err)
{
	return set_state(a, "maintenance", NULL, err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (node_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int why(struct admin *a, struct err *err)
{
	struct placement_reasons why = {0};

	if (placement_why(a->db, a->args[0], admin_option(a, "tenant"), &why, err) == -1) {
		placement_reasons_free(&why);
		return -1;
	}
	if (a->json) {
		admin_json_print(json_pack("{s:o, s:o}", "placement", admin_json_rows(why.placement, true),
			"nodes", admin_json_rows(why.nodes, false)));
		placement_reasons_free(&why);
		return 0;
	}
	admin_print(a, why.placement, true);
	printf("\n");
	admin_print(a, why.nodes, false);
	return 0;
}

const struct admin_command admin_node_commands[] = {
	{"node", "add", "SLUG", 1, 1, options, false, false, change,
		"Adds a BigBlueButton server; it gets meetings after its first good poll.",
		"b3lb-admin node add bbb2 --cluster main --domain bbb2.example.org --secret -"},
	{"node", "set", "SLUG", 1, 1, options, false, false, change,
		"Changes what is given of a node; the rest stays.", "b3lb-admin node set bbb2 --weight 2"},
	{"node", "list", "", 0, 0, NULL, false, false, list,
		"Lists all nodes with state, load and last poll.", "b3lb-admin node list"},
	{"node", "enable", "SLUG", 1, 1, admin_dry_run, false, false, enable,
		"Lets a node have new meetings again.", "b3lb-admin node enable bbb2"},
	{"node", "drain", "SLUG", 1, 1, drain_options, false, false, drain,
		"On its way out: it keeps its meetings and gets no new ones; that it fails is still an error.",
		"b3lb-admin node drain bbb2 --then-maintenance --message 'This server stops at 18:00'"},
	{"node", "maintenance", "SLUG", 1, 1, admin_dry_run, false, false, maintenance,
		"Out: it gets no new meetings, and that it does not answer is expected.",
		"b3lb-admin node maintenance bbb2"},
	{"node", "end-meetings", "SLUG", 1, 1, admin_dry_run, false, true, end_meetings,
		"Ends all of its meetings, and says of each what became of it.",
		"b3lb-admin node end-meetings bbb2"},
	{"node", "why", "MEETING", 1, 1, why_options, false, false, why,
		"Says of a meeting's last placement what was expected of it, what nodes carried, and which took "
		"no part.",
		"b3lb-admin node why room-7"},
	{"node", "proxy", "[SLUG]", 0, 1, proxy_options, false, false, admin_node_proxy,
		"Prints what a cluster proxy needs, through which all nodes' clients come from one host; of a node what that needs.",
		"b3lb-admin node proxy --for nginx"},
	{"node", "remove", "SLUG", 1, 1, remove_options, false, true, change, "Removes a node.",
		"b3lb-admin node remove bbb2"},
	{.object = NULL},
};
