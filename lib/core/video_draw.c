/* SPDX-License-Identifier: ISC */
/* A video drawn of a published presentation. */
#include "config.h"
#include "core/video_draw.h"

#include "presentation/file.h"
#include "presentation/json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMPOSE	      LIBEXECDIR "/b3lb-compose"
#define PLAN_MAX      (4u << 20)
#define ARGUMENTS_MAX 256
#define CAPTIONS_MAX  20
#define SPANS_MAX     500
/* Periods of the share that are nearer than this are one where there are very many. */
#define SPANS_MANY 50
#define NEAR	   1.0
/* Seconds of it before it is shown: the picture that is there then is that of a moment before. */
#define LEAD	 5.0
#define DEMUXERS "mov,matroska,ogg,mp3"

struct span {
	double from, to;
};

struct draw {
	struct arena *a;
	const char *dir;
	const struct record_profile *profile;
	int threads;
	/* the plan of b3lb-compose */
	json_t *plan;
	double duration;
	PRES_LIST(struct span) share, hidden;
	/* media: paths, NULL when there are none */
	const char *main, *screen;
	bool webcams; /* main has pictures and they are wanted */
	int channels; /* of main's sound, 0: not known */
	const char *captions[CAPTIONS_MAX], *locales[CAPTIONS_MAX];
	int caption_count;
	const char *chapters; /* file, NULL: none */
	const char *argv[ARGUMENTS_MAX];
	int argc;
	bool failed; /* too many arguments */
};

static void arg(struct draw *d, const char *text)
{
	if (d->argc + 1 < ARGUMENTS_MAX)
		d->argv[d->argc++] = text;
	else
		d->failed = true;
}

static void args(struct draw *d, const char *const *list)
{
	for (; *list; list++)
		arg(d, *list);
}
#define ARGS(d, ...) args(d, (const char *const[]){__VA_ARGS__, NULL})

static void arg_number(struct draw *d, const char *option, int n)
{
	arg(d, option);
	arg(d, arena_printf(d->a, "%d", n));
}

/* The path of the first that is there and not empty of "a", "b", NULL. */
static const char *media(struct draw *d, const char *const *names)
{
	for (; *names; names++) {
		const char *path = arena_printf(d->a, "%s/%s", d->dir, pres_flat_name(d->a, *names));

		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

static int read_plan(struct draw *d, const struct child_limits *limits, struct err *err)
{
	const char *const argv[] = {COMPOSE, "--plan", d->dir, NULL};
	struct buf text;
	int rc;

	buf_init_max(&text, PLAN_MAX);
	rc = child_run(argv, limits, &text, err);
	if (rc == 0) {
		d->plan = json_loadb(buf_str(&text), text.len, 0, NULL);
		d->duration = json_number_value(json_object_get(d->plan, "duration"));
		if (!(d->duration > 0 && d->duration <= PRES_SECONDS_MAX))
			rc = err_set(err, ERR_INVALID, "the presentation has no duration");
	}
	buf_free(&text);
	return rc;
}

static double at(const json_t *list, size_t i)
{
	return json_number_value(json_array_get(list, i));
}

/* Spans for an expression of ffmpeg, which looks at each for each frame: few of them. */
static int read_spans(struct draw *d, const char *key, bool share, struct err *err)
{
	const json_t *list = json_object_get(d->plan, key), *one;
	bool many = json_array_size(list) > SPANS_MANY;
	struct span *last = NULL;
	int count = 0;
	size_t i;

	json_array_foreach(list, i, one)
	{
		struct span span = {at(one, 0), at(one, 1)};

		if (last && many && span.from - last->to < NEAR) {
			last->to = span.to;
			continue;
		}
		if (++count > SPANS_MAX)
			return err_set(err, ERR_INVALID, "the screen share goes on and off too often");
		last = share ? pres_add(&d->share) : pres_add(&d->hidden);
		*last = span;
	}
	return 0;
}

/* A caption file that is none would stop ffmpeg. */
static bool is_webvtt(const char *path)
{
	FILE *f = fopen(path, "re");
	char head[10] = "";
	size_t n = f ? fread(head, 1, sizeof(head) - 1, f) : 0;

	if (f)
		fclose(f);
	return n >= 6 && strncmp(strncmp(head, "\xEF\xBB\xBF", 3) == 0 ? head + 3 : head, "WEBVTT", 6) == 0;
}

static void read_captions(struct draw *d)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(d->plan, "captions"), i, one)
	{
		const char *locale = json_string_value(json_array_get(one, 0));
		const char *file = json_string_value(json_array_get(one, 1));
		const struct pres_file *known = file ? pres_file_of(file) : NULL;
		const char *path;

		if (!locale || !known || known->kind != PRES_FILE_CAPTION || d->caption_count == CAPTIONS_MAX)
			continue;
		path = arena_printf(d->a, "%s/%s", d->dir, pres_flat_name(d->a, file));
		if (!is_webvtt(path))
			continue;
		d->captions[d->caption_count] = path;
		d->locales[d->caption_count++] = arena_strdup(d->a, locale);
	}
}

