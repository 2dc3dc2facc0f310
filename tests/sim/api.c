/* SPDX-License-Identifier: ISC */
/* The BBB API as BigBlueButton 3.0 answers it. */
#include "config.h"
#include "sim.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

__attribute__((format(printf, 3, 4))) static void answer_xml(
	struct answer *a, const char *result, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&a->body, fmt, ap) == -1)
		abort();
	va_end(ap);
	a->result = result;
}

static void answer_key(struct answer *a, const char *key, const char *message)
{
	answer_xml(a, "FAILED",
		"<response>\n  <returncode>FAILED</returncode>\n  <messageKey>%s</messageKey>\n  "
		"<message>%s</message>\n</response>\n",
		key, message);
}

static size_t characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

/* True when the meetingID is sound; else the answer is made. */
static bool meeting_id_ok(struct call *c, struct answer *a)
{
	const char *id = params_get(c->params, "meetingID");

	if (!id || !*id)
		answer_key(a, "missingParamMeetingID", "You must provide a meeting ID");
	else if (characters(id) < 2 || characters(id) > 256)
		answer_key(a, "sizeError", "Meeting ID must be between 2 and 256 characters");
	else if (strchr(id, ','))
		answer_key(a, "validationError", "Meeting ID cannot contain ','");
	else
		return true;
	return false;
}

/* Names or URLs of the <document> elements of a body, as a JSON list. Text enough for tests: no parser. */
static char *documents_of(const char *body)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);
	const char *sep = "";

	fputc('[', f);
	for (const char *d = body ? strstr(body, "<document") : NULL; d; d = strstr(d + 1, "<document")) {
		const char *end = strchr(d, '>'), *url = strstr(d, " url=\""), *name = strstr(d, " name=\"");
		const char *at = url && end && url < end     ? url + 6
				 : name && end && name < end ? name + 7
							     : NULL;
		char value[512];

		if (!at)
			continue;
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\""), at);
		fputs(sep, f);
		json_put(f, value);
		sep = ", ";
	}
	fputc(']', f);
	fclose(f);
	return out;
}

static void created(struct answer *a, const struct meeting *m, bool again)
{
	char *out = NULL, number[32], date[64];
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);
	const char *parent = params_get(m->params, "parentMeetingID");

	xml_date(m->create_time, date, sizeof(date));
	fputs("<response>\n  <returncode>SUCCESS</returncode>\n", f);
	xml_put(f, "meetingID", m->id);
	xml_put(f, "internalMeetingID", m->internal);
	xml_put(f, "parentMeetingID", parent ? parent : "bbb-none");
	xml_put(f, "attendeePW", m->attendee_pw);
	xml_put(f, "moderatorPW", m->moderator_pw);
	snprintf(number, sizeof(number), "%lld", m->create_time);
	xml_put(f, "createTime", number);
	snprintf(number, sizeof(number), "%lld", m->voice_bridge);
	xml_put(f, "voiceBridge", number);
	xml_put(f, "dialNumber", meeting_dial_number(m));
	xml_put(f, "createDate", date);
	xml_put(f, "hasUserJoined", m->has_joined ? "true" : "false");
	xml_put(f, "duration", params_get(m->params, "duration") ? params_get(m->params, "duration") : "0");
	xml_put(f, "hasBeenForciblyEnded", "false");
	xml_put(f, "messageKey", again ? "duplicateWarning" : "");
	xml_put(f, "message",
		again ? "This conference was already in existence and may currently be in progress." : "");
	fputs("</response>\n", f);
	fclose(f);
	a->body = out;
	a->result = "SUCCESS";
}

/* In disabledFeatures, a list that commas separate. */
static bool is_disabled(const struct meeting *m, const char *feature)
{
	const char *list = params_get(m->params, "disabledFeatures");
	size_t len = strlen(feature);

	for (; list && *list; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == len && strncmp(list, feature, len) == 0)
			return true;
	return false;
}

