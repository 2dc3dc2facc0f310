/* SPDX-License-Identifier: ISC */
/* create: a node is chosen, asked, and the mapping confirmed or given up. */
#include "config.h"
#include "calls.h"

#include "base/log.h"
#include "core/client_params.h"
#include "core/dialin.h"
#include "core/rule.h"
#include "core/placement.h"
#include "core/refusal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ID_MIN	  2
#define NAME_MIN  2
#define NAME_MAX  256
#define SHOWN_MAX 65536
/* Seconds: a node fetches manifests of plug-ins before it answers. */
#define FETCHING_MIN 20
/* Shorter than any internal id, and no meetingID of ours. */
#define NO_PARENT "none"

/* What became of asking one node. */
enum outcome { OUTCOME_ANSWERED, OUTCOME_AGAIN, OUTCOME_FAILED };

/* Bytes that a node's getMeetings says of the meeting: too many, and no poll would read the node's list to its end,
 * for whomever else it holds meetings. */
static size_t shown_bytes(const struct query *q)
{
	struct buf shown = BUF_INIT;
	size_t len;

	for (size_t i = 0; i < q->count; i++) {
		const struct query_param *p = &q->params[i];

		if (strncmp(p->name, "meta_", 5) == 0 || strcmp(p->name, "attendeePW") == 0 ||
			strcmp(p->name, "moderatorPW") == 0) {
			buf_puts(&shown, p->name);
			buf_xml(&shown, p->value);
		}
	}
	len = shown.len;
	buf_free(&shown);
	return len;
}

/* What is wrong with the meeting's id, name or metadata; NULL: nothing. */
static const char *names_complaint(const struct api *api)
{
	size_t id = utf8_length(query_get(&api->query, "meetingID"));
	size_t name = utf8_length(query_get(&api->query, "name"));

	if (id < ID_MIN)
		return "Parameter meetingID must have 2 to 256 characters and no comma";
	if (name < NAME_MIN || name > NAME_MAX)
		return "Parameter name must have 2 to 256 characters";
	if (shown_bytes(&api->query) > SHOWN_MAX)
		return "Parameters meta_*, attendeePW and moderatorPW must have 65536 bytes as XML at most";
	return NULL;
}

/* A node that answers SUCCESS must say everything that the mapping keeps; whose it is api_ask_node has seen.
 */
static bool answer_is_whole(struct api *api, const struct bbbxml *doc, struct err *err)
{
	struct arena *a = &api->x.rq->arena;
	const char *internal = bbbxml_text(doc, a, "internalMeetingID");
	const char *time = bbbxml_text(doc, a, "createTime");

	if (bbbxml_text(doc, a, "meetingID") && internal && *internal &&
		strlen(internal) <= BBBXML_INTERNAL_ID_MAX && time && text_is_number(time, 18))
		return true;
	err_set(err, ERR_AWAY, "the answer is not about the meeting asked for");
	return false;
}

static enum outcome confirm(
	struct api *api, struct placement *p, struct bbbxml *doc, const struct query *shown)
{
	struct arena *a = &api->x.rq->arena;
	const char *internal = bbbxml_text(doc, a, "internalMeetingID");
	const char *time = bbbxml_text(doc, a, "createTime");
	struct buf fragment = BUF_INIT;
	struct err err = {0};
	bool kept = false;
	int rc;

	/* A room's internal id is the id that it was created under. */
	bbbxml_replace(doc, p->node_meeting_id, p->meeting_id);
	meeting_write_fragment(doc, shown, p->meeting_id, &fragment);
	rc = placement_confirm(api->service->db, p, internal, time, buf_str(&fragment), &kept, &err);
	buf_free(&fragment);
	if (rc == -1) {
		/* The row stays unconfirmed: a repeated create finds it, else the poll takes it away. */
		api_fail_err(api, &err);
		return OUTCOME_ANSWERED;
	}
	if (!kept) {
		p->failed = NULL;
		return OUTCOME_AGAIN;
	}
	api_send_node_answer(api, doc, NULL);
	return OUTCOME_ANSWERED;
}

