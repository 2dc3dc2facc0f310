/* SPDX-License-Identifier: ISC */
/* Subtitles as people upload them, turned into the WebVTT that browsers show. */
#include "config.h"
#include "bbb/subtitle.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ASS_FIELDS_MAX 32

enum { BOLD = 1, ITALIC = 2, UNDERLINED = 4 };
static const char style_letters[] = "biu";

struct cue {
	long long start, end; /* ms */
	size_t at, len;	      /* of its text */
	int order;
};
/* A file on its way. Texts are written one behind the other. */
struct track {
	struct cue *cues;
	int count, room;
	struct buf text;
	size_t from;		/* of the cue that is being written */
	unsigned style, wanted; /* what is open, and what the next character is to have */
	bool visible;
};
/* A part of the file, not ended by a NUL. */
struct span {
	const char *ptr;
	size_t len;
};

static struct span cut_line(struct span *rest)
{
	const char *end = memchr(rest->ptr, '\n', rest->len);
	struct span line = {rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len};
	size_t used = line.len + (end ? 1 : 0);

	rest->ptr += used;
	rest->len -= used;
	return line;
}

static struct span trim(struct span s)
{
	while (s.len && isspace((unsigned char)s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && isspace((unsigned char)s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static bool begins(struct span s, const char *word)
{
	return s.len >= strlen(word) && strncasecmp(s.ptr, word, strlen(word)) == 0;
}

static void set_style(struct track *t, unsigned style)
{
	for (int i = 2; i >= 0; i--)
		if (t->style & 1u << i)
			buf_printf(&t->text, "</%c>", style_letters[i]);
	for (int i = 0; i < 3; i++)
		if (style & 1u << i)
			buf_printf(&t->text, "<%c>", style_letters[i]);
	t->style = style;
}

/* One byte of text. An empty line would end the cue, and what looks like markup or an arrow is none. */
static void put(struct track *t, char c)
{
	if (c == '\n') {
		if (t->text.len > t->from && t->text.ptr[t->text.len - 1] != '\n')
			buf_putc(&t->text, c);
		return;
	}
	if ((unsigned char)c < ' ' && c != '\t')
		return;
	if (t->style != t->wanted)
		set_style(t, t->wanted);
	t->visible = t->visible || !isspace((unsigned char)c);
	if (c == '&')
		buf_puts(&t->text, "&amp;");
	else if (c == '<')
		buf_puts(&t->text, "&lt;");
	else if (c == '>')
		buf_puts(&t->text, "&gt;");
	else
		buf_putc(&t->text, c);
}

static void begin_cue(struct track *t)
{
	t->from = t->text.len;
	t->style = t->wanted = 0;
	t->visible = false;
}

static int end_cue(struct track *t, long long start, long long end, struct err *err)
{
	while (t->text.len > t->from && t->text.ptr[t->text.len - 1] == '\n')
		t->text.len--;
	set_style(t, 0);
	if (t->text.failed)
		return err_set(err, ERR_LIMIT, "as WebVTT it is longer than %u bytes", SUBTITLE_BYTES_MAX);
	if (t->text.len - t->from > SUBTITLE_CUE_MAX)
		return err_set(err, ERR_LIMIT, "the text at second %lld is longer than %d bytes",
			start / 1000, SUBTITLE_CUE_MAX);
	if (!t->visible || end <= start) {
		t->text.len = t->from;
		return 0;
	}
	if (t->count == SUBTITLE_CUES_MAX)
		return err_set(err, ERR_LIMIT, "it has more than %d cues", SUBTITLE_CUES_MAX);
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 256;
		t->cues = mem_realloc(t->cues, sizeof(*t->cues) * (size_t)t->room);
	}
	t->cues[t->count] = (struct cue){start, end, t->from, t->text.len - t->from, t->count};
	t->count++;
	return 0;
}

/* [H:]MM:SS, then a comma or a dot and up to three digits of its fraction. Cuts it off *s: milliseconds, or -1. */
static long long cut_time(struct span *s)
{
	long long part[3] = {0}, fraction = 0, scale = 1000;
	int count = 0, digits;
	size_t i = 0;

	do {
		i += count > 0;
		for (digits = 0; i < s->len && isdigit((unsigned char)s->ptr[i]); i++, digits++)
			part[count] = digits < 5 ? part[count] * 10 + (s->ptr[i] - '0') : 0;
		if (digits < 1 || digits > 4)
			return -1;
	} while (++count < 3 && i < s->len && s->ptr[i] == ':');
	if (count < 2 || part[count - 1] > 59 || part[count - 2] > (count == 3 ? 59 : 9999))
		return -1;
	if (i < s->len && (s->ptr[i] == ',' || s->ptr[i] == '.'))
		for (i++; i < s->len && isdigit((unsigned char)s->ptr[i]); i++)
			fraction += (s->ptr[i] - '0') * (scale /= 10);
	s->ptr += i;
	s->len -= i;
	return (count == 3 ? (part[0] * 60 + part[1]) * 60 + part[2] : part[0] * 60 + part[1]) * 1000 +
	       fraction;
}

static bool has_arrow(struct span line)
{
	return line.len && memmem(line.ptr, line.len, "-->", 3);
}

/* The times of an SRT line with an arrow; what cannot be read is a cue that ends before it begins. */
static void read_times(struct span line, long long *start, long long *end)
{
	const char *arrow = memmem(line.ptr, line.len, "-->", 3);
	struct span from = trim((struct span){line.ptr, (size_t)(arrow - line.ptr)});
	struct span to = trim((struct span){arrow + 3, (size_t)(line.ptr + line.len - arrow - 3)});

	*start = cut_time(&from);
	*end = *start == -1 || from.len ? -1 : cut_time(&to);
	if (*end == -1)
		*start = 0;
}

/* Bytes of the tag that a text begins with: bold, italic and underlined change the style, font goes; 0: none. */
static size_t srt_tag(struct track *t, struct span s)
{
	const char *end = memchr(s.ptr, '>', s.len), *letter;
	struct span name = {s.ptr + 1, end ? (size_t)(end - s.ptr) - 1 : 0};
	bool close = name.len && name.ptr[0] == '/';

	name.ptr += close;
	name.len -= close;
	letter = name.len == 1 ? strchr(style_letters, tolower((unsigned char)name.ptr[0])) : NULL;
	if (letter && *letter && close)
		t->wanted &= ~(1u << (letter - style_letters));
	else if (letter && *letter)
		t->wanted |= 1u << (letter - style_letters);
	else if (!begins(name, "font"))
		return 0;
	return (size_t)(end - s.ptr) + 1;
}

static void put_srt(struct track *t, struct span s)
{
	while (s.len) {
		size_t skip = 0;

		if (s.ptr[0] == '<') {
			skip = srt_tag(t, s);
		} else if (s.len > 1 && s.ptr[0] == '{' && s.ptr[1] == '\\') {
			const char *end = memchr(s.ptr, '}', s.len);

			skip = end ? (size_t)(end - s.ptr) + 1 : 0;
		}
		if (!skip) {
			put(t, s.ptr[0]);
			skip = 1;
		}
		s.ptr += skip;
		s.len -= skip;
	}
}

static bool is_number(struct span line)
{
	line = trim(line);
	for (size_t i = 0; i < line.len; i++)
		if (!isdigit((unsigned char)line.ptr[i]))
			return false;
	return line.len > 0;
}

/* The lines up to the next times, without the number that stands before those. */
static void put_srt_lines(struct track *t, struct span *rest)
{
	bool blank = true;

	while (rest->len) {
		struct span after = *rest, line = cut_line(&after), more = after, next = cut_line(&more);

		if (has_arrow(line) || (blank && is_number(line) && has_arrow(next)))
			return;
		*rest = after;
		blank = trim(line).len == 0;
		put_srt(t, trim(line));
		put(t, '\n');
	}
}

static int read_srt(struct track *t, struct span rest, struct err *err)
{
	long long start, end;
	int rc = 0;

	while (rc == 0 && rest.len) {
		struct span line = cut_line(&rest);

		if (!has_arrow(line))
			continue;
		read_times(line, &start, &end);
		begin_cue(t);
		put_srt_lines(t, &rest);
		rc = end_cue(t, start, end, err);
	}
	return rc;
}

/* What a line of [Events] holds where. */
struct ass_format {
	int start, end, count; /* the last field is the text, commas and all */
};

static void read_format(struct span line, struct ass_format *f)
{
	*f = (struct ass_format){-1, -1, 0};
	while (line.len && f->count < ASS_FIELDS_MAX) {
		const char *comma = memchr(line.ptr, ',', line.len);
		size_t len = comma ? (size_t)(comma - line.ptr) : line.len;
		struct span name = trim((struct span){line.ptr, len});

		if (name.len == 5 && begins(name, "Start"))
			f->start = f->count;
		else if (name.len == 3 && begins(name, "End"))
			f->end = f->count;
		f->count++;
		len += comma ? 1 : 0;
		line.ptr += len;
		line.len -= len;
	}
}

/* The overrides of one block: \b1, \i0, \u, \r, \p1; true: what follows is a drawing. */
static bool ass_overrides(struct track *t, struct span s, bool drawing)
{
	for (size_t i = 0; i + 1 < s.len; i++) {
		const char *letter = strchr(style_letters, s.ptr[i + 1]);
		char value = i + 2 < s.len ? s.ptr[i + 2] : '\0';
		bool ends = !value || value == '\\' || value == '}';

		if (s.ptr[i] != '\\' || !s.ptr[i + 1] || (!ends && !isdigit((unsigned char)value)))
			continue;
		if (s.ptr[i + 1] == 'r')
			t->wanted = 0;
		else if (s.ptr[i + 1] == 'p')
			drawing = !ends && value != '0';
		else if (letter && (ends || value == '0'))
			t->wanted &= ~(1u << (letter - style_letters));
		else if (letter)
			t->wanted |= 1u << (letter - style_letters);
	}
	return drawing;
}

static void put_ass(struct track *t, struct span s)
{
	bool drawing = false;

	for (size_t i = 0; i < s.len; i++) {
		const char *end = s.ptr[i] == '{' ? memchr(s.ptr + i, '}', s.len - i) : NULL;
		char next = s.ptr[i] == '\\' && i + 1 < s.len ? s.ptr[i + 1] : '\0';

		if (end) {
			size_t len = (size_t)(end - s.ptr) - i;

			drawing = ass_overrides(t, (struct span){s.ptr + i, len}, drawing);
			i += len;
		} else if (next == 'N' || next == 'n' || next == 'h') {
			if (next == 'h' && !drawing) {
				put(t, '\xC2');
				put(t, '\xA0');
			} else if (!drawing) {
				put(t, next == 'N' ? '\n' : ' ');
			}
			i++;
		} else if (!drawing) {
			put(t, s.ptr[i]);
		}
	}
}

static int read_dialogue(struct track *t, struct span line, const struct ass_format *f, struct err *err)
{
	long long start = -1, end = -1;

	for (int i = 0; i + 1 < f->count; i++) {
		const char *comma = memchr(line.ptr, ',', line.len);
		struct span field;

		if (!comma)
			return 0;
		field = trim((struct span){line.ptr, (size_t)(comma - line.ptr)});
		if (i == f->start)
			start = cut_time(&field);
		else if (i == f->end)
			end = cut_time(&field);
		line.len -= (size_t)(comma - line.ptr) + 1;
		line.ptr = comma + 1;
	}
	if (start == -1 || end == -1)
		return 0;
	begin_cue(t);
	put_ass(t, trim(line));
	return end_cue(t, start, end, err);
}

static int read_ass(struct track *t, struct span rest, struct err *err)
{
	/* That of both versions of the format when a file does not say. */
	struct ass_format format = {1, 2, 10};
	bool events = false;
	int rc = 0;

	while (rc == 0 && rest.len) {
		struct span line = trim(cut_line(&rest));

		if (line.len && line.ptr[0] == '[')
			events = begins(line, "[Events]");
		else if (events && begins(line, "Format:"))
			read_format((struct span){line.ptr + 7, line.len - 7}, &format);
		else if (events && begins(line, "Dialogue:"))
			rc = read_dialogue(t, (struct span){line.ptr + 9, line.len - 9}, &format, err);
	}
	return rc;
}

static int by_start(const void *x, const void *y)
{
	const struct cue *a = x, *b = y;

	return a->start != b->start ? (a->start < b->start ? -1 : 1) : a->order - b->order;
}

static void write_time(struct buf *out, long long ms)
{
	buf_printf(
		out, "%02lld:%02lld:%02lld.%03lld", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

static int write_cues(struct track *t, struct buf *out, struct err *err)
{
	if (t->count == 0)
		return err_set(err, ERR_INVALID, "there is no text with a begin and an end in it");
	qsort(t->cues, (size_t)t->count, sizeof(*t->cues), by_start);
	buf_puts(out, "WEBVTT\n");
	for (int i = 0; i < t->count; i++) {
		buf_putc(out, '\n');
		write_time(out, t->cues[i].start);
		buf_puts(out, " --> ");
		write_time(out, t->cues[i].end);
		buf_putc(out, '\n');
		buf_add(out, t->text.ptr + t->cues[i].at, t->cues[i].len);
		buf_putc(out, '\n');
	}
	return out->failed
		       ? err_set(err, ERR_LIMIT, "as WebVTT it is longer than %u bytes", SUBTITLE_BYTES_MAX)
		       : 0;
}

static bool is_webvtt(struct span s)
{
	return s.len >= 6 && memcmp(s.ptr, "WEBVTT", 6) == 0 && (s.len == 6 || strchr(" \t\n", s.ptr[6]));
}

/* Its first line that is not empty, or the one behind it, has the times. */
static bool is_srt(struct span rest)
{
	struct span line = cut_line(&rest);

	return has_arrow(line) || (is_number(line) && has_arrow(cut_line(&rest)));
}

int subtitle_convert(const char *data, size_t len, struct buf *out, struct err *err)
{
	struct track t = {0};
	struct buf text = BUF_INIT;
	struct span all, body;
	int rc = 0;

	buf_init_max(out, SUBTITLE_BYTES_MAX);
	buf_init_max(&t.text, SUBTITLE_BYTES_MAX);
	if (len > SUBTITLE_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "the file is longer than %u bytes", SUBTITLE_BYTES_MAX);
	subtitle_decode(data, len, &text);
	all = (struct span){buf_str(&text), text.len};
	body = trim(all);
	if (is_webvtt(all)) {
		buf_add(out, all.ptr, all.len);
		if (out->failed)
			rc = err_set(
				err, ERR_LIMIT, "as UTF-8 it is longer than %u bytes", SUBTITLE_BYTES_MAX);
	} else if (body.len && body.ptr[0] == '[') {
		rc = read_ass(&t, body, err);
	} else if (is_srt(body)) {
		rc = read_srt(&t, body, err);
	} else {
		rc = err_set(err, ERR_INVALID,
			"the file must be WebVTT, SubRip (SRT) or SubStation Alpha (SSA, ASS)");
	}
	if (rc == 0 && !is_webvtt(all))
		rc = write_cues(&t, out, err);
	free(t.cues);
	buf_free(&t.text);
	buf_free(&text);
	return rc;
}
