/* SPDX-License-Identifier: ISC */
/* A BigBlueButton server of ours: its row, its URLs, signed calls to it, and the administration of nodes. */
#ifndef B3LB_CORE_NODE_H
#define B3LB_CORE_NODE_H

#include "bbb/checksum.h"
#include "base/conf.h"
#include "db/db.h"

/* What a call to a node needs. Strings belong to the arena or result they were read from. */
struct node {
	long long id; /* 0: none */
	const char *slug, *domain, *url, *load_url, *join_url, *secret;
	enum sha_alg sha;
	bool online;
};

/* Fills a node from the columns {node_columns} of sql/statements/node.sql, starting at first; a null id makes
 * an empty one. Copies into the arena. */
void node_read(
	struct arena *a, const struct db_result *r, int row, int first, struct node *node) b3lb_nonnull;

/*
 * Appends the node's API base URL, with a slash at its end: --url (an origin, a base that ends in
 * /bigbluebutton or a whole API URL that ends in /api), else node_protocol://domain/, else
 * node_protocol://slug.node_default_domain/, plus node_bbb_endpoint.
 */
void node_api_url(const struct conf *conf, const struct node *node, struct buf *out) b3lb_nonnull;
/* The same of the base that browsers are sent to: --join-url, in the same forms; else node_join_base with the node's slug for
 * {slug}; else node_api_url's. */
void node_join_base(const struct conf *conf, const struct node *node, struct buf *out) b3lb_nonnull;
/* Appends what the path of bbb-web's API stands behind: of node_api_url, or of node_join_base; without a slash at its end. */
void node_site_url(const struct conf *conf, const struct node *node, bool join, struct buf *out) b3lb_nonnull;
/* Appends the URL of its load value: --load-url, else node_load_endpoint on the same origin and base. */
void node_load_url(const struct conf *conf, const struct node *node, struct buf *out) b3lb_nonnull;
/* Appends the signed URL of a call: query is written form-encoded, its checksum made with the node's secret
 * and algorithm. */
void node_call_url(const struct conf *conf, const struct node *node, const char *call,
	const struct query *query, struct buf *out) b3lb_nonnull;

/* Appends the signed URL of a join for a browser: node_call_url's on node_join_base. */
void node_join_url(const struct conf *conf, const struct node *node, const struct query *query,
	struct buf *out) b3lb_nonnull;
/* Of a URL that the node gave for a browser: one on the site of its API gets the join base's site in place of it, in the
 * arena; any other is the node's own choice and stays. */
const char *node_joined_url(
	const struct conf *conf, struct arena *a, const struct node *node, const char *url) b3lb_nonnull;

/* One row a node: settings, health, load; no secret. 0 and *out, which the caller frees; -1 with err: ERR_AWAY. */
int node_list(struct db *db, struct db_result **out, struct err *err) b3lb_nonnull;

#endif
