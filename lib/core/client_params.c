/* SPDX-License-Identifier: ISC */
/* What is kept of a create's parameters: the client's own callback URLs, and where people go from there. */
#include "config.h"
#include "core/client_params.h"

#include "bbb/xml.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A URL of the client that a node must not call itself. */
static const struct {
	const char *name;     /* meta_ names without case */
	const char *endpoint; /* ours in its place, below /b3lb/b/; NULL: nothing goes to the node */
} urls[] = {
	{"meta_endcallbackurl", NULL}, /* always ours: client_params_send */
	{"meetingEndedURL", "callback/end"},
	{"meta_analytics-callback-url", "callback/analytics"},
	{"meta_bbb-recording-ready-url", NULL},
	{"meta_bn-recording-ready-url", NULL},
	{"meta_canvas-recording-ready-url", NULL},
};

/* The node gets it too; it is kept for a join that fails here. */
#define LOGOUT_URL "logoutURL"
/* No browser is sent to a longer one, which each lookup of the meeting would read. */
#define LOGOUT_URL_MAX 4096

static const char *kept_name(const char *param)
{
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
		if (strncmp(urls[i].name, "meta_", 5) == 0 ? strcasecmp(urls[i].name, param) == 0
							   : strcmp(urls[i].name, param) == 0)
			return urls[i].name;
	return NULL;
}

/* The record set's nonce is ours to give: a client's own would bind its recording to another's set. */
static bool is_record_tag(const struct conf *conf, const char *param)
{
	return strncmp(param, "meta_", 5) == 0 && strcasecmp(param + 5, conf->record_meta_data_tag) == 0;
}

static void keep(json_t *own, const char *name, const char *value)
{
	/* The first value counts; json_string is NULL for what is not UTF-8, which no URL is. */
	if (*value && !json_object_get(own, name))
		json_object_set_new(own, name, json_string(value));
}

const char *client_params_take(struct arena *a, const struct conf *conf, struct query *q)
{
	json_t *own = json_object();
	const char *copy;
	char *text;
	size_t kept = 0;

	for (size_t i = 0; i < q->count; i++) {
		const char *name = kept_name(q->params[i].name);

		if (is_record_tag(conf, q->params[i].name))
			continue;
		if (!name && strcmp(q->params[i].name, LOGOUT_URL) == 0 &&
			strlen(q->params[i].value) <= LOGOUT_URL_MAX)
			keep(own, LOGOUT_URL, q->params[i].value);
		if (name)
			keep(own, name, q->params[i].value);
		else
			q->params[kept++] = q->params[i];
	}
	q->count = kept;
	text = json_dumps(own, JSON_COMPACT);
	copy = arena_strdup(a, text ? text : "{}");
	free(text);
	json_decref(own);
	return copy;
}

void client_params_send(struct arena *a, const struct conf *conf, const char *own, const char *nonce,
	const char *record_nonce, struct query *q)
{
	const char *base = conf_public_url(conf, a);
	json_t *object = json_loads(own, 0, NULL);

	query_add(
		a, q, "meta_endCallbackUrl", arena_printf(a, "%s/b3lb/b/callback/end?nonce=%s", base, nonce));
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
		if (urls[i].endpoint && json_object_get(object, urls[i].name))
			query_add(a, q, urls[i].name,
				arena_printf(a, "%s/b3lb/b/%s?nonce=%s", base, urls[i].endpoint, nonce));
	if (record_nonce)
		query_set(a, q, arena_printf(a, "meta_%s", conf->record_meta_data_tag), record_nonce);
	json_decref(object);
}

const char *client_params_logout_url(struct arena *a, const char *own)
{
	json_t *object = own ? json_loads(own, 0, NULL) : NULL;
	const char *url = arena_strdup(a, json_string_value(json_object_get(object, LOGOUT_URL)));

	json_decref(object);
	return url;
}

void client_params_restore(const struct conf *conf, const char *own, void *element)
{
	json_t *object = own ? json_loads(own, 0, NULL) : NULL;
	char tag[128];
	size_t n = 0;

	for (const char *p = conf->record_meta_data_tag; *p && n < sizeof(tag) - 1; p++)
		tag[n++] = (char)tolower((unsigned char)*p);
	tag[n] = '\0';
	bbbxml_metadata_set(element, tag, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
		if (strncmp(urls[i].name, "meta_", 5) == 0)
			bbbxml_metadata_set(element, urls[i].name + 5,
				json_string_value(json_object_get(object, urls[i].name)));
	json_decref(object);
}

/* True for metadata of analytics that we gave the node: it may write _ for - in their names. */
static bool is_ours(const struct conf *conf, const char *key)
{
	const char *names[ARRAY_SIZE(urls) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
		names[i] = strncmp(urls[i].name, "meta_", 5) == 0 ? urls[i].name + 5 : "";
	names[ARRAY_SIZE(urls)] = conf->record_meta_data_tag;
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

void client_params_restore_analytics(const struct conf *conf, const char *own, const char *node_meeting_id,
	const char *client_id, json_t *analytics)
{
	json_t *metadata = json_object_get(json_object_get(analytics, "data"), "metadata"), *value;
	json_t *object = json_loads(own, 0, NULL);
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
	json_object_foreach(object, key, value)
	{
		char name[64];

		if (!json_is_object(metadata) || strncmp(key, "meta_", 5) != 0)
			continue;
		snprintf(name, sizeof(name), "%s", key + 5);
		for (char *p = name; underscores && *p; p++)
			*p = *p == '-' ? '_' : *p;
		json_object_set(metadata, name, value);
	}
	json_decref(object);
}
