/* SPDX-License-Identifier: ISC */
/* b3lb-admin status: nodes, load, meetings, jobs and when each last ran. */
#include "config.h"
#include "admin.h"
#include "json.h"

#include "core/node.h"
#include "core/status.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WATCH_SECONDS 5
#define WATCH_MAX     3600

static const struct admin_option options[] = {
	{"watch", ADMIN_SWITCH, false, NULL,
		"Again and again until it is stopped, every five seconds or as often as SECONDS says."},
	{.name = NULL},
};

static int show(struct admin *a, struct err *err)
{
	struct db_result *totals = NULL, *nodes = NULL, *jobs = NULL;
	int rc = -1;

	if (status_totals(a->db, &totals, err) == -1 || node_list(a->db, &nodes, err) == -1 ||
		status_jobs(a->db, &jobs, err) == -1)
		goto out;
	if (a->json) {
		admin_json_print(json_pack("{s:o, s:o, s:o}", "totals", admin_json_rows(totals, true),
			"nodes", admin_json_rows(nodes, false), "jobs", admin_json_rows(jobs, false)));
	} else {
		admin_print(a, totals, true);
		printf("\n");
		admin_print(a, nodes, false);
		printf("\n");
		admin_print(a, jobs, false);
		totals = nodes = jobs = NULL;
	}
	rc = 0;
out:
	db_free(totals);
	db_free(nodes);
	db_free(jobs);
	return rc;
}

/* Blocked, so that the signal comes only where it is waited for: no round is cut in the middle. */
static void hold_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigprocmask(SIG_BLOCK, set, NULL);
}

/* On a terminal each round takes the place of the last one. */
static int watch(struct admin *a, int seconds, struct err *err)
{
	const struct timespec pause = {.tv_sec = seconds};
	bool terminal = isatty(STDOUT_FILENO);
	sigset_t set;
	int rc;

	hold_signals(&set);
	do {
		char now[64] = "";
		time_t t = time(NULL);
		struct tm tm;

		if (terminal)
			fputs("\033[H\033[2J", stdout);
		if (!a->json && localtime_r(&t, &tm) && strftime(now, sizeof(now), "%F %T", &tm))
			printf("%s%s\n\n", now, terminal ? ", Ctrl-C ends it" : "");
		rc = show(a, err);
		/* A database that is away for a while ends nothing. */
		if (rc == -1 && err->kind == ERR_AWAY) {
			if (a->json)
				admin_json_print(json_pack("{s:o}", "error", admin_json_text(err->text)));
			else
				printf("%s\n", err->text);
			rc = 0;
		}
		if (!terminal && !a->json)
			putchar('\n');
		arena_reset(&a->arena);
	} while (rc == 0 && fflush(stdout) == 0 && sigtimedwait(&set, NULL, &pause) == -1);
	return rc;
}

static int status(struct admin *a, struct err *err)
{
	int seconds = a->arg_count ? atoi(a->args[0]) : WATCH_SECONDS;

	if (!admin_option(a, "watch"))
		return a->arg_count ? err_set(err, ERR_INVALID, "SECONDS is for --watch") : show(a, err);
	if (seconds < 1 || seconds > WATCH_MAX)
		return err_set(err, ERR_INVALID, "SECONDS must be from 1 to %d", WATCH_MAX);
	return watch(a, seconds, err);
}

const struct admin_command admin_status_commands[] = {
	{"status", "", "[SECONDS]", 0, 1, options, false, false, status,
		"Shows nodes, load, meetings, jobs and when each last ran.", "b3lb-admin status --watch 2"},
	{.object = NULL},
};
