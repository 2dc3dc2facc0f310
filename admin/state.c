/* SPDX-License-Identifier: ISC */
/* b3lb-admin state: the whole configuration as JSON, to keep, to compare, to take into another database. */
#include "config.h"
#include "admin.h"

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

/* Each line through print; lines end with \n. */
static void each_line(const struct buf *lines, void (*print)(const char *line, size_t len, bool first))
{
	for (const char *line = buf_str(lines); *line; line += strcspn(line, "\n") + 1)
		print(line, strcspn(line, "\n"), line == buf_str(lines));
}

static void print_text(const char *line, size_t len, bool first)
{
	(void)first;
	for (size_t i = 0; i < len; i++)
		putchar((unsigned char)line[i] < 0x20 || line[i] == 0x7F ? '?' : line[i]);
	putchar('\n');
}

static void print_string(const char *text, size_t len)
{
	struct buf json = BUF_INIT;
	char *copy = mem_strndup(text, len);

	buf_json(&json, copy);
	printf("\"%s\"", buf_str(&json));
	buf_free(&json);
	free(copy);
}

static void print_change(const char *line, size_t len, bool first)
{
	fputs(first ? "" : ",\n  ", stdout);
	print_string(line, len);
}

static void print_secret(const char *line, size_t len, bool first)
{
	size_t name = strcspn(line, "-"), sub = strcspn(line, " ");

	printf("%s{\"tenant\": ", first ? "" : ",\n  ");
	print_string(line, name);
	printf(", \"sub_id\": %.*s, \"secret\": ", (int)(sub - name - 1), line + name + 1);
	print_string(line + sub + 1, len - sub - 1);
	putchar('}');
}

static void print_report(const struct admin *a, const struct state_report *report, bool dry_run)
{
	if (a->json) {
		printf("{\"dry_run\": %s,\n \"changes\": [", dry_run ? "true" : "false");
		each_line(&report->changes, print_change);
		printf("],\n \"secrets\": [");
		each_line(&report->secrets, print_secret);
		printf("]}\n");
		return;
	}
	each_line(&report->changes, print_text);
	each_line(&report->secrets, print_text);
	printf("%d change%s%s\n", report->count, report->count == 1 ? "" : "s",
		dry_run ? ", none of them made" : "");
}

static int import_state(struct admin *a, struct err *err)
{
	bool dry_run = admin_option(a, "dry-run") != NULL;
	struct state_report report = {0};
	struct buf text = BUF_INIT;
	int rc = read_file(a->args[0], &text, err);

	if (rc == 0)
		rc = state_import(a->db, buf_str(&text), text.len, dry_run, &report, err);
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