static void drop(struct api *api, struct placement *p)
{
	struct err err = {0};

	/* What cannot be dropped now the poll takes away later; the client's answer is the same. */
	if (p->result == PLACEMENT_PLACED && placement_drop(api->service->db, p, &err) == -1)
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: could not drop a placement: %s",
			api->x.rq->id, err.text);
}

/* What the node is told for people on the phone. */
static void send_pin(struct api *api, const struct placement *p, struct query *sent)
{
	struct arena *a = &api->x.rq->arena;

	if (p->pin_wanted && p->result == PLACEMENT_PLACED && (!p->pin || strcmp(p->pin, p->pin_wanted) != 0))
		log_msg(LOG_LEVEL_INFO, "pin", "request %s: the voiceBridge asked for is another room's",
			api->x.rq->id);
	if (p->pin_length && !p->pin)
		log_msg(LOG_LEVEL_WARNING, "pin", "request %s: hardly a PIN of %d digits is left: pin_length",
			api->x.rq->id, p->pin_length);
	if (!p->pin)
		return;
	query_set(a, sent, "voiceBridge", p->pin);
	if (!query_get_filled(sent, "dialNumber"))
		query_set(a, sent, "dialNumber", dialin_number(api->service->conf, a, &api->tenant));
}

/* The one error of a node without a messageKey (doc/bbb-api, 0). */
static bool is_pin_in_use(struct api *api, const struct bbbxml *doc)
{
	const char *errors = bbbxml_success(doc) ? NULL : bbbxml_text(doc, &api->x.rq->arena, "errors");
	bool in_use = errors && strstr(errors, "nonUniqueVoiceBridge");

	if (in_use)
		log_msg(LOG_LEVEL_WARNING, "pin", "request %s: node %s has the PIN in use: created without",
			api->x.rq->id, api->meeting.node.slug);
	return in_use;
}

static enum outcome ask(
	struct api *api, struct placement *p, const struct client_params *own, const struct query *shown)
{
	struct upstream_answer answer = {0};
	enum outcome outcome = OUTCOME_FAILED;
	struct err err = {0};
	struct query sent = query_copy(&api->x.rq->arena, &api->query);
	struct bbbxml *doc;

	api->meeting.node = p->node;
	api->meeting.node_meeting_id = p->node_meeting_id;
	api->meeting.client_id = p->meeting_id;
	api->meeting.own = *own;
	client_params_send(&api->x.rq->arena, api->service->conf, own, p->nonce, p->record_nonce,
		p->server_tag, api->tenant.analytics, &sent);
	api_give_lrs(api, &p->node, &sent);
	/* A parent that is not this secret's goes to the node as one that nobody has: by its internal id it
	 * would be found there, whoever's it is. An empty one stays so, whatever else stands behind it. */
	if (query_get(&sent, "parentMeetingID"))
		query_set(&api->x.rq->arena, &sent, "parentMeetingID",
			p->parent_internal_id ? p->parent_internal_id
			: p->parent	      ? NO_PARENT
					      : "");
	send_pin(api, p, &sent);
	doc = api_ask_node(api, &p->node, p->node_meeting_id, &sent, &answer, &err);
	if (doc && p->pin && is_pin_in_use(api, doc)) {
		/* Of a meeting there that we do not know: people come without telephones, rather than not at all. */
		bbbxml_free(doc);
		upstream_answer_free(&answer);
		query_remove(&sent, "voiceBridge");
		query_remove(&sent, "dialNumber");
		doc = api_ask_node(api, &p->node, p->node_meeting_id, &sent, &answer, &err);
	}
	if (doc && !bbbxml_success(doc)) {
		drop(api, p);
		api_send_node_answer(api, doc, NULL);
		outcome = OUTCOME_ANSWERED;
	} else if (doc && answer_is_whole(api, doc, &err)) {
		outcome = confirm(api, p, doc, shown);
	}
	if (outcome == OUTCOME_FAILED)
		api_note(api, REFUSAL_RETRIED, err.text);
	bbbxml_free(doc);
	upstream_answer_free(&answer);
	return outcome;
}

