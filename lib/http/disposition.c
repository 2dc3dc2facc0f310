/* SPDX-License-Identifier: ISC */
/* Content-Disposition: shown or saved, and under which name (RFC 6266, RFC 8187). */
#include "config.h"
#include "http/disposition.h"

#include <string.h>

/* With an extension below the 255 bytes of common file systems. */
#define NAME_MAX_BYTES 150

/* Marks that turn text around: with them "gpm.exe" could be shown as "exe.mpg". */
static bool turns_text(unsigned cp)
{
	return cp == 0x061C || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2066 && cp <= 0x2069);
}

/* Controls, what separates paths, what Windows forbids. */
static bool is_forbidden(unsigned cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || (cp < 0x80 && strchr("/\\:*?\"<>|", (int)cp));
}

/* A name that every file system takes. */
static void write_name(struct buf *out, const char *name)
{
	size_t start = out->len, len;
	unsigned cp;

	for (; *name; name += len) {
		len = utf8_decode(name, &cp);
		if (!len) {
			len = 1;
			cp = '/';
		}
		if (out->len - start + len > NAME_MAX_BYTES)
			break;
		if (turns_text(cp) || (out->len == start && (cp == ' ' || cp == '.')))
			continue;
		if (is_forbidden(cp))
			buf_putc(out, '_');
		else
			buf_add(out, name, len);
	}
	/* Windows drops them, and would take what stands before for the extension. */
	while (out->len > start && strchr(" .", out->ptr[out->len - 1]))
		out->ptr[--out->len] = '\0';
	if (out->len == start)
		buf_puts(out, "recording");
}

/* For who does not know filename*: ASCII without '%', which some decode (RFC 6266, appendix D). */
static void write_fallback(struct buf *out, const char *name)
{
	unsigned cp;

	for (; *name; name += utf8_decode(name, &cp)) {
		bool plain = (unsigned char)*name < 0x80 && *name != '%';

		buf_putc(out, plain ? *name : '_');
	}
}

void disposition_write(struct buf *out, bool attachment, const char *name, const char *extension)
{
	struct buf full = BUF_INIT, fallback = BUF_INIT;

	write_name(&full, name);
	buf_printf(&full, ".%s", extension);
	write_fallback(&fallback, buf_str(&full));
	buf_printf(out, "%s; filename=\"%s\"", attachment ? "attachment" : "inline", buf_str(&fallback));
	if (strcmp(buf_str(&full), buf_str(&fallback)) != 0) {
		buf_puts(out, "; filename*=UTF-8''");
		buf_url(out, full.ptr, full.len);
	}
	buf_free(&full);
	buf_free(&fallback);
}
