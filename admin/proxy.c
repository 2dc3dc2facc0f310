/* SPDX-License-Identifier: ISC */
/* b3lb-admin node proxy: what a cluster proxy is configured with, and each node behind it. */
#include "config.h"
#include "proxy.h"

#include "json.h"

#include "base/name.h"
#include "base/url.h"
#include "core/check.h"

#include <stdio.h>
#include <string.h>

/* Versions of BigBlueButton, as docs/administration/cluster-proxy of each has it. */
enum { IN_27 = 1 << 0, IN_30 = 1 << 1, IN_ALL = IN_27 | IN_30 };

/* Of a node: {slug}; {api} and {site}, which our calls and browsers reach it at, without /bigbluebutton/api; {ws}, {site} for web
 * sockets; {host}, {port}, {path} of {api}; {name}, {site}'s host; {proxy}, the proxy's. */
struct piece {
	const char *of; /* a web server; NULL: the node itself */
	unsigned versions;
	const char *text;
};
#define NGINX_PASS                                                                                           \
	"\tproxy_http_version 1.1;\n\tproxy_ssl_server_name on;\n"                                           \
	"\tproxy_set_header Upgrade $http_upgrade;\n\tproxy_set_header Connection \"Upgrade\";\n}\n"
#define LIGHTTPD_PASS(from, to)                                                                              \
	"$HTTP[\"url\"] =^ \"" from "\" {\n"                                                                 \
	"\tproxy.server = ( \"\" => ( ( \"host\" => \"{host}\", \"port\" => {port} ) ) )\n"                  \
	"\tproxy.header = ( \"upgrade\" => \"enable\", \"map-host-request\" => ( \"-\" => \"{host}\" ),\n"   \
	"\t\t\"map-urlpath\" => ( \"" from "\" => \"{path}" to "\" ) )\n}\n"
#define CLIENT	 "/{slug}/html5client/"
#define API	 "/bigbluebutton/api"
#define APPENDED "\n# Added to "
#define WHOLE	 "\n# The whole of "

static const struct piece pieces[] = {
	{"nginx", IN_ALL, "location " CLIENT " {\n\tproxy_pass {api}" CLIENT ";\n" NGINX_PASS},
	{"nginx", IN_30, "location /{slug}" API " {\n\tproxy_pass {api}" API ";\n" NGINX_PASS},
	{"apache", IN_ALL, "ProxyPass \"" CLIENT "\" \"{api}" CLIENT "\" upgrade=websocket\n"},
	{"apache", IN_30, "ProxyPass \"/{slug}" API "\" \"{api}" API "\"\n"},
	{"lighttpd", IN_ALL, LIGHTTPD_PASS(CLIENT, CLIENT)},
	{"lighttpd", IN_30, LIGHTTPD_PASS("/{slug}" API, API)},

	{NULL, IN_ALL, APPENDED "/etc/bigbluebutton/bbb-web.properties\n"},
	{NULL, IN_27, "defaultHTML5ClientUrl=https://{proxy}/{slug}/html5client/join\n"},
	{NULL, IN_30, "defaultHTML5ClientUrl=https://{proxy}/{slug}/html5client/\n"},
	{NULL, IN_ALL,
		"presentationBaseURL={site}/bigbluebutton/presentation\naccessControlAllowOrigin=https://{proxy}\n"},
	{NULL, IN_27, "defaultGuestWaitURL={site}/{slug}/html5client/guestWait\n"},
	{NULL, IN_30,
		"apiUrl={site}/bigbluebutton\ngraphqlWebsocketUrl={ws}/graphql\ngraphqlApiUrl={site}/api/rest\n"},
	{NULL, IN_ALL,
		APPENDED
		"/etc/bigbluebutton/bbb-html5.yml\n"
		"public:\n  app:\n    basename: '/{slug}/html5client'\n    bbbWebBase: '{site}/bigbluebutton'\n"
		"    learningDashboardBase: '{site}/learning-analytics-dashboard'\n"
		"  media:\n    stunTurnServersFetchAddress: '{site}/bigbluebutton/api/stuns'\n"
		"    sip_ws_host: '{name}'\n"
		"  kurento:\n    wsUrl: '{ws}/bbb-webrtc-sfu'\n"
		"  presentation:\n    uploadEndpoint: '{site}/bigbluebutton/presentation/upload'\n"
		"  pads:\n    url: '{site}/pad'\n"},
	{NULL, IN_27,
		WHOLE
		"/etc/systemd/system/bbb-html5-frontend@.service.d/cluster.conf, and of bbb-html5-backend@.service.d\n"
		"[Service]\nEnvironment=ROOT_URL=https://127.0.0.1/{slug}/html5client\n"
		"Environment=DDP_DEFAULT_CONNECTION_URL={site}/{slug}/html5client\n"},
	{NULL, IN_ALL,
		WHOLE
		"/etc/bigbluebutton/etherpad.json\n{\"cluster_proxies\": [\"https://{proxy}\"]}\n" APPENDED
		"/etc/default/bbb-web\nJDK_JAVA_OPTIONS=\"-Dgrails.cors.enabled=true "
		"-Dgrails.cors.allowCredentials=true -Dgrails.cors.allowedOrigins=https://{proxy},{site}\"\n"},
	{NULL, IN_30,
		APPENDED "/etc/default/bbb-graphql-middleware: a host, without https://\n"
			 "BBB_GRAPHQL_MIDDLEWARE_ORIGIN={proxy}\n" APPENDED
			 "/etc/default/bbb-graphql-server\nHASURA_GRAPHQL_CORS_DOMAIN=\"https://{proxy}\"\n"},
	{NULL, IN_27,
		"\n# In /usr/share/bigbluebutton/nginx/loadbalancer.nginx\n"
		"set $bbb_loadbalancer_node https://{proxy};\n"
		"\n# In /usr/share/bigbluebutton/nginx/bbb-html5.nginx each location begins with /{slug}, but for "
		"@html5client; and there too\nlocation =/html5client/locale {\n\treturn 301 /{slug}$request_uri;\n}\n"},
	{NULL, IN_30,
		"\n# /etc/bigbluebutton/nginx/bbb-html5-cluster.nginx is /usr/share/bigbluebutton/nginx/bbb-html5.nginx.static "
		"with /{slug} in front\n# of each location, and\nlocation =/html5client/locale {\n\treturn 301 "
		"/{slug}$request_uri;\n}\n"},
};

