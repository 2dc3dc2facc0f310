/* SPDX-License-Identifier: ISC */
/* A libpq connection string that names several hosts: which of them is tried first. */
#include "config.h"
#include "db/hosts.h"

#include "base/buf.h"
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

static int list_length(const char *list)
{
	int n = 1;

	if (!list)
		return 0;
	for (; (list = strchr(list, ',')); list++)
		n++;
	return n;
}

/* A list of one port holds for all hosts and stays. */
static char *list_rotate(const char *list, int by)
{
	struct buf b = BUF_INIT;
	const char *rest = list;
	char *rotated;

	if (!list || list_length(list) == 1)
		return list ? mem_strdup(list) : NULL;
	for (; by > 0; by--)
		rest = strchr(rest, ',') + 1;
	buf_puts(&b, rest);
	if (rest != list) {
		buf_putc(&b, ',');
		buf_add(&b, list, (size_t)(rest - list - 1));
	}
	rotated = mem_strdup(buf_str(&b));
	buf_free(&b);
	return rotated;
}

int db_hosts_read(const char *conninfo, int first, struct db_hosts *hosts)
{
	char *host = db_conninfo_value(conninfo, "host"), *hostaddr = db_conninfo_value(conninfo, "hostaddr"),
	     *port = db_conninfo_value(conninfo, "port");
	int count = list_length(hostaddr ? hostaddr : host);

	*hosts = (struct db_hosts){0};
	/* Lists of two lengths are libpq's to complain of. */
	if (count > 1 && (!host || list_length(host) == count) &&
		(list_length(port) <= 1 || list_length(port) == count)) {
		hosts->host = list_rotate(host, first % count);
		hosts->hostaddr = list_rotate(hostaddr, first % count);
		hosts->port = list_rotate(port, first % count);
	}
	free(host);
	free(hostaddr);
	free(port);
	return count > 1 ? count : 1;
}

void db_hosts_free(struct db_hosts *hosts)
{
	free(hosts->host);
	free(hosts->hostaddr);
	free(hosts->port);
}
