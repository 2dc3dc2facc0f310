/* SPDX-License-Identifier: ISC */
/* One safe set-up of libcurl for every call that leaves this machine. */
#include "config.h"
#include "net/curl.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

void curl_begin(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

void curl_plain(CURL *curl, const char *url)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* Nobody waits for the thread that asks a silent name server. */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "b3lb/" PACKAGE_VERSION);
}

struct curl_slist *curl_header(struct curl_slist *list, const char *name, const char *value)
{
	struct buf line = BUF_INIT;
	struct curl_slist *longer;

	buf_printf(&line, *value ? "%s: %s" : "%s:%s", name, value);
	longer = curl_slist_append(list, buf_str(&line));
	buf_free(&line);
	return longer ? longer : list;
}

bool curl_header_is(const char *line, size_t len, const char *name, char *out, size_t size)
{
	size_t at = strlen(name);

	if (len <= at || strncasecmp(line, name, at) != 0)
		return false;
	while (at < len && (line[at] == ' ' || line[at] == '\t'))
		at++;
	while (len > at && (line[len - 1] == '\r' || line[len - 1] == '\n'))
		len--;
	if (len - at >= size)
		return false;
	memcpy(out, line + at, len - at);
	out[len - at] = '\0';
	return true;
}