static void create(struct call *c, struct answer *a)
{
	const char *name = params_get(c->params, "name"), *apw = params_get(c->params, "attendeePW");
	const char *mpw = params_get(c->params, "moderatorPW"),
		   *bridge = params_get(c->params, "voiceBridge");
	struct meeting *m;

	if (!meeting_id_ok(c, a))
		return;
	if (!name || !*name) {
		answer_key(a, "emptyError", "You must provide a meeting name");
		return;
	}
	if (characters(name) < 2 || characters(name) > 256) {
		answer_key(a, "sizeError", "Meeting name must be between 2 and 256 characters");
		return;
	}
	if (params_true(c->params, "isBreakout") && !params_get(c->params, "parentMeetingID")) {
		answer_key(a, "parentMeetingIDMissing",
			"No parent meeting ID was provided for the breakout room");
		return;
	}
	if (params_true(c->params, "isBreakout") &&
		!meeting_find(c->node, params_get(c->params, "parentMeetingID"))) {
		answer_key(a, "parentMeetingDoesNotExist", "No parent meeting exists for the breakout room");
		return;
	}
	m = meeting_find(c->node, params_get(c->params, "meetingID"));
	if (m) {
		if ((!apw && !mpw) ||
			(apw && mpw && strcmp(apw, m->attendee_pw) == 0 && strcmp(mpw, m->moderator_pw) == 0))
			created(a, m, true);
		else
			answer_key(a, "idNotUnique",
				"A meeting already exists with that meeting ID.  Please use a different "
				"meeting ID.");
		return;
	}
	for (m = c->node->meetings; bridge && m; m = m->next) {
		if (m->voice_bridge == atoll(bridge)) {
			answer_xml(a, "FAILED",
				"<response><returncode>FAILED</"
				"returncode><errors><error><key>nonUniqueVoiceBridge</key>"
				"<message>The selected voice bridge is already in "
				"use.</message></error></errors></response>");
			return;
		}
	}
	m = meeting_make(c->node, c->params);
	hooks_event(c->node, m, "meeting-created", NULL);
	m->recording_marked = m->recording_marked && !is_disabled(m, "recording");
	m->documents = documents_of(c->body);
	created(a, m, false);
}

static void get_meeting_info(struct call *c, struct answer *a)
{
	struct meeting *m;
	size_t len = 0;
	FILE *f;

	if (!meeting_id_ok(c, a))
		return;
	m = meeting_find(c->node, params_get(c->params, "meetingID"));
	if (!m) {
		answer_key(a, "notFound", "A meeting with that ID does not exist");
		return;
	}
	f = open_memstream(&a->body, &len);
	fputs("<response>\n  <returncode>SUCCESS</returncode>\n", f);
	xml_put_meeting(f, c->node, m);
	fputs("</response>\n", f);
	fclose(f);
	a->result = "SUCCESS";
}

static void get_meetings(struct call *c, struct answer *a)
{
	size_t len = 0;
	FILE *f;

	if (!c->node->meetings) {
		answer_xml(a, "SUCCESS",
			"<response>\n  <returncode>SUCCESS</returncode>\n  <meetings/>\n  "
			"<messageKey>noMeetings</messageKey>\n"
			"  <message>no meetings were found on this server</message>\n</response>\n");
		return;
	}
	f = open_memstream(&a->body, &len);
	fputs("<response>\n  <returncode>SUCCESS</returncode>\n  <meetings>\n", f);
	for (struct meeting *m = c->node->meetings; m; m = m->next) {
		fputs(" <meeting>\n", f);
		xml_put_meeting(f, c->node, m);
		fputs(" </meeting>\n", f);
	}
	fputs("  </meetings>\n</response>\n", f);
	fclose(f);
	a->result = "SUCCESS";
}

static void is_meeting_running(struct call *c, struct answer *a)
{
	struct meeting *m;

	if (!meeting_id_ok(c, a))
		return;
	m = meeting_find(c->node, params_get(c->params, "meetingID"));
	answer_xml(a, "SUCCESS",
		"<response>\n  <returncode>SUCCESS</returncode>\n  <running>%s</running>\n</response>\n",
		m && m->participants ? "true" : "false");
}

static void end(struct call *c, struct answer *a)
{
	const char *pw = params_get(c->params, "password");
	struct meeting *m;

	if (!meeting_id_ok(c, a))
		return;
	m = meeting_find(c->node, params_get(c->params, "meetingID"));
	if (!m) {
		answer_key(a, "notFound", "A meeting with that ID does not exist");
		return;
	}
	if (pw && strcmp(pw, m->moderator_pw) != 0) {
		answer_key(a, "invalidPassword", "The supplied moderator password is incorrect");
		return;
	}
	meeting_end(c->node, m);
	answer_xml(a, "SUCCESS",
		"<response>\n  <returncode>SUCCESS</returncode>\n  "
		"<messageKey>sentEndMeetingRequest</messageKey>\n"
		"  <message>A request to end the meeting was sent.  Please wait a few seconds, and then use "
		"the getMeetingInfo "
		"or isMeetingRunning API calls to verify that it was ended.</message>\n</response>\n");
}

