/* SPDX-License-Identifier: ISC */
/* Private to check*.c and setup*.c: what is looked at, and what is said of it. */
#ifndef B3LB_CHECK_H
#define B3LB_CHECK_H

#include "admin.h"
#include "core/check.h"
#include "report.h"

/* The nodes, each asked for its meetings and load. */
void check_nodes(struct admin *a, struct report *r);
/* Asks for getMeetings. True when the node answers and takes the secret; else why says what is wrong and what
 * to do. *ahead: seconds that its clock is ahead, 0 where it does not tell. */
bool check_node_answers(const struct conf *conf, const struct node *node, struct buf *why, double *ahead);

/* The web server, asked as a client would ask. url: where it is instead of where the domain's names point to;
 * NULL. ca_file: PEM of who signed its certificate; NULL: the system's authorities. client->slug NULL: what
 * needs a secret is left out. */
void check_web(struct admin *a, struct report *r, const char *url, const char *ca_file,
	const struct check_client *client);
/* Whether the tenant's name and one that nobody made resolve. */
void check_names(struct report *r, const struct conf *conf, const char *slug);

/* Numeric addresses of a host name; their number, 0 when it does not resolve. */
#define CHECK_ADDRESS_SIZE 46
int check_addresses(const char *host, char (*out)[CHECK_ADDRESS_SIZE], int max);
/* The host of a URL, in the arena; "" where it is no URL. */
const char *check_host(struct arena *a, const char *url);

#endif
