/* SPDX-License-Identifier: ISC */
/* A <recording> of getRecordings (doc/bbb-api, 3.5). */
#include "config.h"
#include "core/recording.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void write_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	buf_xml(out, text);
	buf_printf(out, "</%s>", name);
}

/* What may be the name of an element; metadata came from a node. */
static bool is_name(const char *s)
{
	if (!isalpha((unsigned char)*s))
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '-' && *s != '_')
			return false;
	return true;
}

static void write_metadata(const struct recording *r, struct buf *out)
{
	/* Added by bbb-web to every recording's metadata. */
	const struct {
		const char *name, *value;
	} added[] = {{"meetingId", r->meeting_id}, {"meetingName", r->name}, {"isBreakout", "false"}};
	json_t *meta = json_loads(r->meta, 0, NULL), *value;
	const char *name;

	buf_puts(out, "<metadata>");
	json_object_foreach(meta, name, value)
	{
		bool twice = false;

		for (size_t i = 0; i < ARRAY_SIZE(added); i++)
			twice = twice || strcmp(added[i].name, name) == 0;
		if (!twice && is_name(name) && json_is_string(value))
			write_element(out, name, json_string_value(value));
	}
	for (size_t i = 0; i < ARRAY_SIZE(added); i++)
		write_element(out, added[i].name, added[i].value);
	buf_puts(out, "</metadata>");
	json_decref(meta);
}

static const char *format_text(const json_t *format, size_t i)
{
	const char *text = json_string_value(json_array_get(format, i));

	return text ? text : "";
}

static long long format_number(const json_t *format, size_t i)
{
	return json_integer_value(json_array_get(format, i));
}

/* Slides that platforms show in their lists. */
static void write_previews(const json_t *previews, const char *page, struct buf *out)
{
	json_t *preview;
	size_t i;

	if (json_array_size(previews) == 0)
		return;
	buf_puts(out, "<preview><images>");
	json_array_foreach(previews, i, preview)
	{
		buf_puts(out, "<image width=\"176\" height=\"136\" alt=\"");
		buf_xml(out, format_text(preview, 1));
		buf_puts(out, "\">");
		buf_xml(out, page);
		buf_puts(out, "f/");
		buf_xml(out, format_text(preview, 0));
		buf_puts(out, "</image>");
	}
	buf_puts(out, "</images></preview>");
}

/* A ticket is good for one answer: it is written when the text is sent. */
static void ticket_here(struct recording_text *out, const char *key, const char *nonce)
{
	struct recording_ticket *t;

	out->tickets = mem_realloc(out->tickets, sizeof(*t) * (out->ticket_count + 1));
	t = &out->tickets[out->ticket_count++];
	*t = (struct recording_ticket){out->xml.len, mem_strdup(key), mem_strdup(nonce)};
}

static void write_url(
	const struct recording *r, const char *nonce, const char *address, struct recording_text *out)
{
	buf_puts(&out->xml, "<url>");
	buf_xml(&out->xml, address);
	if (r->ticket_key)
		ticket_here(out, r->ticket_key, nonce);
	buf_puts(&out->xml, "</url>");
}

static void write_format(
	const struct recording *r, const json_t *format, const char *url, struct recording_text *out)
{
	const char *nonce = format_text(format, 1);
	bool player = strcmp(format_text(format, 5), "player") == 0;
	struct buf address = BUF_INIT;

	if (r->ticket_key)
		buf_printf(&address, "%s/b3lb/v/%s/", url, nonce);
	else
		buf_printf(&address, "%s/b3lb/%s/%s%s", url, player ? "p" : "r", nonce, player ? "/" : "");
	buf_puts(&out->xml, "<format>");
	write_element(&out->xml, "type", format_text(format, 0));
	write_url(r, nonce, buf_str(&address), out);
	/* Whole minutes, as bbb-web counts them. */
	buf_printf(&out->xml, "<processingTime>%lld</processingTime><length>%lld</length><size>%lld</size>",
		format_number(format, 4), format_number(format, 2) / 60000, format_number(format, 3));
	/* Pictures need an address that stays. */
	if (!r->ticket_key)
		write_previews(json_array_get(format, 6), buf_str(&address), &out->xml);
	buf_puts(&out->xml, "</format>");
	buf_free(&address);
}

static void write_playback(
	const struct recording *r, const json_t *formats, const char *url, struct recording_text *out)
{
	json_t *format;
	size_t i;

	buf_puts(&out->xml, "<playback>");
	/* bbb-web's word for a recording that nothing can be shown of yet; some clients die of a playback without any
	 * format. */
	if (json_array_size(formats) == 0)
		buf_puts(&out->xml,
			"<format><type>unknown</type><url>unknown</url><processingTime>0</processingTime>"
			"<length>0</length><size>0</size></format>");
	json_array_foreach(formats, i, format) write_format(r, format, url, out);
	buf_puts(&out->xml, "</playback>");
}

void recording_write(const struct recording *r, const char *url, struct recording_text *text)
{
	struct buf *out = &text->xml;
	json_t *formats = r->formats ? json_loads(r->formats, 0, NULL) : NULL, *format;
	long long size = 0;
	size_t i;

	json_array_foreach(formats, i, format) size += format_number(format, 3);
	buf_puts(out, "<recording>");
	write_element(out, "recordID", r->record_id);
	write_element(out, "meetingID", r->meeting_id);
	write_element(out, "internalMeetingID", r->record_id);
	write_element(out, "name", r->name);
	buf_printf(out, "<isBreakout>false</isBreakout><published>%s</published>",
		r->published ? "true" : "false");
	if (r->protection)
		write_element(out, "protected", r->protection);
	write_element(out, "state", r->state);
	buf_printf(out,
		"<startTime>%lld</startTime><endTime>%lld</endTime><participants>%d</"
		"participants><rawSize>%lld</rawSize>",
		r->start_time, r->end_time, r->participants, r->raw_size);
	write_metadata(r, out);
	buf_printf(out, "<size>%lld</size>", size);
	write_playback(r, formats, url, text);
	buf_puts(out, "<data/></recording>");
	json_decref(formats);
}

size_t recording_text_bytes(const struct recording_text *text)
{
	size_t bytes = sizeof(*text) + text->xml.cap;

	for (size_t i = 0; i < text->ticket_count; i++)
		bytes += sizeof(text->tickets[i]) + strlen(text->tickets[i].key) +
			 strlen(text->tickets[i].nonce);
	return bytes;
}

void recording_text_free(struct recording_text *text)
{
	for (size_t i = 0; i < text->ticket_count; i++) {
		free(text->tickets[i].key);
		free(text->tickets[i].nonce);
	}
	free(text->tickets);
	buf_free(&text->xml);
}
