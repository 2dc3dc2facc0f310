/* SPDX-License-Identifier: ISC */
/* Files of a published presentation. */
#include "config.h"
#include "presentation/file.h"

#include <string.h>

#define PRES_ID_MAX 128
#define DIGITS_MAX  5

/*
 * A pattern stands for a whole name: P the presentation's id, N digits, L a locale, W a file's name without a
 * slash or a dot in front; the rest is itself. Capital letters stand nowhere else.
 */
static const struct {
	const char *pattern;
	struct pres_file file;
} files[] = {
	{"shapes.svg", {PRES_FILE_DATA, "image/svg+xml"}},
	{"metadata.xml", {PRES_FILE_DATA, "application/xml"}},
	{"tldraw.json", {PRES_FILE_DATA, "application/json"}},
	{"panzooms.xml", {PRES_FILE_DATA, "application/xml"}},
	{"cursor.xml", {PRES_FILE_DATA, "application/xml"}},
	{"deskshare.xml", {PRES_FILE_DATA, "application/xml"}},
	{"layout.xml", {PRES_FILE_DATA, "application/xml"}},
	{"slides_new.xml", {PRES_FILE_DATA, "application/xml"}},
	{"captions.json", {PRES_FILE_DATA, "application/json"}},
	{"polls.json", {PRES_FILE_DATA, "application/json"}},
	{"presentation_text.json", {PRES_FILE_DATA, "application/json"}},
	{"external_videos.json", {PRES_FILE_DATA, "application/json"}},
	{"presentation/P/slide-N.png", {PRES_FILE_PICTURE, "image/png"}},
	{"presentation/P/svgs/slideN.svg", {PRES_FILE_PICTURE, "image/svg+xml"}},
	{"presentation/P/poll_resultN.svg", {PRES_FILE_PICTURE, "image/svg+xml"}},
	{"presentation/P/poll_resultN.png", {PRES_FILE_PICTURE, "image/png"}},
	{"presentation/deskshare.png", {PRES_FILE_PICTURE, "image/png"}},
	{"presentation/logo.png", {PRES_FILE_PICTURE, "image/png"}},
	{"file-uploads/W.png", {PRES_FILE_PICTURE, "image/png"}},
	{"file-uploads/W.jpg", {PRES_FILE_PICTURE, "image/jpeg"}},
	{"file-uploads/W.jpeg", {PRES_FILE_PICTURE, "image/jpeg"}},
	{"presentation/P/thumbnails/thumb-N.png", {PRES_FILE_THUMB, "image/png"}},
	{"caption_L.vtt", {PRES_FILE_CAPTION, "text/vtt"}},
	{"notes.html", {PRES_FILE_NOTES, "text/html"}},
	{"video/webcams.mp4", {PRES_FILE_MAIN, "video/mp4"}},
	{"video/webcams.webm", {PRES_FILE_MAIN, "video/webm"}},
	{"audio/audio.webm", {PRES_FILE_MAIN, "audio/webm"}},
	{"audio/audio.ogg", {PRES_FILE_MAIN, "audio/ogg"}},
	{"deskshare/deskshare.mp4", {PRES_FILE_SHARE, "video/mp4"}},
	{"deskshare/deskshare.webm", {PRES_FILE_SHARE, "video/webm"}},
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NUMBERS "0123456789"

/* What a capital letter of a pattern takes of a name: bytes, 0 when it does not fit. */
static size_t span_of(char what, const char *s)
{
	static const struct {
		char what;
		const char *set;
		size_t min, max;
	} spans[] = {
		{'P', LETTERS NUMBERS "-", 1, PRES_ID_MAX},
		{'N', NUMBERS, 1, DIGITS_MAX},
		{'L', LETTERS "_-", 2, 20},
		{'W', LETTERS NUMBERS "_-", 1, PRES_ID_MAX},
	};

	for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
		size_t n = spans[i].what == what ? strspn(s, spans[i].set) : 0;

		if (n)
			return n >= spans[i].min && n <= spans[i].max ? n : 0;
	}
	return 0;
}

static bool matches(const char *pattern, const char *name)
{
	while (*pattern) {
		if (strchr("PNLW", *pattern)) {
			size_t n = span_of(*pattern++, name);

			if (!n)
				return false;
			name += n;
		} else if (*pattern++ != *name++) {
			return false;
		}
	}
	return !*name;
}

const struct pres_file *pres_file_of(const char *name)
{
	for (size_t i = 0; strlen(name) <= PRES_NAME_MAX && i < ARRAY_SIZE(files); i++)
		if (matches(files[i].pattern, name))
			return &files[i].file;
	return NULL;
}

char *pres_flat_name(struct arena *a, const char *name)
{
	char *flat = arena_strdup(a, name);

	for (char *s = flat; (s = strchr(s, '/'));)
		*s = '=';
	return flat;
}

/* The directory's own name is presentation/ID or this. */
static bool below_presentation(const char *member, size_t len)
{
	return strncmp(member, "presentation/", 13) == 0 || memmem(member, len, "/presentation/", 14);
}

int pres_prefix_rank(const char *member, size_t *len)
{
	const char *slash = strrchr(member, '/'), *file = slash ? slash + 1 : member;
	bool below;

	*len = (size_t)(file - member);
	below = below_presentation(member, *len);
	if (strcmp(file, "shapes.svg") == 0)
		return below ? 3 : 2;
	return strcmp(file, "metadata.xml") == 0 && below ? 1 : 0;
}
