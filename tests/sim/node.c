/* SPDX-License-Identifier: ISC */
/* The life of meetings on the simulated nodes. */
#include "config.h"
#include "sim.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

void random_name(char *out, int len)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char raw[64];

	RAND_bytes(raw, sizeof(raw));
	for (int i = 0; i < len; i++)
		out[i] = set[raw[i] % 36];
	out[len] = '\0';
}

struct meeting *meeting_find(struct node *n, const char *id)
{
	char hex[41];

	/* As bbb-web looks: an internal id or its beginning, then the hash of an external one. */
	for (struct meeting *m = n->meetings; m; m = m->next)
		if (strcmp(m->internal, id) == 0)
			return m;
	for (struct meeting *m = n->meetings; m; m = m->next)
		if (strlen(id) >= 40 && strncmp(m->internal, id, strlen(id)) == 0)
			return m;
	sha1_hex(id, hex);
	for (struct meeting *m = n->meetings; m; m = m->next)
		if (strncmp(m->internal, hex, 40) == 0)
			return m;
	return NULL;
}

static void password(char out[65], const char *given)
{
	if (given && *given)
		snprintf(out, 65, "%s", given);
	else
		random_name(out, 8);
}

struct meeting *meeting_make(struct node *n, const struct param *params)
{
	static long long last;
	struct meeting *m = calloc(1, sizeof(*m));
	const char *bridge = params_get(params, "voiceBridge");
	const char *parent = params_get(params, "parentMeetingID");
	char hex[41];

	m->id = strdup(params_get(params, "meetingID"));
	m->name = strdup(params_get(params, "name"));
	m->create_time = now_ms();
	if (m->create_time <= last)
		m->create_time = last + 1;
	last = m->create_time;
	sha1_hex(m->id, hex);
	snprintf(m->internal, sizeof(m->internal), "%s-%lld", hex, m->create_time);
	/* A room: the id that was sent is its internal one, and it makes the other itself
	 * (ParamsProcessorUtil.processCreateParams). */
	if (params_true(params, "isBreakout") && parent) {
		char text[512];
		const char *sequence = params_get(params, "sequence");

		snprintf(text, sizeof(text), "%s-%lld-%s", parent, m->create_time, sequence ? sequence : "0");
		sha1_hex(text, hex);
		snprintf(m->internal, sizeof(m->internal), "%s", m->id);
		free(m->id);
		if (asprintf(&m->id, "%s-%lld", hex, m->create_time) == -1)
			abort();
	}
	m->voice_bridge = bridge ? atoll(bridge) : 10000 + rand() % 89999;
	password(m->attendee_pw, params_get(params, "attendeePW"));
	password(m->moderator_pw, params_get(params, "moderatorPW"));
	m->recording_marked = params_true(params, "record") && params_true(params, "autoStartRecording");
	for (const struct param *p = params; p; p = p->next) {
		struct param *copy = calloc(1, sizeof(*copy)), **end = &m->params;

		copy->name = strdup(p->name);
		copy->value = strdup(p->value);
		while (*end)
			end = &(*end)->next;
		*end = copy;
	}
	m->next = n->meetings;
	n->meetings = m;
	return m;
}

const char *meeting_dial_number(const struct meeting *m)
{
	const char *given = params_get(m->params, "dialNumber");

	return given && *given ? given : "613-555-1234";
}

struct meeting *meeting_make_room(struct node *n, const struct meeting *parent, const char *name)
{
	char internal[41], text[256];
	struct param sequence = {"sequence", "1", NULL},
		     up = {"parentMeetingID", (char *)parent->internal, &sequence};
	struct param breakout = {"isBreakout", "true", &up}, called = {"name", (char *)name, &breakout};
	struct param id = {"meetingID", internal, &called};

	snprintf(text, sizeof(text), "%s-%lld", name, now_ms());
	sha1_hex(text, internal);
	return meeting_make(n, &id);
}

void meeting_drop(struct node *n, struct meeting *m)
{
	struct meeting **at = &n->meetings;

	while (*at && *at != m)
		at = &(*at)->next;
	if (*at)
		*at = m->next;
	params_free(m->params);
	free(m->documents);
	free(m->customdata);
	free(m->id);
	free(m->name);
	free(m);
}

/* meta_ names without case, as bbb-web keeps them. */
static const char *meta(const struct meeting *m, const char *name)
{
	for (const struct param *p = m->params; p; p = p->next)
		if (strncmp(p->name, "meta_", 5) == 0 && strcasecmp(p->name + 5, name) == 0 && *p->value)
			return p->value;
	return NULL;
}

void meeting_end(struct node *n, struct meeting *m)
{
	const char *ended = params_get(m->params, "meetingEndedURL");

	if (meta(m, "endcallbackurl"))
		callback_get(meta(m, "endcallbackurl"), m->recording_marked, m->id);
	if (ended && *ended)
		callback_plain(ended);
	if (meta(m, "analytics-callback-url"))
		callback_analytics(meta(m, "analytics-callback-url"), n, m);
	hooks_event(n, m, "meeting-ended", NULL);
	meeting_drop(n, m);
}

void nodes_expire(void)
{
	for (int i = 0; i < sim.node_count; i++) {
		struct meeting *m = sim.nodes[i].meetings, *next;

		for (; m; m = next) {
			const char *minutes = params_get(m->params, "duration");

			next = m->next;
			if (minutes && atol(minutes) > 0 && now_ms() - m->create_time > atol(minutes) * 60000)
				meeting_end(&sim.nodes[i], m);
			else if (!m->has_joined && now_ms() - m->create_time > sim.expire * 1000)
				meeting_end(&sim.nodes[i], m);
		}
	}
}