static void redirect_error(struct call *c, struct answer *a, const char *key, const char *message)
{
	const char *to = params_get(c->params, "errorRedirectUrl");

	if (!to)
		to = params_get(c->params, "logoutURL");
	a->status = 302;
	snprintf(a->location, sizeof(a->location), "%s%serrors=%%5B%%7B%%22key%%22:%%22%s%%22%%7D%%5D",
		to ? to : "http://node/", to && strchr(to, '?') ? "&" : "?", key);
	answer_key(a, key, message);
}

/* userdata- of whoever joins, each name as an element: bbb-web does not look whether it is one. */
static void add_customdata(struct meeting *m, const struct param *p)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	fputs(m->customdata ? m->customdata : "", f);
	for (; p; p = p->next) {
		char *name = xml_escaped(p->name);

		if (strncmp(p->name, "userdata-", 9) == 0)
			xml_put(f, name + 9, p->value);
		free(name);
	}
	fclose(f);
	free(m->customdata);
	m->customdata = out;
}

static void join(struct call *c, struct answer *a)
{
	const char *id = params_get(c->params, "meetingID"), *pw = params_get(c->params, "password");
	const char *role = params_get(c->params, "role"), *redirect = params_get(c->params, "redirect");
	const char *time = params_get(c->params, "createTime"), *name = params_get(c->params, "fullName"),
		   *max;
	struct meeting *m = id ? meeting_find(c->node, id) : NULL;
	struct session *s;

	if (!name || !*name) {
		redirect_error(c, a, "missingParamFullName", "You must provide your name");
		return;
	}
	if (!m) {
		redirect_error(c, a, "invalidMeetingIdentifier", "A meeting with that ID does not exist");
		return;
	}
	if (time && *time && atoll(time) != m->create_time) {
		redirect_error(c, a, "mismatchCreateTimeParam",
			"The createTime parameter submitted mismatches with the current meeting.");
		return;
	}
	/* bbb-web counts whoever has joined (maxParticipants, 0: any number). */
	max = params_get(m->params, "maxParticipants");
	if (max && atoi(max) > 0 && m->participants >= atoi(max)) {
		redirect_error(c, a, "maxParticipantsReached",
			"The number of participants allowed for this meeting has been reached.");
		return;
	}
	if (!(role && *role) &&
		!(pw && (strcmp(pw, m->attendee_pw) == 0 || strcmp(pw, m->moderator_pw) == 0))) {
		answer_key(a, "Params required", "You must enter a valid password");
		return;
	}
	s = calloc(1, sizeof(*s));
	random_name(s->token, 16);
	s->node = c->node->number;
	snprintf(s->internal, sizeof(s->internal), "%s", m->internal);
	snprintf(s->user, sizeof(s->user), "%s", name);
	add_customdata(m, c->params);
	s->next = sim.sessions;
	sim.sessions = s;
	snprintf(a->cookie, sizeof(a->cookie), "JSESSIONID=%s; Path=/; Domain=127.0.0.1; HttpOnly", s->token);
	snprintf(a->location, sizeof(a->location), "http://127.0.0.1:%d/n%d/html5client/?sessionToken=%s",
		sim.port, c->node->number, s->token);
	a->result = "SUCCESS";
	if (redirect && *redirect && strcasecmp(redirect, "true") != 0) {
		answer_xml(a, "SUCCESS",
			"<response>\n  <returncode>SUCCESS</returncode>\n  "
			"<messageKey>successfullyJoined</messageKey>\n"
			"  <message>You have joined successfully.</message>\n  <meeting_id>%s</meeting_id>\n"
			"  <user_id>w_%.12s</user_id>\n  <auth_token>%.12s</auth_token>\n  "
			"<session_token>%s</session_token>\n"
			"  <guestStatus>ALLOW</guestStatus>\n  <url>%s</url>\n</response>\n",
			m->internal, s->token, s->token, s->token, a->location);
		a->location[0] = '\0';
		return;
	}
	a->status = 302;
	a->body = strdup("");
}

static void insert_document(struct call *c, struct answer *a)
{
	const char *id = params_get(c->params, "meetingID");
	struct meeting *m = id ? meeting_find(c->node, id) : NULL;

	if (!m) {
		answer_xml(a, "FAILED",
			"<response><returncode>FAILED</returncode><messageKey></messageKey><message>Meeting "
			"with id [%s] not "
			"found.</message></response>",
			id ? id : "");
		return;
	}
	free(m->documents);
	m->documents = documents_of(c->body);
	answer_xml(a, "SUCCESS",
		"<response>\n  <returncode>SUCCESS</returncode>\n  <messageKey></messageKey>\n"
		"  <message>Presentation is being uploaded</message>\n</response>\n");
}

