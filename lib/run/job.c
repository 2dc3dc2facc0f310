/* SPDX-License-Identifier: ISC */
/* main() of a job: rounds at an interval, a line in the ledger for each, one host at a time where that
 * matters. */
#include "config.h"
#include "run/job.h"

#include "run/job_ledger.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/xml.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define JOB_CONNECTIONS 2
#define JOB_TIMEOUT_MS	60000
/* A killed holder blocks the others for so long; a round that takes longer renews nothing and must be safe
 * beside another. */
#define LEASE_SECONDS 600
#define SECONDS_MAX   (366L * 86400)

static atomic_int stop_flag;

static void on_stop(int signal)
{
	stop_flag = signal;
}

static void catch_signals(void)
{
	struct sigaction sa = {.sa_handler = on_stop};

	/* Without SA_RESTART: a sleep or a poll ends at once. */
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Sleeps until clock_ms says so, or until a signal. */
static void sleep_until(long long when)
{
	struct timespec ts = {.tv_sec = when / 1000, .tv_nsec = when % 1000 * 1000000};

	while (!stop_flag && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		continue;
}

static void log_round(const struct job_spec *spec, bool good, long long ms, const char *text)
{
	struct log_line l;

	log_begin(&l, good ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "round");
	log_str(&l, "job", spec->name);
	log_str(&l, "result", good ? "done" : "failed");
	log_int(&l, "ms", ms);
	log_str(&l, "msg", text);
	log_end(&l);
}

/* One round with its ledger entries; 0 done, -1 failed. */
static int run_round(const struct job_spec *spec, const struct job *job, const char *holder_id)
{
	struct arena a = {0};
	struct buf message = BUF_INIT;
	struct err err = {0}, ledger_err = {0};
	const char *holder = NULL;
	long long begin = clock_ms();
	int rc = 0;

	/* A dry run is none: it is in nobody's way, and nobody must take it for one. */
	if (!job->dry_run)
		rc = job_ledger_begin(
			job->db, &a, spec->name, holder_id, spec->exclusive, LEASE_SECONDS, &holder, &err);
	if (rc == 0 && holder) {
		buf_printf(&message, "held by %s", holder);
		printf("b3lb-%s: %s\n", spec->name, buf_str(&message));
	} else if (rc == 0) {
		rc = spec->round(job, &message, &err);
		if (rc == -1)
			buf_printf(&message, "%s%s", message.len ? "; " : "", err.text);
		if (!job->dry_run && job_ledger_end(job->db, spec->name, holder_id, rc == 0,
					     buf_str(&message), &ledger_err) == -1) {
			buf_printf(&message, "; ledger: %s", ledger_err.text);
			rc = -1;
		}
	} else {
		buf_puts(&message, err.text);
	}
	log_round(spec, rc == 0, clock_ms() - begin, buf_str(&message));
	buf_free(&message);
	arena_free(&a);
	return rc;
}

static int repeat(const struct job_spec *spec, const struct job *job, long for_seconds)
{
	char host[256] = "unknown", holder_id[320];
	long long begin = clock_ms(), next = begin;
	int failed = 0;

	gethostname(host, sizeof(host) - 1);
	snprintf(holder_id, sizeof(holder_id), "%s:%ld", host, (long)getpid());
	do {
		sleep_until(next);
		if (stop_flag)
			break;
		if (run_round(spec, job, holder_id) == -1)
			failed = 1;
		next += job->every * 1000LL;
		if (next < clock_ms())
			next = clock_ms();
	} while (job->every && next < begin + for_seconds * 1000LL && !stop_flag);
	return failed ? EXIT_FAILED : EXIT_DONE;
}

/* A whole number of seconds; -1 and a message when it is none. */
static long parse_seconds(const struct program *p, const struct program_option *o)
{
	char *end = NULL;
	long n;

	if (!o->given)
		return 0;
	errno = 0;
	n = strtol(o->given, &end, 10);
	if (errno || end == o->given || *end || n < 1 || n > SECONDS_MAX) {
		fprintf(stderr, "%s: --%s must be a whole number of seconds from 1 to %ld\n", p->name,
			o->name, SECONDS_MAX);
		return -1;
	}
	return n;
}

int job_main(const struct job_spec *spec, int argc, char **argv)
{
	struct program_option options[] = {
		{"every", "SECONDS", "repeat rounds at this interval (with --for)", NULL},
		{"for", "SECONDS", "for so long (with --every)", NULL},
		{spec->force ? "force" : NULL, NULL, spec->force, NULL},
		{spec->has_dry_run ? "dry-run" : NULL, NULL, "say what would be done, change nothing", NULL},
		{NULL, NULL, NULL, NULL},
	};
	char name[64];
	struct program program = {.name = name, .purpose = spec->purpose, .options = options};
	struct job job = {.stop = &stop_flag};
	long every, for_seconds;
	int status;

	snprintf(name, sizeof(name), "b3lb-%s", spec->name);
	status = program_begin(&program, argc, argv);
	if (status >= 0)
		return status;
	every = parse_seconds(&program, &options[0]);
	for_seconds = parse_seconds(&program, &options[1]);
	if (every < 0 || for_seconds < 0) {
		program_end(&program);
		return EXIT_USAGE;
	}
	if (!every != !for_seconds) {
		fprintf(stderr, "%s: --every and --for go together\n", name);
		program_end(&program);
		return EXIT_USAGE;
	}
	catch_signals();
	xml_init();
	job.conf = &program.conf;
	job.every = (int)every;
	job.config = program.config;
	job.force = options[2].given;
	job.dry_run = options[3].given;
	job.upstream = upstream_open(&program.conf);
	job.store = store_open(&program.conf);
	job.db = db_open(&program.conf, name, JOB_CONNECTIONS, JOB_TIMEOUT_MS);
	status = repeat(spec, &job, for_seconds);
	db_close(job.db);
	store_close(job.store);
	upstream_close(job.upstream);
	program_end(&program);
	return status;
}