/* A file of ffmpeg's own kind with a chapter for each slide. */
static int write_chapters(struct draw *d, struct err *err)
{
	const json_t *list = json_object_get(d->plan, "chapters"), *one;
	const char *path = arena_printf(d->a, "%s/our-chapters", d->dir);
	FILE *f = json_array_size(list) ? fopen(path, "we") : NULL;
	size_t i;

	if (!json_array_size(list))
		return 0;
	if (!f)
		return err_set(err, ERR_AWAY, "could not make a file below render_path: %s", strerror(errno));
	fputs(";FFMETADATA1\n", f);
	json_array_foreach(list, i, one)
	{
		const json_t *next = json_array_get(list, i + 1);
		double from = at(one, 0), to = next ? at(next, 0) : d->duration;

		fprintf(f, "[CHAPTER]\nTIMEBASE=1/1000\nSTART=%.0f\nEND=%.0f\ntitle=Slide %d\n", from * 1000,
			to * 1000, (int)at(one, 1));
	}
	if (fclose(f) != 0)
		return err_set(err, ERR_AWAY, "could not write below render_path: %s", strerror(errno));
	d->chapters = path;
	return 0;
}

/* What media there is; what is cut or broken is said here, by name. */
static int look_at_media(struct draw *d, const struct child_limits *limits, struct err *err)
{
	struct video_facts facts;

	d->main = media(d, pres_main_files);
	d->screen = d->share.count ? media(d, pres_share_files) : NULL;
	if (d->main && video_look(d->main, limits, &facts, err) == -1)
		return -1;
	d->webcams = d->main && facts.type->picture && d->profile->webcams;
	d->channels = d->main ? facts.channels : 0;
	if (d->screen && video_look(d->screen, limits, &facts, err) == -1)
		return -1;
	if (d->screen && !facts.type->picture)
		d->screen = NULL;
	return 0;
}

static void compose_arguments(struct draw *d)
{
	const struct record_profile *p = d->profile;

	ARGS(d, COMPOSE, "--size", arena_printf(d->a, "%dx%d", p->width, p->height));
	arg_number(d, "--fps", p->fps);
	if (!d->webcams)
		arg(d, "--no-webcams");
	if (!p->cursor)
		arg(d, "--no-cursor");
	if (!p->annotations)
		arg(d, "--no-annotations");
	arg(d, d->dir);
}