/* A whole number of five digits at most; 0: it is none. */
static int small_number(const char *value)
{
	return value && text_is_number(value, 5) ? atoi(value) : 0;
}

/* meta_bbb-meeting-size-hint, any case: attendees that the client expects, of as many as it lets in; 0 when it says
 * nothing that makes sense. */
static int size_hint(const struct query *q)
{
	int most = small_number(query_get(q, "maxParticipants"));

	for (size_t i = 0; i < q->count; i++) {
		int hint = strcasecmp(q->params[i].name, "meta_bbb-meeting-size-hint") == 0
				   ? small_number(q->params[i].value)
				   : 0;

		if (hint)
			return most && most < hint ? most : hint;
	}
	return 0;
}

/* How long a node may take; 0: as for any call. */
static int seconds_for(const struct conf *conf, const struct query *q)
{
	bool fetches =
		query_get_filled(q, "pluginManifests") || query_get_filled(q, "pluginManifestsFetchUrl");

	return fetches && conf->node_request_timeout < FETCHING_MIN ? FETCHING_MIN : 0;
}

/* Whether the room gets a PIN: where people on the phone are told a number, and no rule has a voiceBridge of its own. */
static void want_pin(struct api *api, struct placement *p)
{
	const char *wanted = query_get(&api->query, "voiceBridge");

	if (!dialin_number(api->service->conf, &api->x.rq->arena, &api->tenant) ||
		rule_names(&api->tenant.rules, "voiceBridge"))
		return;
	p->pin_length = api->service->conf->pin_length;
	if (wanted && api->tenant.own_pins && dialin_pin_fits(wanted))
		p->pin_wanted = wanted;
}

/*
 * The tenant's rules and branding on the parameters; *own is what the client's callback URLs were. Returns 0,
 * or -1 when the request is answered.
 */
static int apply_rules(struct api *api, struct query *shown, struct client_params *own, struct placement *p)
{
	static const char *const recording[] = {"record", "autoStartRecording", "allowStartStopRecording"};
	struct arena *a = &api->x.rq->arena;
	struct err err = {0};

	want_pin(api, p);
	rule_apply(a, &api->tenant.rules, RULE_CREATE, &api->query);
	if (api_rule_modules(api) == -1)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(recording) && !api->tenant.recording; i++)
		query_set(a, &api->query, recording[i], "false");
	p->hint = size_hint(&api->query);
	p->record = query_is_true(&api->query, "record");
	api->node_timeout = seconds_for(api->service->conf, &api->query);
	bbbxml_drop_unnamable(&api->query, "meta_");
	api_take_lrs(api);
	client_params_drop_tag(api->service->conf, &api->query);
	*shown = query_copy(a, &api->query);
	/* Encrypted it is longer, by a third. */
	p->shown = (int)(shown_bytes(shown) + (api->lrs ? strlen(api->lrs) * 2 : 0));
	client_params_take(api->service->conf, &api->query, own);
	if (own->values[CLIENT_SERVER_TAG] &&
		strlen(own->values[CLIENT_SERVER_TAG]) > CLIENT_SERVER_TAG_MAX) {
		if (api_find_fresh(api))
			api_fail(api, API_INVALID_PARAMETERS,
				"Parameter meta_server-tag must have %d bytes at most",
				CLIENT_SERVER_TAG_MAX);
		return -1;
	}
	p->own_params = client_params_write(a, own);
	if (api_brand_create(api, &err) == -1) {
		api_fail_err(api, &err);
		return -1;
	}
	return 0;
}