static const struct {
	const char *name, *head;
} servers[] = {
	{"nginx", "# Stands in the server { } of the proxy's host.\n"},
	{"apache",
		"# Stands in the <VirtualHost> of the proxy's host; needs proxy, proxy_http and, for https, ssl.\n"},
	{"lighttpd",
		"# Stands in the condition of the proxy's host; needs mod_proxy, which reaches nodes by http:// alone.\n"},
};

struct value {
	const char *name, *text;
};
#define VALUES_MAX 9

/* The text with each {name} that there is. */
static void expand(const char *text, const struct value values[VALUES_MAX], struct buf *out)
{
	while (*text) {
		size_t len = *text == '{' ? strcspn(text + 1, "}") : 0, i = 0;

		while (i < VALUES_MAX && !(len && strlen(values[i].name) == len &&
						 strncmp(values[i].name, text + 1, len) == 0))
			i++;
		if (len && i < VALUES_MAX) {
			buf_puts(out, values[i].text);
			text += len + 2;
		} else {
			buf_putc(out, *text++);
		}
	}
}

/* A node's URL without its API's path, in the arena. */
static const char *site(struct admin *a, const struct node *node, bool join)
{
	struct buf url = BUF_INIT;
	const char *copy;

	node_site_url(&a->conf, node, join, &url);
	copy = arena_strdup(&a->arena, buf_str(&url));
	buf_free(&url);
	return copy;
}

/* The pieces of a web server, or of the node itself, for a version. */
static int write_node(struct admin *a, const struct node *node, const char *of, const char *proxy,
	unsigned version, struct buf *out, struct err *err)
{
	const char *api = site(a, node, false), *public = site(a, node, true);
	struct url to, name;

	if (!url_split(&a->arena, api, &to) || !url_split(&a->arena, public, &name))
		return err_set(err, ERR_INVALID, "node %s has no URL", node->slug);
	if (of && strcmp(of, "lighttpd") == 0 && strcmp(to.scheme, "https") == 0)
		return err_set(err, ERR_INVALID,
			"node %s: lighttpd reaches no node by https://: give it an http:// --url and a --join-url, or take another server",
			node->slug);
	const struct value values[VALUES_MAX] = {{"slug", node->slug}, {"api", api}, {"site", public},
		{"ws", arena_printf(&a->arena, "ws%s", public + strlen("http"))}, {"host", to.host},
		{"port", *to.port			   ? to.port
			 : strcmp(to.scheme, "https") == 0 ? "443"
							   : "80"},
		{"path", to.path}, {"name", name.host}, {"proxy", proxy}};

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		if (pieces[i].versions & version &&
			(of ? pieces[i].of && strcmp(pieces[i].of, of) == 0 : !pieces[i].of))
			expand(pieces[i].text, values, out);
	return 0;
}

int admin_node_proxy(struct admin *a, struct err *err)
{
	const char *of = admin_option(a, "for"), *proxy = admin_option(a, "host"),
		   *bbb = admin_option(a, "bbb");
	unsigned version = bbb && strcmp(bbb, "2.7") == 0 ? IN_27 : IN_30;
	const char *slug = a->arg_count ? text_lower(arena_strdup(&a->arena, a->args[0])) : NULL;
	struct check_node *nodes = NULL;
	struct buf out = BUF_INIT;
	bool tls = false;
	int count = 0, found = 0, rc = 0;

	if (slug ? !proxy || of : !of || proxy) {
		err_set(err, ERR_INVALID, "give --for and no node, or a node and --host, the proxy's");
		return EXIT_USAGE;
	}
	if (proxy && !name_fits(NAME_NODE_DOMAIN, proxy))
		return err_set(err, ERR_INVALID, "--host %s", name_rule(NAME_NODE_DOMAIN));
	if (check_read_nodes(a->db, &a->arena, &nodes, &count, err) == -1)
		return -1;
	for (size_t i = 0; of && i < ARRAY_SIZE(servers); i++)
		if (strcmp(servers[i].name, of) == 0)
			buf_puts(&out, servers[i].head);
	for (int i = 0; rc == 0 && i < count; i++) {
		const struct node *node = &nodes[i].node;

		if (slug && strcmp(slug, node->slug) != 0)
			continue;
		if (of && strcmp(of, "apache") == 0 && !tls &&
			strncmp(site(a, node, false), "https:", 6) == 0) {
			buf_puts(&out, "SSLProxyEngine on\n");
			tls = true;
		}
		rc = write_node(a, node, of, proxy ? proxy : "", version, &out, err);
		found++;
	}
	if (rc == 0 && slug && !found)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such node");
	if (rc == 0) {
		const char *text = buf_str(&out);

		text += strspn(text, "\n");
		if (a->json)
			admin_json_print(json_pack("{s:s}", "text", text));
		else
			fputs(text, stdout);
	}
	buf_free(&out);
	return rc;
}