/* Each is opened as what it may be, and refers to nothing else. */
static void input_arguments(struct draw *d)
{
	ARGS(d, "ffmpeg", "-v", "error", "-nostdin", "-protocol_whitelist", "pipe", "-f", "matroska", "-i",
		"pipe:0");
	if (d->main)
		ARGS(d, "-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-threads", "1", "-i",
			d->main);
	/* Of the share what is shown, which is a part of it as a rule. */
	if (d->screen) {
		double from = fmax(0, d->share.at[0].from - LEAD), to = d->share.at[d->share.count - 1].to;

		/* -t counts in times that -itsoffset has moved. */
		ARGS(d, "-ss", arena_printf(d->a, "%.3f", from), "-t", arena_printf(d->a, "%.3f", to),
			"-itsoffset", arena_printf(d->a, "%.3f", from));
		ARGS(d, "-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-threads", "1", "-i",
			d->screen);
	}
	for (int i = 0; d->profile->captions && i < d->caption_count; i++)
		ARGS(d, "-protocol_whitelist", "file", "-format_whitelist", "webvtt", "-f", "webvtt", "-i",
			d->captions[i]);
	if (d->chapters)
		ARGS(d, "-protocol_whitelist", "file", "-f", "ffmetadata", "-i", d->chapters);
}

/* Frames of spans, those that b3lb-compose draws as such; the one at the end of a span is not in it. */
static void add_enable(struct buf *b, const struct span *spans, int count, int fps)
{
	buf_puts(b, ":enable='");
	for (int i = 0; i < count; i++)
		buf_printf(b, "%sbetween(t,%.3f,%.3f)", i ? "+" : "",
			pres_frame_of(spans[i].from, fps) / fps - 0.002,
			pres_frame_of(spans[i].to, fps) / fps - 0.002);
	buf_puts(b, "'");
}

/* Webcams on the right, or over everything while the presentation is hidden; the share over the slides. */
static const char *filter(struct draw *d)
{
	int w = d->profile->width, h = d->profile->height, content = d->webcams ? w * 3 / 4 & ~1 : w;
	int screen = d->main ? 2 : 1;
	struct buf b = BUF_INIT;
	const char *text;

	buf_printf(&b, "[0:v]fps=%d[p0]", d->profile->fps);
	if (d->screen) {
		buf_printf(&b,
			";[%d:v]scale=%d:%d:force_original_aspect_ratio=decrease:force_divisible_by=2[s]",
			screen, content, h);
		buf_printf(&b, ";[p0][s]overlay=(%d-w)/2:(%d-h)/2:eof_action=repeat", content, h);
		add_enable(&b, d->share.at, d->share.count, d->profile->fps);
		buf_puts(&b, "[p1]");
	}
	if (d->webcams) {
		buf_printf(&b,
			";[1:v]%sscale=%d:%d:force_original_aspect_ratio=decrease:force_divisible_by=2[w]",
			d->hidden.count ? "split[w0][w1];[w0]" : "", w - content, h);
		buf_printf(
			&b, ";[%s][w]overlay=%d:0:eof_action=repeat[p2]", d->screen ? "p1" : "p0", content);
	}
	if (d->webcams && d->hidden.count) {
		buf_printf(&b,
			";[w1]scale=%d:%d:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=%d:%d:-1:-1:white[f]",
			w, h, w, h);
		buf_puts(&b, ";[p2][f]overlay=0:0:eof_action=repeat");
		add_enable(&b, d->hidden.at, d->hidden.count, d->profile->fps);
		buf_puts(&b, "[p3]");
	}
	buf_printf(&b, ";[%s]format=yuv420p[v]",
		d->webcams && d->hidden.count ? "p3"
		: d->webcams		      ? "p2"
					      : "p1");
	text = arena_strdup(d->a, buf_str(&b));
	buf_free(&b);
	return text;
}

