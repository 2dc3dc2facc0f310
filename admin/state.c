/* SPDX-License-Identifier: ISC */
/* b3lb-admin state: the whole configuration as JSON, to keep, to compare, to take into another database. */
#include "config.h"
#include "admin.h"
#include "json.h"

#include "base/term.h"
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
static const struct admin_option import_options[] = {
	{"dry-run", ADMIN_SWITCH, false, NULL, "Says what it would change, and changes nothing."},
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

/* The line's end, which is a NUL or a line break. */
static const char *line_end(const char *line)
{
	return line + strcspn(line, "\n");
}

static void print_text(struct arena *a, const struct buf *lines)
{
	for (const char *line = buf_str(lines); *line; line = line_end(line) + 1) {
		term_print(stdout, arena_strndup(a, line, (size_t)(line_end(line) - line)));
		putchar('\n');
	}
}

/* "acme-5 SECRET" */
static json_t *secret_json(struct arena *a, const char *line)
{
	size_t name = strcspn(line, "-"), sub = strcspn(line, " ");

	return json_pack("{s:s, s:i, s:s}", "tenant", arena_strndup(a, line, name), "sub_id",
		atoi(line + name + 1), "secret",
		arena_strndup(a, line + sub + 1, (size_t)(line_end(line) - line) - sub - 1));
}

static void print_report(struct admin *a, const struct state_report *report, bool dry_run)
{
	json_t *changes, *secrets;

	if (!a->json) {
		print_text(&a->arena, &report->changes);
		print_text(&a->arena, &report->secrets);
		printf("%d change%s%s\n", report->count, report->count == 1 ? "" : "s",
			dry_run ? ", none of them made" : "");
		return;
	}
	changes = json_array();
	secrets = json_array();
	for (const char *line = buf_str(&report->changes); *line; line = line_end(line) + 1)
		json_array_append_new(changes,
			admin_json_text(arena_strndup(&a->arena, line, (size_t)(line_end(line) - line))));
	for (const char *line = buf_str(&report->secrets); *line; line = line_end(line) + 1)
		json_array_append_new(secrets, secret_json(&a->arena, line));
	admin_json_print(
		json_pack("{s:b, s:o, s:o}", "dry_run", dry_run, "changes", changes, "secrets", secrets));
}

static int import_state(struct admin *a, struct err *err)
{
	bool dry_run = admin_option(a, "dry-run") != NULL;
	struct state_report report = {0};
	struct buf text = BUF_INIT;
	int rc = read_file(a->args[0], &text, err);

	if (rc == 0)
		rc = state_import(
			a->db, a->conf.api_base_domain, buf_str(&text), text.len, dry_run, &report, err);
	if (rc == 0)
		print_report(a, &report, dry_run);
	state_report_free(&report);
	buf_free(&text);
	return rc;
}

const struct admin_command admin_state_commands[] = {
	{"state", "export", "", 0, 0, export_options, false, false, export_state,
		"Prints the whole configuration of the database as JSON.",
		"b3lb-admin state export --secrets > b3lb.json"},
	{"state", "import", "FILE", 1, 1, import_options, false, false, import_state,
		"Makes what is missing and changes what is other, in one transaction.",
		"b3lb-admin state import b3lb.json --dry-run"},
	{.object = NULL},
};
