/* SPDX-License-Identifier: ISC */
/* Answers to a browser whose join failed: where it is sent, or the page that it gets. */
#include "config.h"
#include "browser.h"

#include "core/asset.h"
#include "core/rule.h"
#include "http/accept.h"
#include "http/response.h"
#include "page.h"

#include <string.h>
#include <strings.h>

/* An http or https URL with a host, and without blanks and controls. */
static bool is_target(const char *url)
{
	const char *host = strncasecmp(url, "http://", 7) == 0	  ? url + 7
			   : strncasecmp(url, "https://", 8) == 0 ? url + 8
								  : NULL;

	if (!host || !*host || strchr("/?#", *host))
		return false;
	for (; *url; url++)
		if ((unsigned char)*url <= 0x20 || *url == 0x7F)
			return false;
	return true;
}

/* Without the places that bbb-web fills in with who joins: nobody does (doc/bbb-api, 1.3). */
static const char *without_tokens(struct arena *a, const char *url)
{
	static const char *const tokens[] = {"%%MEETINGID%%", "%%USERID%%", "%%USERNAME%%"};
	char *copy = arena_strdup(a, url), *at;

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++)
		while ((at = strstr(copy, tokens[i])))
			memmove(at, at + strlen(tokens[i]), strlen(at + strlen(tokens[i])) + 1);
	return copy;
}

/* A browser takes bytes outside ASCII in different ways: they go out percent-encoded. */
static void put_ascii(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x80)
			buf_putc(out, s[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)s[i]);
	}
}

/* The URL with the error in its query, in front of a fragment; NULL when it is no http(s) URL, or too long. */
static const char *with_error(struct arena *a, const char *target, const char *key, const char *text)
{
	struct buf json = BUF_INIT, url = BUF_INIT;
	const char *fragment, *location = NULL;

	if (!is_target(target))
		return NULL;
	buf_puts(&json, "[{\"key\":\"");
	buf_json(&json, key);
	buf_puts(&json, "\",\"message\":\"");
	buf_json(&json, text);
	buf_puts(&json, "\"}]");
	fragment = target + strcspn(target, "#");
	put_ascii(&url, target, (size_t)(fragment - target));
	buf_printf(&url, "%serrors=", strchr(buf_str(&url), '?') ? "&" : "?");
	buf_url(&url, json.ptr, json.len);
	put_ascii(&url, fragment, strlen(fragment));
	if (url.len <= API_LOCATION_MAX)
		location = arena_strdup(a, buf_str(&url));
	buf_free(&json);
	buf_free(&url);
	return location;
}

/* The client's parameters as the tenant's rules make them: a failed join may not have come to them yet. */
static struct query ruled_query(struct api *api)
{
	struct query query = query_copy(&api->x.rq->arena, &api->query);

	rule_apply(&api->x.rq->arena, &api->tenant.rules, RULE_JOIN, &query);
	return query;
}

/* Boolean.parseBoolean, as bbb-web reads redirect: all that is filled and not "true" is false. */
bool browser_stays(const struct api *api)
{
	const char *redirect = query_get_filled(&api->query, "redirect");

	return redirect && strcasecmp(redirect, "true") != 0;
}

/* A wrong checksum and a tenant that there is none of look alike: nothing of the tenant is shown then. */
static bool is_known(const struct api *api, enum api_error error)
{
	return api->tenant.id && error != API_CHECKSUM_ERROR;
}

const char *browser_location(struct api *api, enum api_error error, const char *key, const char *text)
{
	struct arena *a = &api->x.rq->arena;
	bool known = is_known(api, error), stays = browser_stays(api);
	struct query query = known ? ruled_query(api) : query_copy(a, &api->query);
	const char *targets[] = {
		query_get_filled(&query, "errorRedirectUrl"),
		stays ? NULL : query_get_filled(&query, "logoutURL"),
		stays || !known ? NULL : api->meeting.own.logout_url,
	};
	const char *location = NULL;

	/* As bbb-web does: redirect=false holds once the request itself is right. */
	if (stays && error == API_MAX_PARTICIPANTS)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(targets) && !location; i++)
		if (targets[i])
			location = with_error(a, i ? without_tokens(a, targets[i]) : targets[i], key, text);
	return location;
}

static const enum page_reason reasons[API_ERROR__MAX] = {
	[API_CHECKSUM_ERROR] = PAGE_WRONG_LINK,
	[API_INVALID_PARAMETERS] = PAGE_WRONG_LINK,
	[API_NOT_FOUND] = PAGE_NOT_THERE,
	[API_MAX_PARTICIPANTS] = PAGE_FULL,
	[API_MAX_MEETINGS] = PAGE_LIMIT,
	[API_NO_NODES] = PAGE_AWAY,
	[API_UNSUPPORTED_REQUEST] = PAGE_WRONG_LINK,
	[API_METHOD] = PAGE_WRONG_LINK,
	[API_CONTENT_TYPE] = PAGE_WRONG_LINK,
	[API_TOO_LARGE] = PAGE_WRONG_LINK,
	[API_INTERNAL] = PAGE_INTERNAL,
	[API_AWAY] = PAGE_AWAY,
};

bool browser_page(struct api *api, enum api_error error, int status)
{
	struct arena *a = &api->x.rq->arena;
	const char *logo = NULL;
	struct buf html = BUF_INIT;

	if (browser_stays(api) || !accept_names_type(request_env(api->x.rq, "HTTP_ACCEPT"), "text/html"))
		return false;
	if (is_known(api, error) && asset_listed(api->tenant.assets, ASSET_LOGO))
		logo = arena_printf(a, "%s/b3lb/t/%s/%s", conf_public_url(api->service->conf, a),
			api->tenant.slug, asset_names[ASSET_LOGO]);
	struct response_header headers[ENDPOINT_HEADERS_MAX + 4] = {
		{"Content-Security-Policy", page_policy(a, logo)},
		{"X-Content-Type-Options", "nosniff"},
		/* The request's URL has its checksum. */
		{"Referrer-Policy", "no-referrer"},
		{"Cache-Control", "no-store"},
	};

	endpoint_headers(&api->x, status, headers + 4);
	page_write(
		request_env(api->x.rq, "HTTP_ACCEPT_LANGUAGE"), reasons[error], logo, api->x.rq->id, &html);
	response_send(api->x.rq, status, "text/html; charset=utf-8", headers, html.ptr, html.len);
	buf_free(&html);
	return true;
}