static void map_arguments(struct draw *d)
{
	int next = 1 + (d->main != NULL) + (d->screen != NULL);

	ARGS(d, "-filter_complex_threads", "1");
	if (d->webcams || d->screen)
		ARGS(d, "-filter_complex", filter(d), "-map", "[v]");
	else
		ARGS(d, "-map", "0:v", "-fps_mode", "vfr");
	if (d->main)
		ARGS(d, "-map", "1:a:0?");
	for (int i = 0; d->profile->captions && i < d->caption_count; i++) {
		ARGS(d, "-map", arena_printf(d->a, "%d:s", next++));
		ARGS(d, arena_printf(d->a, "-metadata:s:s:%d", i),
			arena_printf(d->a, "language=%s", d->locales[i]),
			arena_printf(d->a, "-disposition:s:%d", i), "0");
	}
	/* Of strangers nothing, but the titles of our chapters. */
	ARGS(d, "-map_metadata:g", "-1", "-map_metadata:s", "-1", "-map_chapters");
	arg(d, d->chapters ? arena_printf(d->a, "%d", next) : "-1");
	ARGS(d, "-t", arena_printf(d->a, "%.3f", d->duration));
}

static void output_arguments(struct draw *d, const char *to)
{
	const struct record_profile *p = d->profile;
	bool webm = strcmp(p->container, "webm") == 0;

	if (webm) {
		ARGS(d, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "0",
			"-b:v", "0");
		ARGS(d, "-c:a", "libopus", "-b:a", "64k", "-c:s", "webvtt");
	} else {
		ARGS(d, "-c:v", "libx264", "-preset", p->speed);
		/* Most of a picture is that of before: what looks further costs a quarter more and finds nothing, but
		 * without mbtree a film has twice the bytes. Who asks for another speed gets what that one does;
		 * veryfast nobody needs to have asked for, it was the default. */
		if (strcmp(p->speed, "superfast") == 0 || strcmp(p->speed, "veryfast") == 0)
			ARGS(d, "-bf", "0", "-x264-params", "weightp=0:mbtree=1:rc-lookahead=5");
		ARGS(d, "-c:a", "aac", "-aac_coder", "fast", "-b:a", d->channels == 1 ? "64k" : "96k");
		ARGS(d, "-c:s", "mov_text", "-movflags", "+faststart");
	}
	arg_number(d, "-crf", p->crf);
	arg_number(d, "-threads:v", d->threads);
	/* Frames may be rare: by time, so that one can seek. */
	ARGS(d, "-force_key_frames", "expr:gte(t,n_forced*10)", "-pix_fmt", "yuv420p", "-colorspace", "bt709",
		"-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv");
	ARGS(d, "-f", webm ? "webm" : "mp4", "-y", to);
}

static int run(
	struct draw *d, const struct child_limits *limits, const char *to, struct buf *said, struct err *err)
{
	compose_arguments(d);
	input_arguments(d);
	map_arguments(d);
	output_arguments(d, to);
	d->argv[d->argc] = NULL;
	if (d->failed)
		return err_set(err, ERR_INVALID, "the presentation has too many captions");
	return child_run(d->argv, limits, said, err);
}

int video_draw(struct arena *a, const char *dir, const struct record_profile *profile, int threads,
	const struct child_limits *limits, const char *to, struct video_facts *facts, struct buf *said,
	struct err *err)
{
	struct draw d = {.a = a, .dir = dir, .profile = profile, .threads = threads};
	int rc = -1;

	if (read_plan(&d, limits, err) == -1 || read_spans(&d, "share", true, err) == -1 ||
		read_spans(&d, "hidden", false, err) == -1 || look_at_media(&d, limits, err) == -1)
		goto out;
	if (!d.main && !json_integer_value(json_object_get(d.plan, "slides"))) {
		rc = 0;
		goto out;
	}
	read_captions(&d);
	if (write_chapters(&d, err) == -1 || run(&d, limits, to, said, err) == -1 ||
		video_look(to, limits, facts, err) == -1)
		goto out;
	rc = facts->duration_ms ? 1 : err_set(err, ERR_INVALID, "the video has no duration");
out:
	json_decref(d.plan);
	free(d.share.at);
	free(d.hidden.at);
	return rc;
}
