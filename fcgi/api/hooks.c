/* SPDX-License-Identifier: ISC */
/* hooks/create, hooks/list, hooks/destroy: webhooks, as bbb-webhooks answers (doc/bbb-api, 1.11). */
#include "config.h"
#include "calls.h"

#include "base/log.h"
#include "core/hook.h"

#include <stdlib.h>
#include <string.h>

static const char success[] = "<response><returncode>SUCCESS</returncode>";

/* Sub id 0 has its tenant's. */
static struct hook_owner owner_of(const struct api *api)
{
	return (struct hook_owner){api->tenant.id, api->tenant.sub_id ? api->tenant.secret_id : 0};
}

/* The key and the text are webhooks' own; what was wrong goes to the log, as the text says. */
static void fail(struct api *api, enum api_error error, const struct err *err)
{
	struct log_line l;

	if (err->kind == ERR_AWAY || err->kind == ERR_BUSY) {
		api_fail_err(api, err);
		return;
	}
	log_begin(&l, LOG_LEVEL_WARNING, "hook_refused");
	log_str(&l, "id", api->x.rq->id);
	log_str(&l, "tenant", api->tenant.slug);
	log_str(&l, "msg", err->text);
	log_end(&l);
	api_fail(api, error, NULL);
}

/* A control character was taken out of it: it is another than the one that was meant. */
static bool is_cleaned(const struct api *api, const char *name)
{
	for (size_t i = 0; i < api->query.count; i++)
		if (strcmp(api->query.params[i].name, name) == 0)
			return api->query.params[i].cleaned;
	return false;
}

static void put_cdata(struct buf *xml, const char *name, const char *value)
{
	struct buf clean = BUF_INIT;
	const char *text;

	buf_xml_chars(&clean, value, strlen(value));
	text = buf_str(&clean);
	buf_printf(xml, "<%s><![CDATA[", name);
	for (const char *end; (end = strstr(text, "]]>")); text = end + 2) {
		buf_add(xml, text, (size_t)(end + 2 - text));
		buf_puts(xml, "]]><![CDATA[");
	}
	buf_printf(xml, "%s]]></%s>", text, name);
	buf_free(&clean);
}

static void send(struct api *api, struct buf *xml)
{
	buf_puts(xml, "</response>");
	api_send_xml(api, xml->ptr, xml->len);
	buf_free(xml);
}

void api_hooks_create(struct exchange *x)
{
	struct api *api = (struct api *)x;
	const struct hook_wish wish = {
		.url = query_get_filled(&api->query, "callbackURL"),
		.meeting_id = query_get_filled(&api->query, "meetingID"),
		.events = query_get_filled(&api->query, "eventID"),
	};
	const char *complaint;
	struct buf xml = BUF_INIT;
	struct err err = {0};
	bool duplicate = false;
	long long id = 0;

	if (!wish.url) {
		api_fail(api, API_HOOK_NO_URL, NULL);
		return;
	}
	complaint = is_cleaned(api, "callbackURL") ? "callbackURL must not hold control characters"
						   : hook_complaint(&wish);
	/* It would be what everybody says in private, and what opens learning dashboards. */
	if (!complaint && query_is_true(&api->query, "getRaw"))
		complaint = "getRaw: events are sent as webhooks map them only";
	if (complaint)
		err_set(&err, ERR_INVALID, "%s", complaint);
	if (complaint || hook_make(api->service->db, api->tenant.secret_id, &wish,
				 api->service->conf->hook_limit, &id, &duplicate, &err) == -1) {
		fail(api, API_HOOK_CREATE, &err);
		return;
	}
	buf_printf(&xml, "%s<hookID>%lld</hookID>", success, id);
	buf_puts(&xml, duplicate ? "<messageKey>duplicateWarning</messageKey>"
				   "<message>There is already a hook for this callback URL.</message>"
				 : "<permanentHook>false</permanentHook><rawData>false</rawData>");
	send(api, &xml);
}

void api_hooks_list(struct exchange *x)
{
	struct api *api = (struct api *)x;
	struct buf xml = BUF_INIT;
	struct hook *list = NULL;
	struct err err = {0};
	int count = hook_list(api->service->db, &api->x.rq->arena, owner_of(api),
		query_get_filled(&api->query, "meetingID"), &list, &err);

	if (count < 0) {
		fail(api, API_HOOK_LIST, &err);
		return;
	}
	buf_printf(&xml, "%s<hooks>", success);
	for (int i = 0; i < count; i++) {
		buf_printf(&xml, "<hook><hookID>%lld</hookID>", list[i].id);
		put_cdata(&xml, "callbackURL", list[i].url);
		if (*list[i].meeting_id)
			put_cdata(&xml, "meetingID", list[i].meeting_id);
		if (list[i].events) {
			buf_puts(&xml, "<eventID>");
			buf_xml(&xml, list[i].events);
			buf_puts(&xml, "</eventID>");
		}
		buf_printf(&xml, "<permanentHook>%s</permanentHook><rawData>false</rawData></hook>",
			list[i].permanent ? "true" : "false");
	}
	buf_puts(&xml, "</hooks>");
	send(api, &xml);
}

void api_hooks_destroy(struct exchange *x)
{
	struct api *api = (struct api *)x;
	const char *id = query_get_filled(&api->query, "hookID");
	struct buf xml = BUF_INIT;
	struct err err = {0};
	int rc = -1;

	if (!id) {
		api_fail(api, API_HOOK_NO_ID, NULL);
		return;
	}
	if (!text_is_number(id, 9))
		err_set(&err, ERR_NOT_FOUND, "no hook has such an id");
	else
		rc = hook_destroy(api->service->db, owner_of(api), atoll(id), &err);
	if (rc == -1 && err.kind == ERR_NOT_FOUND) {
		api_send_refusal(api, "destroyMissingHook", "The hook informed was not found.");
	} else if (rc == -1) {
		fail(api, API_HOOK_DESTROY, &err);
	} else {
		buf_printf(&xml, "%s<removed>true</removed>", success);
		send(api, &xml);
	}
}
