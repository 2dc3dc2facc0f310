/* SPDX-License-Identifier: ISC */
/* A meeting as getMeetings and getMeetingInfo of BigBlueButton 3.0 write it. */
#include "config.h"
#include "sim.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void xml_put(FILE *f, const char *name, const char *text)
{
	char *escaped = xml_escaped(text);

	fprintf(f, "  <%s>%s</%s>\n", name, escaped, name);
	free(escaped);
}

void xml_date(long long ms, char *out, size_t size)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, size, "%a %b %d %H:%M:%S UTC %Y", &tm);
}

/* A number as FreeMarker writes it without ?c: with the separator of the server's language. */
static void put_count(FILE *f, const struct node *n, const char *name, long long count)
{
	char digits[32], text[64] = "";
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld", count), at = 0;

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s", n->separator);
		text[at++] = digits[i];
		text[at] = '\0';
	}
	xml_put(f, name, text);
}

static void put_number(FILE *f, const char *name, long long n)
{
	char number[32];

	snprintf(number, sizeof(number), "%lld", n);
	xml_put(f, name, number);
}

static void put_attendees(FILE *f, const struct meeting *m)
{
	fputs("  <attendees>\n", f);
	for (int i = 0; i < m->participants; i++)
		fprintf(f,
			"    <attendee><userID>user%d</userID><fullName>User "
			"%d</fullName><role>%s</role><isPresenter>false"
			"</isPresenter><isListeningOnly>%s</isListeningOnly><hasJoinedVoice>%s</"
			"hasJoinedVoice><hasVideo>%s"
			"</hasVideo><clientType>HTML5</clientType></attendee>\n",
			i, i, i < m->moderators ? "MODERATOR" : "VIEWER", i < m->listeners ? "true" : "false",
			i < m->voices ? "true" : "false", i < m->videos ? "true" : "false");
	if (m->customdata)
		fputs(m->customdata, f);
	fputs("  </attendees>\n  <metadata>\n", f);
	for (const struct param *p = m->params; p; p = p->next) {
		char name[128];

		if (strncmp(p->name, "meta_", 5) != 0 || strlen(p->name) > 120)
			continue;
		for (size_t i = 0; i <= strlen(p->name + 5); i++)
			name[i] = p->name[5 + i] >= 'A' && p->name[5 + i] <= 'Z' ? (char)(p->name[5 + i] + 32)
										 : p->name[5 + i];
		xml_put(f, name, p->value);
	}
	fputs("  </metadata>\n", f);
}

/* The elements of a meeting that getMeetingInfo and getMeetings share, in their order. */
void xml_put_meeting(FILE *f, const struct node *n, const struct meeting *m)
{
	char date[64];
	bool breakout = params_true(m->params, "isBreakout");

	xml_date(m->create_time, date, sizeof(date));
	xml_put(f, "meetingName", m->name);
	xml_put(f, "meetingID", m->id);
	xml_put(f, "internalMeetingID", m->internal);
	put_number(f, "createTime", m->create_time);
	xml_put(f, "createDate", date);
	put_number(f, "voiceBridge", m->voice_bridge);
	xml_put(f, "dialNumber", meeting_dial_number(m));
	xml_put(f, "attendeePW", m->attendee_pw);
	xml_put(f, "moderatorPW", m->moderator_pw);
	xml_put(f, "running", m->participants ? "true" : "false");
	xml_put(f, "duration", params_get(m->params, "duration") ? params_get(m->params, "duration") : "0");
	xml_put(f, "hasUserJoined", m->has_joined ? "true" : "false");
	xml_put(f, "recording", params_true(m->params, "record") ? "true" : "false");
	xml_put(f, "hasBeenForciblyEnded", "false");
	put_number(f, "startTime", m->create_time + 50);
	put_number(f, "endTime", m->end_time);
	put_count(f, n, "participantCount", m->participants);
	put_count(f, n, "listenerCount", m->listeners);
	put_count(f, n, "voiceParticipantCount", m->voices);
	put_count(f, n, "videoCount", m->videos);
	put_count(f, n, "maxUsers",
		params_get(m->params, "maxParticipants") ? atol(params_get(m->params, "maxParticipants"))
							 : 0);
	put_count(f, n, "moderatorCount", m->moderators);
	put_attendees(f, m);
	xml_put(f, "isBreakout", breakout ? "true" : "false");
	if (breakout)
		xml_put(f, "parentMeetingID", params_get(m->params, "parentMeetingID"));
}