static void send_chat_message(struct call *c, struct answer *a)
{
	const char *id = params_get(c->params, "meetingID"), *text = params_get(c->params, "message");
	struct meeting *m = id ? meeting_find(c->node, id) : NULL;

	if (!text || !*text)
		answer_key(a, "nullError", "You must provide the param message");
	else if (characters(text) > 500)
		answer_key(a, "sizeError", "Param message must be between 1 and 500 characters");
	else if (m && is_disabled(m, "chat"))
		answer_key(a, "chatDisabled", "Chat is disabled in this meeting");
	else if (!m || !m->participants)
		answer_key(a, "meetingNotFound", "Meeting not found");
	else
		answer_xml(a, "SUCCESS",
			"<response><returncode>SUCCESS</returncode><messageKey></messageKey><message>Message "
			"successfully sent"
			"</message></response>");
}

static void get_sessions(struct call *c, struct answer *a)
{
	size_t len = 0;
	FILE *f = open_memstream(&a->body, &len);
	const struct meeting *m;
	int count = 0;

	fputs("<response><returncode>SUCCESS</returncode><sessions>", f);
	for (struct session *s = sim.sessions; s; s = s->next) {
		if (s->node != c->node->number)
			continue;
		m = meeting_find(c->node, s->internal);
		if (!m)
			continue;
		fputs("<meeting>", f);
		xml_put(f, "meetingID", s->internal);
		xml_put(f, "meetingName", m->name);
		xml_put(f, "userName", s->user);
		fputs("</meeting>", f);
		count++;
	}
	fputs("</sessions>", f);
	if (!count)
		fputs("<messageKey>noSessions</messageKey><message>no sessions were found on this "
		      "serverr</message>",
			f);
	fputs("</response>", f);
	fclose(f);
	a->result = "SUCCESS";
}

static void get_recordings(struct call *c, struct answer *a)
{
	(void)c;
	answer_xml(a, "SUCCESS",
		"<response><returncode>SUCCESS</returncode><recordings></"
		"recordings><messageKey>noRecordings</messageKey>"
		"<message>There are no recordings for the meeting(s).</message></response>");
}

static const struct {
	const char *name;
	void (*run)(struct call *c, struct answer *a);
	bool get, post, xml;
} calls[] = {
	{"create", create, true, true, true},
	{"join", join, true, false, false},
	{"isMeetingRunning", is_meeting_running, true, true, false},
	{"end", end, true, true, false},
	{"getMeetingInfo", get_meeting_info, true, true, false},
	{"getMeetings", get_meetings, true, true, false},
	{"getSessions", get_sessions, true, true, false},
	{"insertDocument", insert_document, false, true, true},
	{"sendChatMessage", send_chat_message, true, false, false},
	{"getRecordings", get_recordings, true, true, false},
};

/* Content types of a body: bbb-web 2.6.18 and later. */
static bool body_type_ok(const struct call *c, bool xml)
{
	char type[64];

	snprintf(type, sizeof(type), "%.*s", (int)strcspn(c->content_type, "; "), c->content_type);
	return strcasecmp(type, "application/x-www-form-urlencoded") == 0 ||
	       strcasecmp(type, "multipart/form-data") == 0 ||
	       (xml && (strcasecmp(type, "application/xml") == 0 || strcasecmp(type, "text/xml") == 0));
}

void api_answer(struct call *c, struct answer *a)
{
	bool post = strcmp(c->method, "POST") == 0;
	size_t i = 0;

	a->status = 200;
	a->type = "text/xml;charset=utf-8";
	if (!*c->name) {
		answer_xml(a, "SUCCESS",
			"<response>\n  <returncode>SUCCESS</returncode>\n  <version>2.0</version>\n  "
			"<apiVersion>2.0</apiVersion>\n  %s\n</response>\n",
			*c->node->version ? c->node->version : "<bbbVersion></bbbVersion>");
		return;
	}
	if (hooks_answer(c, a))
		return;
	while (i < sizeof(calls) / sizeof(calls[0]) && strcmp(calls[i].name, c->name) != 0)
		i++;
	if (i == sizeof(calls) / sizeof(calls[0]) || (post ? !calls[i].post : !calls[i].get)) {
		a->status = 404;
		a->type = "text/html";
		a->body = strdup("<html><body>404</body></html>");
		a->result = "-";
		return;
	}
	if (post && c->body_len && !body_type_ok(c, calls[i].xml))
		answer_key(
			a, "unsupportedContentType", "POST request Content-Type is missing or unsupported");
	else if (!c->checksum_ok)
		answer_key(a, "checksumError", "Checksums do not match");
	else
		calls[i].run(c, a);
}
