/* SPDX-License-Identifier: ISC */
/* b3lb-check: the doctor of b3lb-admin check every quarter of an hour; what he finds is kept. */
#include "config.h"
#include "run/job.h"
#include "core/finding.h"
#include "doctor/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The timer runs more often: somebody may have asked for it. */
#define EVERY_S 900

/* What was said so far: a line for each subject, the worst level, and all that was said at it. */
struct ward {
	struct arena *arena;
	struct finding *list;
	int count, room;
};

/* "ok" is below "warning" is below "error". */
static bool is_worse(const char *level, enum report_level than)
{
	return strcmp(level, report_levels[than]) != 0 &&
	       (strcmp(level, report_levels[REPORT_ERROR]) == 0 || than == REPORT_OK);
}

static void note(struct report *r, enum report_level level, const char *subject, const char *message)
{
	struct ward *w = r->to;
	struct finding *f = w->list;

	while (f < w->list + w->count && strcmp(f->subject, subject) != 0)
		f++;
	if (f == w->list + w->count) {
		if (w->count == w->room) {
			w->room = w->room ? 2 * w->room : 64;
			w->list = mem_realloc(w->list, sizeof(*w->list) * (size_t)w->room);
		}
		f = &w->list[w->count++];
		*f = (struct finding){arena_strdup(w->arena, subject), report_levels[level],
			arena_strdup(w->arena, message)};
	} else if (strcmp(f->level, report_levels[level]) == 0) {
		f->message = arena_printf(w->arena, "%s; %s", f->message, message);
	} else if (!is_worse(f->level, level)) {
		f->level = report_levels[level];
		f->message = arena_strdup(w->arena, message);
	}
}

static int examine(const struct job *job, const char *host, struct buf *message, struct err *err)
{
	struct doctor d = {
		.conf = job->conf, .config = job->config, .db = job->db, .as_job = true, .stop = job->stop};
	struct ward ward = {.arena = &d.arena};
	struct report report = {.say = note, .to = &ward};
	int rc = 0;

	d.report = &report;
	doctor_examine(&d);
	/* Of what was not looked at nothing is known. */
	if (!*job->stop)
		rc = finding_write(job->db, host, ward.list, ward.count, err);
	buf_printf(message, "%d things, %d errors, %d warnings", ward.count, report.count[REPORT_ERROR],
		report.count[REPORT_WARNING]);
	free(ward.list);
	arena_free(&d.arena);
	return rc;
}

static int round_check(const struct job *job, struct buf *message, struct err *err)
{
	char host[256] = "unknown";
	bool due = true;

	gethostname(host, sizeof(host) - 1);
	if (!job->force && finding_is_due(job->db, host, EVERY_S, &due, err) == -1)
		return -1;
	if (due)
		return examine(job, host, message, err);
	buf_printf(message, "looked less than %d minutes ago", EVERY_S / 60);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "check",
		.purpose = "looks at everything that must work together, and keeps what it finds",
		.force = "also when it has looked a moment ago",
		.round = round_check,
	};

	return job_main(&spec, argc, argv);
}
