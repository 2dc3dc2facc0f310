/* SPDX-License-Identifier: ISC */
/* Who sends a call, and which meeting it is about: by what this process knows, else by the database. */
#include "config.h"
#include "api.h"

#include "core/recording.h"
#include "core/tenant_cache.h"

#include <string.h>

void api_find_tenant(struct api *api)
{
	struct err ignored = {0};

	if (!api->tenant.id && meeting_find(api->service->db, &api->x.rq->arena, &api->route, api->x.rq->host,
				       NULL, &api->tenant, &api->meeting, &api->attendance, &ignored) == -1)
		api->tenant = (struct tenant){0};
}

static enum meeting_use use_of(const struct api *api, const struct tenant *known)
{
	const struct api_call *call = api_call_of(api);

	if (call->sends_on && call->sends_on(api, known))
		return MEETING_JOIN;
	return api->x.endpoint->flags & API_DOUBTS ? MEETING_DOUBT : MEETING_ASK;
}

/*
 * The short way: a tenant that this process knows, whose secret verifies the checksum, and a statement that
 * does its work only while that tenant is what it was. Not for what will be refused. Returns 1, or 0 when the
 * database must be asked who asks, or -1 with err.
 */
static int find_known(struct api *api, const struct signed_text *text, struct err *err)
{
	struct arena *a = &api->x.rq->arena;
	struct db *db = api->service->db;
	const struct api_call *call = api_call_of(api);
	struct tenant known;
	int rc = 1;

	/* The same work for a name that is none: its time must not tell whether there is such a tenant. */
	if (!tenant_cache_get(a, &api->route, api->x.rq->host, &known))
		known = (struct tenant){0};
	if (!api_verifies(api, text, known.secrets) || !known.id)
		return 0;
	if (api->x.endpoint->flags & API_READS_LIST)
		rc = meeting_list_read_known(db, a, &known, &api->list, err);
	else if (api->x.endpoint->flags & API_READS_RECORDINGS)
		rc = recording_version(db, a, &known, &api->recordings, err);
	else if (known.limited && call->sends_on)
		rc = 0; /* who may come in is not looked at there */
	else if (!(api->x.endpoint->flags & API_PLACES))
		rc = meeting_find_known(db, a, &known, api_wanted_meeting(api), use_of(api, &known),
			&api->meeting, &api->attendance.counted, err);
	if (rc == 1)
		api->tenant = known;
	return rc;
}

/* The one SQL round trip that says who asks and about what. */
static int find_in_database(struct api *api, struct err *err)
{
	struct request *rq = api->x.rq;

	if (api->x.endpoint->flags & API_READS_LIST)
		return meeting_list_read(
			api->service->db, &rq->arena, &api->route, rq->host, &api->tenant, &api->list, err);
	return meeting_find(api->service->db, &rq->arena, &api->route, rq->host, api_wanted_meeting(api),
		&api->tenant, &api->meeting, &api->attendance, err);
}

static bool find(struct api *api, bool known)
{
	struct signed_text text = {0};
	enum api_error error;
	char complaint[256];
	struct err err = {0};
	bool faulty;
	int rc = 0;

	api_read_signed_text(api, &text);
	faulty = text.malformed.kind || api_parameters_fail(api, &error, complaint, sizeof(complaint));
	if (known && !faulty)
		rc = find_known(api, &text, &err);
	if (rc == 0)
		rc = find_in_database(api, &err);
	if (rc == -1) {
		api_fail_err(api, &err);
		return false;
	}
	if (rc == 0) {
		if (!api_verifies(api, &text, api->tenant.secrets)) {
			/* The tenant's own status holds here too: a client with a wrong secret must be able
			 * to read why. */
			api_fail(api, API_CHECKSUM_ERROR, NULL);
			return false;
		}
		tenant_cache_put(&api->route, api->x.rq->host, &api->tenant);
	}
	api->vouched = true;
	if (text.malformed.kind) {
		api_fail(api, API_INVALID_PARAMETERS, "Malformed %s", text.malformed.text);
		return false;
	}
	if (faulty)
		api_fail(api, error, "%s", complaint);
	return !faulty;
}

bool api_find_and_count(struct api *api)
{
	return find(api, true);
}

bool api_find_fresh(struct api *api)
{
	return find(api, false);
}
