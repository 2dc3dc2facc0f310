/* SPDX-License-Identifier: ISC */
/* The platforms that tenants use: what each needs, and where URL and secret are entered there. */
#include "config.h"
#include "platform.h"

#include "json.h"

#include "core/tenant_urls.h"

#include <stdio.h>
#include <string.h>

/* Which status each one's client can read: doc/connect. One that reads both goes by the configuration. */
const struct platform platforms[] = {
	{"moodle", "default", false,
		"Site administration, Plugins, Activity modules, BigBlueButton, General settings: server URL and shared "
		"secret."},
	{"greenlight", "default", true,
		"In its .env: BIGBLUEBUTTON_ENDPOINT and BIGBLUEBUTTON_SECRET, then restart it."},
	{"nextcloud", "bbb", false,
		"Administration settings, Additional settings, BigBlueButton: API URL and API secret."},
	{"wordpress", "default", false, "Settings of the BigBlueButton plugin: EndPoint and shared secret."},
	{"studip", "http", true,
		"Administration of the Meetings plugin, BigBlueButton, a server: its URL and its key (salt)."},
	{"ilias", "bbb", false, "Administration of the BigBlueButton plugin: server URL and secret."},
	{"opencast", "bbb", true,
		"Where Opencast or its add-on asks for BigBlueButton's API: URL and secret."},
	{"other", "bbb", false,
		"Where it asks for BigBlueButton's URL and shared secret, as bbb-conf --secret prints them."},
	{.name = NULL},
};

const struct platform *platform_find(const char *name)
{
	const struct platform *p = platforms;

	while (p->name && strcmp(p->name, name) != 0)
		p++;
	return p->name ? p : NULL;
}

json_t *platform_error_status(const struct platform *p)
{
	return strcmp(p->error_status, "default") == 0 ? json_null() : json_string(p->error_status);
}

const char *platform_url(struct admin *a, const struct platform *p, const char *slug)
{
	struct tenant_urls urls;

	tenant_urls(&a->arena, &a->conf, slug, 0, &urls);
	/* ".../bigbluebutton/" or ".../bbb/" */
	return p && p->api ? arena_printf(&a->arena, "%sapi", urls.platform) : urls.platform;
}

void platform_print(struct admin *a, const struct platform *p, const char *slug)
{
	const char *url = platform_url(a, p, slug);

	if (a->json)
		admin_json_print(json_pack("{s:s, s:s, s:s, s:s}", "platform", p->name, "url", url,
			"error_status", p->error_status, "where", p->where));
	else
		printf("%s: %s\n"
		       "URL     %s\n"
		       "secret  b3lb-admin secret add %s makes one, b3lb-admin secret list %s --show shows it\n",
			p->name, p->where, url, slug, slug);
}
