/* SPDX-License-Identifier: ISC */
/* A libpq connection string that names several hosts: which of them is tried first. */
#include "config.h"
#include "db_hosts.h"

#include "buf.h"

#include <libpq-fe.h>
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
	PQconninfoOption *options = NULL;
	const char *host = NULL, *hostaddr = NULL, *port = NULL;
	int count;

	*hosts = (struct db_hosts){0};
	if (strchr(conninfo, '=') || strstr(conninfo, "://"))
		options = PQconninfoParse(conninfo, NULL);
	for (PQconninfoOption *o = options; o && o->keyword; o++) {
		if (strcmp(o->keyword, "host") == 0)
			host = o->val;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			hostaddr = o->val;
		else if (strcmp(o->keyword, "port") == 0)
			port = o->val;
	}
	count = list_length(hostaddr ? hostaddr : host);
	if (count > 1) {
		first %= count;
		/* Lists of two lengths are libpq's to complain of. */
		if ((!host || list_length(host) == count) &&
			(list_length(port) <= 1 || list_length(port) == count)) {
			hosts->host = list_rotate(host, first);
			hosts->hostaddr = list_rotate(hostaddr, first);
			hosts->port = list_rotate(port, first);
		}
	}
	PQconninfoFree(options);
	return count > 1 ? count : 1;
}

void db_hosts_free(struct db_hosts *hosts)
{
	free(hosts->host);
	free(hosts->hostaddr);
	free(hosts->port);
}
