/* SPDX-License-Identifier: ISC */
/* b3lb-admin node proxy: what a cluster proxy is configured with, and each node behind it. */
#ifndef B3LB_ADMIN_PROXY_H
#define B3LB_ADMIN_PROXY_H

#include "admin.h"

/* Web servers that it speaks of, as a choice. */
#define PROXY_SERVERS "nginx|apache|lighttpd"

/* Prints the blocks of all nodes for a web server (--for), or the settings of one node for a proxy (--host). 0, or -1 with err:
 * ERR_NOT_FOUND, ERR_INVALID, ERR_AWAY; EXIT_USAGE with err. */
int admin_node_proxy(struct admin *a, struct err *err) b3lb_nonnull;

#endif
