/* SPDX-License-Identifier: ISC */
/* Video and audio files: what they are (ffprobe), and made fit for playing from a server (ffmpeg). */
#include "config.h"
#include "core/video.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX   (1u << 20)
#define CHANNELS_MAX 64
/* What a file may claim to be: nothing that refers to other files or hosts. */
#define DEMUXERS "mov,matroska,ogg,mp3"

static const struct video_type types[] = {
	{"mov", true, "video/mp4", "mp4", "mp4"},
	{"mov", false, "audio/mp4", "m4a", "mp4"},
	{"matroska", true, "video/webm", "webm", "webm"},
	{"matroska", false, "audio/webm", "webm", "webm"},
	{"ogg", true, "video/ogg", "ogv", "ogg"},
	{"ogg", false, "audio/ogg", "ogg", "ogg"},
	{"mp3", false, "audio/mpeg", "mp3", "mp3"},
};

/* True when the word stands in a comma list. */
static bool list_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, word, len) == 0 && (at[len] == ',' || at[len] == '\0'))
			return true;
	}
	return false;
}

/* Pictures that move; the cover of a sound file is none. */
static bool has_stream(const json_t *streams, const char *kind)
{
	size_t i;
	json_t *s;

	json_array_foreach(streams, i, s)
	{
		const char *type = json_string_value(json_object_get(s, "codec_type"));
		const json_t *cover = json_object_get(json_object_get(s, "disposition"), "attached_pic");

		if (type && strcmp(type, kind) == 0 && !json_integer_value(cover))
			return true;
	}
	return false;
}

/* Of the first sound that says it. */
static int count_channels(const json_t *streams)
{
	size_t i;
	json_t *s;

	json_array_foreach(streams, i, s)
	{
		json_int_t n = json_integer_value(json_object_get(s, "channels"));

		if (n > 0 && n <= CHANNELS_MAX)
			return (int)n;
	}
	return 0;
}

static int read_facts(const struct buf *text, struct video_facts *out, struct err *err)
{
	json_t *root = json_loadb(buf_str(text), text->len, 0, NULL);
	const json_t *format = json_object_get(root, "format"), *streams = json_object_get(root, "streams");
	const char *name = json_string_value(json_object_get(format, "format_name"));
	const char *duration = json_string_value(json_object_get(format, "duration"));
	bool picture = has_stream(streams, "video"), sound = has_stream(streams, "audio");
	double seconds = duration ? strtod(duration, NULL) : 0;

	*out = (struct video_facts){.sound = sound, .channels = count_channels(streams)};
	out->duration_ms = seconds > 0 && seconds < 1e9 ? (long long)(seconds * 1000) : 0;
	for (size_t i = 0; name && (picture || sound) && i < ARRAY_SIZE(types); i++)
		if (list_has(name, types[i].demuxer) && types[i].picture == picture)
			out->type = &types[i];
	json_decref(root);
	if (out->type)
		return 0;
	*out = (struct video_facts){0};
	return err_set(err, ERR_INVALID, "it is no video or audio file that browsers play");
}

int video_look(const char *path, const struct child_limits *limits, struct video_facts *out, struct err *err)
{
	const char *const argv[] = {"ffprobe", "-v", "error", "-protocol_whitelist", "file",
		"-format_whitelist", DEMUXERS, "-show_entries",
		"format=format_name,duration:stream=codec_type,channels:stream_disposition=attached_pic",
		"-of", "json", path, NULL};
	struct buf text;
	int rc;

	*out = (struct video_facts){0};
	buf_init_max(&text, ANSWER_MAX);
	rc = child_run(argv, limits, &text, err);
	if (rc == 0)
		rc = read_facts(&text, out, err);
	buf_free(&text);
	return rc;
}

int video_copy(const char *from, const char *to, const struct child_limits *limits, struct video_facts *after,
	struct err *err)
{
	struct video_facts before;

	if (video_look(from, limits, &before, err) == -1)
		return -1;
	const char *const argv[] = {"ffmpeg", "-v", "error", "-nostdin", "-protocol_whitelist", "file",
		"-format_whitelist", DEMUXERS, "-i", from, "-map", "0:v?", "-map", "0:a?", "-c", "copy",
		"-map_metadata", "-1", "-movflags", "+faststart", "-f", before.type->muxer, "-y", to, NULL};

	if (child_run(argv, limits, NULL, err) == -1)
		return -1;
	if (video_look(to, limits, after, err) == -1)
		return -1;
	if (!after->duration_ms)
		return err_set(err, ERR_INVALID, "the video has no duration");
	return 0;
}