static bool is_without_node(const struct placement *p)
{
	return p->result == PLACEMENT_NO_NODES || p->result == PLACEMENT_NO_TAG;
}

/* Bytes of it without the ! behind, which says that there must be one of them. */
static int tags_length(const char *asked)
{
	size_t len = strlen(asked);

	while (len > 0 && asked[len - 1] == ' ')
		len--;
	return (int)(len > 0 && asked[len - 1] == '!' ? len - 1 : len);
}

/* Answers a create that no node gets; false: one does. */
static bool refuse(struct api *api, const struct placement *p)
{
	if (is_without_node(p) && p->at_limit)
		api->why =
			"Every server that could take the meeting has reached its max_meetings or max_users";
	if (p->result == PLACEMENT_NO_NODES)
		api_fail(api, API_NO_NODES, NULL);
	else if (p->result == PLACEMENT_NO_TAG)
		api_fail(api, API_NO_TAG, "There is no available server with the required tag=%.*s.",
			tags_length(p->asked), p->asked);
	else if (p->result == PLACEMENT_MAX_MEETINGS)
		api_fail(api, API_MAX_MEETINGS, NULL);
	else if (p->result == PLACEMENT_MAX_ATTENDEES)
		api_fail(api, API_MAX_PARTICIPANTS, NULL);
	else if (p->result == PLACEMENT_MAX_SHOWN)
		api_fail(api, API_MAX_MEETINGS,
			"Parameters meta_*, attendeePW and moderatorPW of your meetings on one server have "
			"reached the %d bytes as XML that are allowed",
			PLACEMENT_SHOWN_MAX);
	else
		return false;
	return true;
}

/* Asks one node after the other; false when the tenant turned out to be another than the one we know. */
static bool create(struct api *api)
{
	struct placement p = {
		.secret_id = api->tenant.secret_id,
		.tenant_version = api->tenant.version,
		.meeting_id = query_get(&api->query, "meetingID"),
		.name = query_get(&api->query, "name"),
		.expected = api->service->conf->expected_attendees,
		.parent = query_get_filled(&api->query, "parentMeetingID"),
	};
	const char *complaint = names_complaint(api);
	struct client_params own = {0};
	struct query shown;
	struct err err = {0};
	enum outcome outcome;

	if (complaint) {
		if (api_find_fresh(api))
			api_fail(api, API_INVALID_PARAMETERS, "%s", complaint);
		return true;
	}
	if (apply_rules(api, &shown, &own, &p) == -1)
		return true;
	for (int attempt = 0; attempt < api->service->conf->create_attempts; attempt++) {
		bool may_ask_again = p.failed && p.result == PLACEMENT_PLACED &&
				     attempt + 1 < api->service->conf->create_attempts;

		if (placement_place(api->service->db, &api->x.rq->arena, &p, &err) == -1) {
			api_fail_err(api, &err);
			return true;
		}
		if (p.result == PLACEMENT_OUTDATED)
			return false;
		p.tenant_version = 0; /* one create is by one tenant */
		if (is_without_node(&p) && may_ask_again) {
			/* Our call failed where another creator's had success: the meeting is there. */
			p.failed = NULL;
			continue;
		}
		if (refuse(api, &p))
			return true;
		if (p.passed)
			api_warn_limit(api, "The number of meetings allowed was reached");
		outcome = ask(api, &p, &own, &shown);
		if (outcome == OUTCOME_ANSWERED)
			return true;
		if (outcome == OUTCOME_FAILED)
			placement_mark_failed(&p);
	}
	drop(api, &p);
	api_fail(api, API_NO_NODES, NULL);
	return true;
}

static const char *const required[] = {"meetingID", "name", NULL};
const struct api_call api_create_call = {.required = required};

void api_create(struct exchange *x)
{
	struct api *api = (struct api *)x;
	while (!create(api))
		if (!api_find_fresh(api))
			return;
}
