/* SPDX-License-Identifier: ISC */
/* getRecordings, publishRecordings, deleteRecordings, updateRecordings: answered from the database. */
#include "config.h"
#include "calls.h"

#include "core/recording_answer.h"
#include "core/recording_ticket.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_MAX 100
/* Ids in one request: each is a condition of the statement. */
#define IDS_MAX 1000

/* limit switches paging on: 1 to 100, what is larger or smaller is cut; 0 for what is no number
 * (doc/bbb-api, 3.5). */
static int read_limit(const char *text)
{
	bool negative = text && *text == '-';
	const char *digits = negative ? text + 1 : text;
	int n;

	if (!digits || !*digits || digits[strspn(digits, "0123456789")])
		return 0;
	if (negative)
		return 1;
	n = strlen(digits) > 3 ? LIMIT_MAX : atoi(digits);
	return n < 1 ? 1 : n > LIMIT_MAX ? LIMIT_MAX : n;
}

static long long read_offset(const char *text)
{
	return text && text_is_number(text, 9) ? atoll(text) : 0;
}

/* False when the request is answered. */
static bool check_ids(struct api *api, const char *name)
{
	const char *list = query_get(&api->query, name);
	int count = 1;

	for (; list && *list; list++)
		count += *list == ',';
	if (count <= IDS_MAX)
		return true;
	api_fail(api, API_INVALID_PARAMETERS, "Parameter %s must name at most %d recordings", name, IDS_MAX);
	return false;
}

void api_get_recordings(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct arena *a = &api->x.rq->arena;
	const struct recording_filter filter = {
		.record_ids = query_get(&api->query, "recordID"),
		.meeting_ids = query_get(&api->query, "meetingID"),
		.states = query_get(&api->query, "state"),
		.query = &api->query,
		.limit = read_limit(query_get(&api->query, "limit")),
		.offset = read_offset(query_get(&api->query, "offset")),
	};
	struct recording_answer answer = {0};
	struct err err = {0};

	if (!check_ids(api, "recordID"))
		return;
	if (recording_answer(api->service->db, a, recording_owner_of(&api->tenant), &filter,
		    conf_public_url(api->service->conf, a), api->recordings, &answer, &err) == -1)
		api_fail_err(api, &err);
	else
		api_send_xml(api, answer.xml, answer.len);
	recording_answer_free(&answer);
}

/* rc of a change, answered: <response> with one element that says what is so now. */
static void send_change(
	struct api *api, int rc, const char *element, const char *value, const struct err *err)
{
	struct buf xml = BUF_INIT;

	if (rc == -1 && err->kind == ERR_NOT_FOUND) {
		api_fail(api, API_NOT_FOUND, "We could not find recordings");
		return;
	}
	if (rc == -1 && err->kind == ERR_LIMIT) {
		api_fail(api, API_INVALID_PARAMETERS, "Parameters meta_* are too long: %s", err->text);
		return;
	}
	if (rc == -1) {
		api_fail_err(api, err);
		return;
	}
	buf_printf(&xml, "<response><returncode>SUCCESS</returncode><%s>%s</%s></response>", element, value,
		element);
	api_send_xml(api, xml.ptr, xml.len);
	buf_free(&xml);
}

void api_publish_recordings(struct exchange *x)
{
	struct api *api = (struct api *)x;
	bool on = query_to_boolean(query_get(&api->query, "publish"));
	struct err err = {0};
	int rc;

	rc = recording_publish(api->service->db, recording_owner_of(&api->tenant),
		query_get(&api->query, "recordID"), on, &err);
	send_change(api, rc, "published", on ? "true" : "false", &err);
}

void api_delete_recordings(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct err err = {0};
	int rc = recording_delete(
		api->service->db, recording_owner_of(&api->tenant), query_get(&api->query, "recordID"), &err);

	send_change(api, rc, "deleted", "true", &err);
}

void api_update_recordings(struct exchange *x)
{
	struct api *api = (struct api *)x;
	const char *protect = query_get(&api->query, "protect");
	struct err err = {0};
	int rc;

	/* First: to say SUCCESS for what is not done would make a teacher believe that only the course can see it. */
	rc = protect ? recording_protect(api->service->db, recording_owner_of(&api->tenant),
			       query_get(&api->query, "recordID"), query_to_boolean(protect), &err)
		     : 0;
	if (rc == -1 && err.kind == ERR_INVALID) {
		api_fail(api, API_INVALID_PARAMETERS, "Parameter protect must be false: %s", err.text);
		return;
	}
	if (rc == -1) {
		send_change(api, rc, "updated", "true", &err);
		return;
	}
	rc = recording_update(api->service->db, recording_owner_of(&api->tenant),
		query_get(&api->query, "recordID"), &api->query, &err);

	send_change(api, rc, "updated", "true", &err);
}
