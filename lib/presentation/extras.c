/* SPDX-License-Identifier: ISC */
/* The small files beside a presentation: metadata.xml, captions.json, polls.json, presentation_text.json,
 * external_videos.json. */
#include "config.h"
#include "presentation/file.h"
#include "presentation/parse.h"
#include "presentation/read.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#define TITLE_MAX   1024
#define LOCALE_MAX  20
#define ANSWERS_MAX 100
#define TEXTS_MAX   10000

struct metadata {
	struct pres *p;
	bool in_playback, in_duration;
	struct buf duration;
};

static void metadata_start(void *ctx, const char *name, const struct pres_attrs *attrs)
{
	struct metadata *m = ctx;
	const char *title = strcmp(name, "meeting") == 0 ? pres_attr(attrs, "name") : NULL;

	if (title && !m->p->title)
		m->p->title = arena_strndup(&m->p->arena, title, utf8_prefix(title, TITLE_MAX));
	m->in_playback = m->in_playback || strcmp(name, "playback") == 0;
	m->in_duration = m->in_playback && strcmp(name, "duration") == 0 && !m->duration.len;
}

static void metadata_text(void *ctx, const char *text, size_t len)
{
	struct metadata *m = ctx;

	if (m->in_duration && len <= 32)
		buf_add(&m->duration, text, len);
}

static void metadata_end(void *ctx, const char *name)
{
	struct metadata *m = ctx;

	m->in_duration = false;
	m->in_playback = m->in_playback && strcmp(name, "playback") != 0;
}

int pres_read_metadata(struct pres *p, int fd)
{
	static const struct pres_xml xml = {metadata_start, metadata_text, metadata_end};
	struct metadata m = {.p = p};
	int rc = pres_xml_read(fd, &xml, &m);
	const char *end;
	double ms;

	if (rc == 0 && pres_number(buf_str(&m.duration), &end, &ms) && ms > 0)
		p->duration = fmin(ms / 1000, PRES_SECONDS_MAX);
	buf_free(&m.duration);
	return rc;
}

int pres_read_captions(struct pres *p, int fd)
{
	json_t *root = pres_json_read(fd), *one;
	int rc = json_is_array(root) ? 0 : -1;
	size_t i;

	json_array_foreach(root, i, one)
	{
		const char *locale = pres_json_text(one, "locale", ""), *file;
		const char *name = pres_json_text(one, "localeName", locale);

		if (strlen(locale) > LOCALE_MAX || p->captions.count >= 100)
			continue;
		file = arena_printf(&p->arena, "caption_%s.vtt", locale);
		if (pres_has(p, file))
			*pres_add(&p->captions) = (struct pres_caption){arena_strdup(&p->arena, locale),
				arena_strndup(&p->arena, name, utf8_prefix(name, 256)), file};
	}
	json_decref(root);
	return rc;
}

/* Entries of a list that stand behind the end were not seen. */
static double entry_time(const struct pres *p, const json_t *entry)
{
	double t = pres_json_number(entry, "timestamp", -1);

	return t > p->duration ? -1 : t;
}

static int whole_number(const json_t *o, const char *key)
{
	double n = pres_json_number(o, key, 0);

	return n > 0 && n < INT_MAX ? (int)n : 0;
}

int pres_read_polls(struct pres *p, int fd)
{
	json_t *root = pres_json_read(fd), *one, *answer;
	int rc = json_is_array(root) ? 0 : -1;
	size_t i, k;

	json_array_foreach(root, i, one)
	{
		struct pres_poll *poll;
		double t = entry_time(p, one);

		if (t < 0 || p->polls.count >= PRES_ENTRIES_MAX)
			continue;
		poll = pres_add(&p->polls);
		poll->t = t;
		poll->type = arena_strdup(&p->arena, pres_json_text(one, "type", ""));
		poll->question = arena_strdup(&p->arena, pres_json_text(one, "question", ""));
		poll->responders = whole_number(one, "responders");
		poll->respondents = whole_number(one, "respondents");
		json_array_foreach(json_object_get(one, "answers"), k, answer)
		{
			if (k < ANSWERS_MAX)
				*pres_add(&poll->answers) = (struct pres_answer){
					arena_strdup(&p->arena, pres_json_text(answer, "key", "")),
					whole_number(answer, "numVotes")};
		}
	}
	json_decref(root);
	return rc;
}

int pres_read_texts(struct pres *p, int fd)
{
	json_t *root = pres_json_read(fd), *deck, *text;
	int rc = json_is_object(root) ? 0 : -1;
	const char *id, *slide;

	json_object_foreach(root, id, deck)
	{
		json_object_foreach(deck, slide, text)
		{
			const char *s = json_string_value(text);

			if (!s || p->texts.count >= TEXTS_MAX)
				continue;
			*pres_add(&p->texts) = (struct pres_text){arena_printf(&p->arena, "%s/%s", id, slide),
				arena_strndup(&p->arena, s, utf8_prefix(s, PRES_TEXT_MAX))};
		}
	}
	json_decref(root);
	return rc;
}

int pres_read_videos(struct pres *p, int fd)
{
	json_t *root = pres_json_read(fd), *one;
	int rc = json_is_array(root) ? 0 : -1;
	size_t i;

	json_array_foreach(root, i, one)
	{
		const char *url = pres_json_text(one, "external_video_url", "");
		double t = entry_time(p, one);

		/* The player makes a link of it. */
		if (t < 0 || p->videos.count >= PRES_ENTRIES_MAX || strlen(url) > 2048 ||
			(strncasecmp(url, "https://", 8) != 0 && strncasecmp(url, "http://", 7) != 0))
			continue;
		*pres_add(&p->videos) = (struct pres_video){t, arena_strdup(&p->arena, url)};
	}
	json_decref(root);
	return rc;
}
