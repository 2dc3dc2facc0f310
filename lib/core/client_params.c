/* SPDX-License-Identifier: ISC */
/* What is kept of a create's parameters: what the client said where we say something else to the node, and where
 * people go from there. */
#include "config.h"
#include "core/client_params.h"

#include "bbb/lrs.h"
#include "bbb/xml.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;     /* meta_ names without case */
	const char *endpoint; /* ours in its place, below /b3lb/b/; NULL: nothing goes to the node */
} params[] = {
	[CLIENT_END] = {"meta_endcallbackurl", NULL}, /* always ours: client_params_send */
	[CLIENT_MEETING_ENDED] = {"meetingEndedURL", "callback/end"},
	[CLIENT_ANALYTICS] = {"meta_analytics-callback-url", "callback/analytics"},
	[CLIENT_RECORDING_READY] = {"meta_bbb-recording-ready-url", NULL},
	[CLIENT_RECORDING_READY_BN] = {"meta_bn-recording-ready-url", NULL},
	[CLIENT_RECORDING_READY_CANVAS] = {"meta_canvas-recording-ready-url", NULL},
	[CLIENT_SERVER_TAG] = {"meta_server-tag", NULL},
};
_Static_assert(ARRAY_SIZE(params) == CLIENT_PARAM__MAX, "a row for each");

#define LOGOUT_URL "logoutURL"
/* No browser is sent to a longer one, which each lookup of the meeting would read. */
#define LOGOUT_URL_MAX 4096

static bool is_meta(enum client_param i)
{
	return strncmp(params[i].name, "meta_", 5) == 0;
}

/* Which of them a parameter is, CLIENT_PARAM__MAX: none. */
static enum client_param find(const char *param)
{
	enum client_param i = 0;

	while (i < CLIENT_PARAM__MAX &&
		(is_meta(i) ? strcasecmp(params[i].name, param) : strcmp(params[i].name, param)) != 0)
		i++;
	return i;
}

/* The record set's nonce is ours to give: a client's own would bind its recording to another's set. */
static bool is_record_tag(const struct conf *conf, const char *param)
{
	return strncmp(param, "meta_", 5) == 0 && strcasecmp(param + 5, conf->record_meta_data_tag) == 0;
}

void client_params_drop_tag(const struct conf *conf, struct query *q)
{
	size_t kept = 0;

	for (size_t i = 0; i < q->count; i++)
		if (!is_record_tag(conf, q->params[i].name))
			q->params[kept++] = q->params[i];
	q->count = kept;
}

void client_params_take(const struct conf *conf, struct query *q, struct client_params *own)
{
	size_t kept = 0;

	client_params_drop_tag(conf, q);

	for (size_t i = 0; i < q->count; i++) {
		const struct query_param *p = &q->params[i];
		enum client_param which = find(p->name);

		if (strcmp(p->name, LOGOUT_URL) == 0 && *p->value && !own->logout_url &&
			strlen(p->value) <= LOGOUT_URL_MAX)
			own->logout_url = p->value;
		if (which == CLIENT_PARAM__MAX)
			q->params[kept++] = *p;
		else if (*p->value && !own->values[which])
			own->values[which] = p->value; /* the first value counts */
	}
	q->count = kept;
}

const char *client_params_write(struct arena *a, const struct client_params *own)
{
	json_t *object = json_object();
	const char *copy;
	char *text;

	/* json_string is NULL for what is not UTF-8, which no URL is. */
	for (size_t i = 0; i < CLIENT_PARAM__MAX; i++)
		if (own->values[i])
			json_object_set_new(object, params[i].name, json_string(own->values[i]));
	if (own->logout_url)
		json_object_set_new(object, LOGOUT_URL, json_string(own->logout_url));
	text = json_dumps(object, JSON_COMPACT);
	copy = arena_strdup(a, text ? text : "{}");
	free(text);
	json_decref(object);
	return copy;
}

