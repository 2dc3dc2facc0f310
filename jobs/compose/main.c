/* SPDX-License-Identifier: ISC */
/* b3lb-compose: draws a published presentation as raw video, or writes what a player or ffmpeg needs to know of it. */
#include "config.h"
#include "compose.h"

#include "presentation/read.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIDE_MIN 320
#define SIDE_MAX 3840
#define FPS_MAX	 60

enum mode { FILM, TIMELINE, PLAN, HELP, SAY_VERSION };

static void help(FILE *to)
{
	fputs("usage: b3lb-compose [OPTION...] DIRECTORY [PROGRAM ARGUMENT...]\n"
	      "  --timeline        writes the timeline as JSON for a player\n"
	      "  --plan            writes what a video needs to know of it as JSON\n"
	      "  --size WxH        size of the pictures, even numbers from 320 to 3840 (1280x720)\n"
	      "  --fps N           pictures a second, 1 to 60 (15)\n"
	      "  --no-webcams      leaves no room for webcams\n"
	      "  --no-annotations  draws slides alone\n"
	      "  --no-cursor       does not draw the pointer\n"
	      "  --config FILE     is taken as by every program, and not read: there is nothing to configure\n"
	      "  --verbose         says on the standard error which presentation it has read\n"
	      "  --help            prints this\n"
	      "  --version         prints the version\n",
		to);
}

static int usage(const char *what)
{
	fprintf(stderr, "b3lb-compose: %s\n", what);
	help(stderr);
	return 2;
}

static bool even_side(int n)
{
	return n >= SIDE_MIN && n <= SIDE_MAX && n % 2 == 0;
}

static const struct option options[] = {
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{"verbose", no_argument, NULL, 'v'},
	{"config", required_argument, NULL, 'C'},
	{"timeline", no_argument, NULL, 't'},
	{"plan", no_argument, NULL, 'p'},
	{"size", required_argument, NULL, 's'},
	{"fps", required_argument, NULL, 'f'},
	{"no-webcams", no_argument, NULL, 'w'},
	{"no-annotations", no_argument, NULL, 'a'},
	{"no-cursor", no_argument, NULL, 'c'},
	{NULL, 0, NULL, 0},
};

/* NULL, or what is wrong with the options. */
static const char *read_options(
	int argc, char **argv, enum mode *mode, bool *verbose, struct compose_options *o)
{
	char end;
	int c;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (c) {
		case 'h':
			*mode = HELP;
			return NULL;
		case 'V':
			*mode = SAY_VERSION;
			return NULL;
		case 'v':
			*verbose = true;
			break;
		case 'C':
			break;
		case 't':
			*mode = TIMELINE;
			break;
		case 'p':
			*mode = PLAN;
			break;
		case 's':
			if (sscanf(optarg, "%dx%d%c", &o->width, &o->height, &end) != 2 ||
				!even_side(o->width) || !even_side(o->height))
				return "--size must be two even numbers from 320 to 3840";
			break;
		case 'f':
			if (sscanf(optarg, "%d%c", &o->fps, &end) != 1 || o->fps < 1 || o->fps > FPS_MAX)
				return "--fps must be a number from 1 to 60";
			break;
		case 'w':
			o->webcams = false;
			break;
		case 'a':
			o->annotations = false;
			break;
		case 'c':
			o->cursor = false;
			break;
		default:
			return "what is asked for is not known";
		}
	}
	if (argc == optind)
		return "a directory must be named";
	return *mode == FILM || argc - optind == 1 ? NULL : "a program takes pictures alone";
}

static int write_text(const struct buf *out, struct err *err)
{
	if (out->failed || fwrite(out->ptr, 1, out->len, stdout) != out->len || fflush(stdout) != 0)
		return err_set(err, ERR_AWAY, "could not write: %s", strerror(errno));
	return 0;
}

static int run(struct pres *p, enum mode mode, const struct compose_options *o, int fd, struct err *err)
{
	struct text_maker *text = NULL;
	struct buf out = BUF_INIT;
	int rc;

	if (mode == FILM)
		return states_play(p, o, fd, fd == STDOUT_FILENO ? stderr : stdout, err);
	if (mode == PLAN) {
		plan_write(p, &out);
	} else {
		text = text_maker_new();
		pres_write_json(p, text_lines, text, &out);
		text_maker_free(text);
	}
	rc = write_text(&out, err);
	buf_free(&out);
	return rc;
}

int main(int argc, char **argv)
{
	struct compose_options o = {.width = 1280,
		.height = 720,
		.fps = 15,
		.webcams = true,
		.annotations = true,
		.cursor = true};
	enum mode mode = FILM;
	struct pres p = {0};
	struct consumer consumer = {.fd = STDOUT_FILENO};
	struct err err = {0}, later = {0};
	bool verbose = false;
	const char *wrong = read_options(argc, argv, &mode, &verbose, &o);
	int rc;

	if (wrong)
		return usage(wrong);
	if (mode == HELP) {
		help(stdout);
		return 0;
	}
	if (mode == SAY_VERSION) {
		printf("b3lb-compose %s\n", PACKAGE_VERSION);
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	if (argv[optind + 1] && consumer_start(argv + optind + 1, &consumer, &err) == -1) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	sandbox_enter(argv[optind]);
	rc = pres_read(&p, argv[optind], &err);
	if (rc == 0 && verbose)
		fprintf(stderr, "b3lb-compose: %s: read\n", argv[optind]);
	if (rc == 0)
		rc = run(&p, mode, &o, consumer.fd, &err);
	if (consumer.pid && consumer_wait(&consumer, rc == 0 ? &err : &later) == -1 && rc == 0)
		rc = -1;
	if (rc == -1)
		fprintf(stderr, "%s\n", err.text);
	pres_free(&p);
	return rc == -1 ? 1 : 0;
}
