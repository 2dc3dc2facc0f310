/* SPDX-License-Identifier: ISC */
/* b3lb-manage: the management API and the console. */
#include "config.h"
#include "manage.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of each file; a line each, so that files come and go by themselves. */
static const struct manage_rows *const groups[] = {
	&access_rows,
	&assets_rows,
	&configure_rows,
	&files_rows,
	&overview_rows,
	&nodes_rows,
	&meetings_rows,
	&recordings_rows,
	&callbacks_rows,
	&requests_rows,
	&usage_rows,
	&health_rows,
	&hooks_rows,
	&openapi_rows,
	&probe_rows,
	&problem_rows,
	&secrets_rows,
	&session_rows,
	&state_rows,
};

/* On other hosts there is nothing: what they show may be a tenant's. */
static bool admit(struct exchange *x)
{
	const struct manage *m = (const struct manage *)x;

	if (strcmp(x->rq->host, conf_admin_host(m->service->conf)) == 0)
		return true;
	manage_refuse(x, 404, "there is nothing here");
	return false;
}

static void describe(const struct exchange *x, struct log_line *l)
{
	const struct manage *m = (const struct manage *)x;

	log_str(l, "method", method_name(x->rq->method));
	log_str(l, "path", x->rq->path);
	log_str(l, "who", m->who.name);
}

static struct endpoint_table table = {
	.admit = admit,
	.authorize = manage_authorize,
	.refuse = manage_refuse,
	.describe = describe,
};

/* One table of all rows; before threads. */
static void join_rows(void)
{
	struct endpoint *rows;
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		count += groups[i]->count;
	rows = mem_zalloc(count * sizeof(*rows));
	table.rows = rows;
	table.count = count;
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		memcpy(rows, groups[i]->rows, groups[i]->count * sizeof(*rows));
		rows += groups[i]->count;
	}
	rows = (struct endpoint *)(uintptr_t)table.rows;
	for (size_t i = 0; i < count; i++) {
		const struct manage_route *route = rows[i].more;

		if (!rows[i].body_max && route->body)
			rows[i].body_max = MANAGE_BODY_MAX;
	}
}

static void handle(const struct service *service, struct request *rq, int refused, const struct err *why)
{
	struct manage m = {.x.rq = rq, .service = service};
	const char *path = rq->path;

	if (!refused && strncmp(path, MANAGE_BASE, strlen(MANAGE_BASE)) == 0)
		path += strlen(MANAGE_BASE);
	endpoint_run(&m.x, &table, path, refused, why);
}

/* For who wants to read it without a service. */
static int print_openapi(void)
{
	char *text = openapi_write(table.rows, table.count);
	bool good = text && puts(text) != EOF && fflush(stdout) == 0;

	free(text);
	return good ? EXIT_DONE : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	static const struct server_app app = {
		.name = "b3lb-manage",
		.purpose = "answers the management API and the console",
		.handle = handle,
		.print = {"openapi", NULL, "print the description of the API (OpenAPI 3.1) and exit", NULL},
		.run_print = print_openapi,
	};
	int status;

	manage_load_files();
	join_rows();
	status = server_main(&app, argc, argv);
	free((void *)(uintptr_t)table.rows);
	return status;
}