void client_params_read(struct arena *a, const char *json, struct client_params *own)
{
	json_t *object = json ? json_loads(json, 0, NULL) : NULL;

	for (size_t i = 0; i < CLIENT_PARAM__MAX; i++)
		own->values[i] = arena_strdup(a, json_string_value(json_object_get(object, params[i].name)));
	own->logout_url = arena_strdup(a, json_string_value(json_object_get(object, LOGOUT_URL)));
	json_decref(object);
}

void client_params_send(struct arena *a, const struct conf *conf, const struct client_params *own,
	const char *nonce, const char *record_nonce, const char *server_tag, bool analytics, struct query *q)
{
	const char *base = conf_public_url(conf, a);

	query_add(
		a, q, "meta_endCallbackUrl", arena_printf(a, "%s/b3lb/b/callback/end?nonce=%s", base, nonce));
	for (size_t i = 0; i < ARRAY_SIZE(params); i++)
		if (params[i].endpoint && (own->values[i] || (i == CLIENT_ANALYTICS && analytics)))
			query_add(a, q, params[i].name,
				arena_printf(a, "%s/b3lb/b/%s?nonce=%s", base, params[i].endpoint, nonce));
	if (server_tag)
		query_add(a, q, params[CLIENT_SERVER_TAG].name, server_tag);
	if (record_nonce)
		query_set(a, q, arena_printf(a, "meta_%s", conf->record_meta_data_tag), record_nonce);
}

void client_params_restore(const struct conf *conf, const struct client_params *own, void *element)
{
	char tag[128];
	size_t n = 0;

	for (const char *p = conf->record_meta_data_tag; *p && n < sizeof(tag) - 1; p++)
		tag[n++] = (char)tolower((unsigned char)*p);
	tag[n] = '\0';
	bbbxml_metadata_set(element, tag, NULL);
	bbbxml_metadata_set(element, LRS_META, NULL);
	for (enum client_param i = 0; i < CLIENT_PARAM__MAX; i++)
		if (is_meta(i))
			bbbxml_metadata_set(element, params[i].name + 5, own->values[i]);
}

/* True for metadata of analytics that we gave the node: it may write _ for - in their names. */
static bool is_ours(const struct conf *conf, const char *key)
{
	const char *names[ARRAY_SIZE(params) + 2];

	for (size_t i = 0; i < ARRAY_SIZE(params); i++)
		names[i] = strncmp(params[i].name, "meta_", 5) == 0 ? params[i].name + 5 : "";
	names[ARRAY_SIZE(params)] = conf->record_meta_data_tag;
	names[ARRAY_SIZE(params) + 1] = LRS_META;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t k = 0;

		while (names[i][k] &&
			(tolower((unsigned char)names[i][k]) == tolower((unsigned char)key[k]) ||
				(names[i][k] == '-' && key[k] == '_')))
			k++;
		if (k && !names[i][k] && !key[k])
			return true;
	}
	return false;
}

/* The client's id in place of the node's, in a key's value. */
static void restore_id(json_t *object, const char *key, const char *node_meeting_id, const char *client_id)
{
	const char *value = json_string_value(json_object_get(object, key));

	if (value && strcmp(value, node_meeting_id) == 0)
		json_object_set_new(object, key, json_string(client_id));
}

void client_params_restore_analytics(const struct conf *conf, const struct client_params *own,
	const char *node_meeting_id, const char *client_id, json_t *analytics)
{
	json_t *metadata = json_object_get(json_object_get(analytics, "data"), "metadata"), *value;
	bool underscores = json_object_get(metadata, "analytics_callback_url");
	const char *key;
	void *next;

	restore_id(analytics, "meeting_id", node_meeting_id, client_id);
	json_object_foreach_safe(metadata, next, key, value)
	{
		if (is_ours(conf, key))
			json_object_del(metadata, key);
		else
			restore_id(metadata, key, node_meeting_id, client_id);
	}
	for (enum client_param i = 0; json_is_object(metadata) && i < CLIENT_PARAM__MAX; i++) {
		char name[64];

		if (!is_meta(i) || !own->values[i])
			continue;
		snprintf(name, sizeof(name), "%s", params[i].name + 5);
		for (char *p = name; underscores && *p; p++)
			*p = *p == '-' ? '_' : *p;
		json_object_set_new(metadata, name, json_string(own->values[i]));
	}
}
