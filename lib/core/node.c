/* SPDX-License-Identifier: ISC */
/* A BigBlueButton server of ours: its row, its URLs, signed calls to it, and the administration of nodes. */
#include "config.h"
#include "core/node.h"

#include "sql/statements.h"

#include <string.h>

void node_read(struct arena *a, const struct db_result *r, int row, int first, struct node *node)
{
	int alg;

	*node = (struct node){.id = db_int(r, row, first + NODE_ID)};
	if (!node->id)
		return;
	node->slug = arena_strdup(a, db_text(r, row, first + NODE_SLUG));
	node->domain = arena_strdup(a, db_text(r, row, first + NODE_DOMAIN));
	node->url = arena_strdup(a, db_text(r, row, first + NODE_URL));
	node->load_url = arena_strdup(a, db_text(r, row, first + NODE_LOAD_URL));
	node->join_url = arena_strdup(a, db_text(r, row, first + NODE_JOIN_URL));
	node->secret = arena_strdup(a, db_text(r, row, first + NODE_SECRET));
	alg = sha_alg_by_name(db_text(r, row, first + NODE_SHA));
	node->sha = alg < 0 ? SHA_ALG_256 : (enum sha_alg)alg;
	node->online = db_bool(r, row, first + NODE_ONLINE);
}

static bool ends_with(const struct buf *b, size_t from, const char *end)
{
	size_t len = strlen(end);

	return b->len - from >= len && memcmp(b->ptr + b->len - len, end, len) == 0;
}

static void add_bare(struct buf *out, const char *url)
{
	size_t len = strlen(url);

	while (len && url[len - 1] == '/')
		len--;
	buf_add(out, url, len);
}

/* Scheme, host and base path, without a slash at its end. */
static void node_base_url(const struct conf *conf, const struct node *node, struct buf *out)
{
	if (node->url) {
		add_bare(out, node->url);
	} else if (node->domain) {
		buf_puts(out, conf_node_protocol(conf));
		buf_puts(out, "://");
		buf_puts(out, node->domain);
	} else {
		buf_printf(
			out, "%s://%s.%s", conf_node_protocol(conf), node->slug, conf->node_default_domain);
	}
}

/* What was written from there on becomes the whole URL of an API, with a slash at its end. */
static void complete_api(const struct conf *conf, size_t from, struct buf *out)
{
	if (ends_with(out, from, "/bigbluebutton"))
		buf_puts(out, "/api");
	if (!ends_with(out, from, "/api"))
		buf_printf(out, "/%s", conf->node_bbb_endpoint + strspn(conf->node_bbb_endpoint, "/"));
	if (!ends_with(out, from, "/"))
		buf_putc(out, '/');
}

void node_api_url(const struct conf *conf, const struct node *node, struct buf *out)
{
	size_t from = out->len;

	node_base_url(conf, node, out);
	complete_api(conf, from, out);
}

void node_join_base(const struct conf *conf, const struct node *node, struct buf *out)
{
	static const char place[] = "{slug}";
	size_t from = out->len;

	if (node->join_url) {
		add_bare(out, node->join_url);
	} else if (*conf->node_join_base) {
		const char *rest = conf->node_join_base;

		for (const char *at; (at = strstr(rest, place)); rest = at + strlen(place)) {
			buf_add(out, rest, (size_t)(at - rest));
			buf_puts(out, node->slug);
		}
		add_bare(out, rest);
	} else {
		node_base_url(conf, node, out);
	}
	complete_api(conf, from, out);
}

void node_load_url(const struct conf *conf, const struct node *node, struct buf *out)
{
	static const char *const api_tails[] = {"/api", "/bigbluebutton"};
	size_t from = out->len;

	if (node->load_url) {
		buf_puts(out, node->load_url);
		return;
	}
	node_base_url(conf, node, out);
	for (size_t i = 0; i < ARRAY_SIZE(api_tails); i++)
		if (node->url && ends_with(out, from, api_tails[i]))
			out->len -= strlen(api_tails[i]);
	buf_printf(out, "/%s", conf->node_load_endpoint + strspn(conf->node_load_endpoint, "/"));
}

/* Behind the URL of the API: the checksum covers no host. */
static void add_call(const struct node *node, const char *call, const struct query *query, struct buf *out)
{
	char hex[SHA_HEX_MAX + 1];
	size_t from;

	buf_puts(out, call);
	buf_putc(out, '?');
	from = out->len;
	query_write(query, out);
	checksum_make(node->sha, call, buf_str(out) + from, out->len - from, node->secret, hex);
	buf_puts(out, out->len > from ? "&checksum=" : "checksum=");
	buf_puts(out, hex);
}

void node_call_url(const struct conf *conf, const struct node *node, const char *call,
	const struct query *query, struct buf *out)
{
	node_api_url(conf, node, out);
	add_call(node, call, query, out);
}

void node_join_url(
	const struct conf *conf, const struct node *node, const struct query *query, struct buf *out)
{
	node_join_base(conf, node, out);
	add_call(node, "join", query, out);
}

void node_site_url(const struct conf *conf, const struct node *node, bool join, struct buf *out)
{
	static const char *const tails[] = {"/api/", "/bigbluebutton"};
	size_t from = out->len;

	(join ? node_join_base : node_api_url)(conf, node, out);
	for (size_t i = 0; i < ARRAY_SIZE(tails); i++)
		if (ends_with(out, from, tails[i]))
			out->len -= strlen(tails[i]);
	out->ptr[out->len] = '\0';
}

const char *node_joined_url(
	const struct conf *conf, struct arena *a, const struct node *node, const char *url)
{
	struct buf ours = BUF_INIT, theirs = BUF_INIT;

	node_site_url(conf, node, false, &ours);
	node_site_url(conf, node, true, &theirs);
	if (strncmp(url, ours.ptr, ours.len) == 0 && url[ours.len] == '/')
		url = arena_printf(a, "%s%s", buf_str(&theirs), url + ours.len);
	buf_free(&ours);
	buf_free(&theirs);
	return url;
}

int node_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_node_list, NULL, out, err);
}
