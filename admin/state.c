/* SPDX-License-Identifier: ISC */
/* b3lb-admin state: the whole configuration as JSON, to keep, to compare, to take into another database. */
#include "config.h"
#include "admin.h"
#include "change.h"

#include "core/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (256 << 20)

static const struct admin_option export_options[] = {
	{"secrets", ADMIN_SWITCH, false, NULL, "With secrets and tokens."},
	{.name = NULL},
};

static int export_state(struct admin *a, struct err *err)
{
	struct buf json = BUF_INIT;
	int rc = state_export(a->db, admin_option(a, "secrets") != NULL, &json, err);

	if (rc == 0)
		fputs(buf_str(&json), stdout);
	buf_free(&json);
	return rc;
}

/* "-": standard input. */
static int read_file(const char *path, struct buf *text, struct err *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : admin_open(path, O_RDONLY), rc = 0;
	char chunk[65536];
	ssize_t n = -1;

	buf_init_max(text, FILE_MAX);
	while (fd != -1 && !text->failed && (n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(text, chunk, (size_t)n);
	if (n == -1)
		rc = err_set(err, ERR_INVALID, "could not read %s: %s", path, strerror(errno));
	else if (text->failed)
		rc = err_set(err, ERR_LIMIT, "%s has more than %d bytes", path, FILE_MAX);
	if (fd > STDIN_FILENO)
		close(fd);
	return rc;
}

static int import_state(struct admin *a, struct err *err)
{
	struct state_report report = {0};
	struct buf text = BUF_INIT;
	int rc = read_file(a->args[0], &text, err);

	if (rc == 0)
		rc = state_import(a->db, &a->conf, buf_str(&text), text.len, admin_is_dry(a), admin_actor(a),
			&report, err);
	if (rc == 0)
		admin_print_report(a, &report, admin_is_dry(a));
	state_report_free(&report);
	buf_free(&text);
	return rc;
}

const struct admin_command admin_state_commands[] = {
	{"state", "export", "", 0, 0, export_options, false, false, export_state,
		"Prints the whole configuration of the database as JSON.",
		"b3lb-admin state export --secrets > b3lb.json"},
	{"state", "import", "FILE", 1, 1, admin_dry_run, false, false, import_state,
		"Makes what is missing and changes what is other, in one transaction.",
		"b3lb-admin state import b3lb.json --dry-run"},
	{.object = NULL},
};
