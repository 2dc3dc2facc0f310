/* SPDX-License-Identifier: ISC */
/* Where a tenant's platforms reach us, and the links that try a secret. */
#include "config.h"
#include "core/tenant_urls.h"

#include "base/url.h"
#include "core/secret.h"

#include <string.h>
#include <strings.h>

#define PASSWORD_LENGTH 12

void tenant_urls(
	struct arena *a, const struct conf *conf, const char *slug, int sub_id, struct tenant_urls *urls)
{
	const char *public = conf_public_url(conf, a), *base;
	const char *tenant = text_lower(arena_printf(a, sub_id ? "%s-%d" : "%s", slug, sub_id));
	struct url url;

	base = arena_printf(a, "%s/b3lb/t/%s", public, tenant);
	*urls = (struct tenant_urls){
		.path = arena_printf(a, "%s/bbb/", base),
		.stats = arena_printf(a, "%s/stats", base),
		.metrics = arena_printf(a, "%s/metrics", base),
	};
	/* The names of tenants are below the base domain: behind another name or path there is the path alone. */
	if (url_split(a, public, &url) && strcasecmp(url.host, conf->api_base_domain) == 0 && !*url.path)
		urls->name = arena_printf(a, "%s://%s.%s%s%s/bigbluebutton/", url.scheme, tenant,
			conf->api_base_domain, *url.port ? ":" : "", url.port);
	urls->platform = urls->name ? urls->name : urls->path;
}

static void add_part(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "&%s=", name);
	buf_url(out, value, strlen(value));
}

static int add_link(struct arena *a, const struct conf *conf, const char *server, const char *secret,
	const char *who, struct buf *out, struct err *err)
{
	const char *attendee = secret_make(a, err), *moderator = attendee ? secret_make(a, err) : NULL;

	if (!moderator)
		return -1;
	buf_printf(out, "%s#server=", conf->api_mate_url);
	buf_url(out, server, strlen(server));
	add_part(out, "sharedSecret", secret);
	add_part(out, "name", arena_printf(a, "API Mate %s", who));
	add_part(out, "attendeePW", arena_printf(a, "%.*s", PASSWORD_LENGTH, attendee));
	add_part(out, "moderatorPW", arena_printf(a, "%.*s", PASSWORD_LENGTH, moderator));
	return 0;
}

int tenant_api_mate(struct db *db, const struct conf *conf, struct arena *a, const char *slug, int sub_id,
	struct buf *out, struct err *err)
{
	struct tenant_urls urls;
	struct secret_use use;

	if (secret_get(db, a, slug, sub_id, &use, err) == -1)
		return -1;
	tenant_urls(a, conf, slug, sub_id, &urls);
	if (add_link(a, conf, urls.platform, use.secret, arena_printf(a, "%s-%d", slug, sub_id), out, err) ==
		-1)
		return -1;
	if (use.recording)
		add_part(out, "record", "true");
	if (use.slide)
		add_part(out, "pre-upload",
			arena_printf(a, "%s/b3lb/t/%s/slide", conf_public_url(conf, a), slug));
	return 0;
}

int node_api_mate(
	struct arena *a, const struct conf *conf, const struct node *node, struct buf *out, struct err *err)
{
	struct buf server = BUF_INIT;
	int rc;

	node_api_url(conf, node, &server);
	/* API Mate wants it without the call's path. */
	if (server.len > 4 && strcmp(server.ptr + server.len - 4, "api/") == 0)
		server.ptr[server.len -= 4] = '\0';
	rc = add_link(a, conf, buf_str(&server), node->secret, node->slug, out, err);
	buf_free(&server);
	return rc;
}
