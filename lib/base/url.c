/* SPDX-License-Identifier: ISC */
/* What an http URL is, and its parts: libcurl's URL parser (RFC 3986), once. */
#include "config.h"
#include "base/url.h"

#include "base/buf.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

/* NULL: it is no http URL. The caller cleans up. */
static CURLU *parse(const char *text, bool query)
{
	/* libcurl lets these through, who puts a URL into a page or a header does not. */
	static const char never[] = " \"<>\\";
	CURLU *u = text[strcspn(text, never)] ? NULL : curl_url();
	char *scheme = NULL, *part = NULL;
	bool good = u && curl_url_set(u, CURLUPART_URL, text, CURLU_PATH_AS_IS) == CURLUE_OK &&
		    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		    (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
		    curl_url_get(u, CURLUPART_USER, &part, 0) == CURLUE_NO_USER;

	/* libcurl forgives a slash that is missing or too much. */
	if (good && strncmp(strchr(text, ':'), "://", 3) == 0)
		good = strchr(text, ':')[3] != '/';
	else
		good = false;
	if (good && !query && text[strcspn(text, "?#")])
		good = false;
	curl_free(scheme);
	curl_free(part);
	if (good)
		return u;
	curl_url_cleanup(u);
	return NULL;
}

bool url_valid(const char *text, bool query)
{
	CURLU *u = parse(text, query);

	curl_url_cleanup(u);
	return u != NULL;
}

/* "" where it has no such part. */
static const char *take(struct arena *a, CURLU *u, CURLUPart part, unsigned flags)
{
	char *text = NULL;
	const char *copy;

	if (curl_url_get(u, part, &text, flags) != CURLUE_OK)
		return "";
	copy = arena_strdup(a, text);
	curl_free(text);
	return copy;
}

bool url_split(struct arena *a, const char *text, struct url *out)
{
	CURLU *u = parse(text, false);
	const char *host;
	size_t len;

	if (!u)
		return false;
	host = take(a, u, CURLUPART_HOST, 0);
	*out = (struct url){
		.scheme = take(a, u, CURLUPART_SCHEME, 0),
		.port = take(a, u, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT),
		.path = take(a, u, CURLUPART_PATH, 0),
	};
	out->origin = arena_printf(a, "%s://%s%s%s", out->scheme, host, *out->port ? ":" : "", out->port);
	len = strlen(host);
	out->host = *host == '[' ? arena_strndup(a, host + 1, len - 2) : host;
	len = strlen(out->path);
	while (len && out->path[len - 1] == '/')
		len--;
	out->path = arena_strndup(a, out->path, len);
	curl_url_cleanup(u);
	return true;
}

const char *url_ascii(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://"), *rest = host ? host + 3 + strcspn(host + 3, "/?#") : url;
	struct buf out = BUF_INIT;
	const char *copy;

	/* The host's name libcurl writes as IDNA wants it. */
	buf_add(&out, url, (size_t)(rest - url));
	for (; *rest; rest++)
		if ((unsigned char)*rest >= 0x80)
			buf_printf(&out, "%%%02X", (unsigned char)*rest);
		else
			buf_putc(&out, *rest);
	copy = arena_strdup(a, buf_str(&out));
	buf_free(&out);
	return copy;
}

const char *url_resolve(struct arena *a, const char *base, const char *location, bool *other)
{
	static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
	CURLU *u = parse(base, true), *from = curl_url_dup(u);
	const char *target = NULL;

	*other = false;
	if (u && curl_url_set(u, CURLUPART_URL, location, 0) == CURLUE_OK)
		target = take(a, u, CURLUPART_URL, CURLU_NO_DEFAULT_PORT);
	if (!target || !url_valid(target, true))
		target = NULL;
	for (size_t i = 0; target && i < ARRAY_SIZE(parts); i++)
		*other = *other || strcasecmp(take(a, from, parts[i], CURLU_DEFAULT_PORT),
					   take(a, u, parts[i], CURLU_DEFAULT_PORT)) != 0;
	curl_url_cleanup(from);
	curl_url_cleanup(u);
	return target;
}
