/* SPDX-License-Identifier: ISC */
/* A libpq connection string that names several hosts: which of them is tried first. */
#ifndef B3LB_DB_HOSTS_H
#define B3LB_DB_HOSTS_H

#include "base/mem.h"

/* The three lists of a connection string that belong together, beginning with another host. NULL where the
 * string has none. */
struct db_hosts {
	char *host, *hostaddr, *port;
};

/*
 * libpq tries the hosts in their order, and one that does not even refuse takes all the time that there is:
 * who waited for it in vain begins with the next one. Returns how many hosts conninfo names (1 when it cannot
 * be parsed or leaves it to the environment) and, for more than one, fills *hosts with the lists rotated to
 * the left by first (from 0). Free with db_hosts_free. Any thread. Source: libpq, "Specifying Multiple
 * Hosts".
 */
int db_hosts_read(const char *conninfo, int first, struct db_hosts *hosts) b3lb_nonnull;
void db_hosts_free(struct db_hosts *hosts) b3lb_nonnull;

#endif
