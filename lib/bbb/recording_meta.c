/* SPDX-License-Identifier: ISC */
/* metadata.xml of a recording. */
#include "config.h"
#include "bbb/recording_meta.h"

#include "base/buf.h"
#include "base/xml.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ID_MAX 128

/* Text without the blanks around it, which scripts and people leave. */
static const char *trimmed(struct arena *a, const char *text)
{
	const char *s = text ? text : "";
	size_t len;

	s += strspn(s, " \t\r\n");
	len = strlen(s);
	while (len && strchr(" \t\r\n", s[len - 1]))
		len--;
	return arena_strndup(a, s, len);
}

static const char *child_text(struct arena *a, const struct xml_node *parent, const char *name)
{
	return trimmed(a, xml_text(a, xml_child(parent, name)));
}

static const char *attribute(struct arena *a, const struct xml_node *n, const char *name)
{
	return trimmed(a, xml_attribute(a, n, name));
}

/* What is no number of a sane size counts as not said. */
static long long child_number(struct arena *a, const struct xml_node *parent, const char *name)
{
	const char *text = child_text(a, parent, name);

	return text_is_number(text, 15) ? strtoll(text, NULL, 10) : 0;
}

static bool name_fits(const char *name)
{
	return isalpha((unsigned char)*name) &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")];
}

static void read_meta(struct arena *a, const struct xml_node *meta, struct recording_meta *out)
{
	int count = 0;

	for (const struct xml_node *n = xml_child(meta, NULL); n; n = xml_next(n, NULL))
		count++;
	out->meta = arena_alloc(a, sizeof(*out->meta) * (size_t)(count + 1));
	for (const struct xml_node *n = xml_child(meta, NULL); n; n = xml_next(n, NULL)) {
		if (!name_fits(xml_name(n)))
			continue;
		out->meta[out->meta_count++] = (struct recording_meta_pair){
			.name = arena_strdup(a, xml_name(n)),
			.value = trimmed(a, xml_text(a, n)),
		};
	}
}

static int read_recording(
	struct arena *a, const struct xml_node *root, struct recording_meta *out, struct err *err)
{
	const struct xml_node *meeting = xml_child(root, "meeting"), *meta = xml_child(root, "meta");
	long long participants = child_number(a, root, "participants");

	out->id = child_text(a, root, "id");
	if (!*out->id || strlen(out->id) > ID_MAX ||
		out->id[strspn(out->id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")])
		return err_set(err, ERR_INVALID, "the metadata's <id> must be a record id");
	/* Old files have no <meeting>. */
	out->external_id = attribute(a, meeting, "externalId");
	if (!*out->external_id)
		out->external_id = child_text(a, meta, "meetingId");
	out->name = attribute(a, meeting, "name");
	if (!*out->name)
		out->name = child_text(a, meta, "meetingName");
	out->breakout = strcasecmp(attribute(a, meeting, "breakout"), "true") == 0 ||
			strcasecmp(child_text(a, meta, "isBreakout"), "true") == 0;
	out->published = strcasecmp(child_text(a, root, "published"), "false") != 0;
	out->start_time = child_number(a, root, "start_time");
	out->end_time = child_number(a, root, "end_time");
	out->raw_size = child_number(a, root, "raw_size");
	out->participants = participants <= INT_MAX ? (int)participants : 0;
	read_meta(a, meta, out);
	return 0;
}

int recording_meta_parse(
	struct arena *a, const char *data, size_t len, struct recording_meta *out, struct err *err)
{
	struct xml *doc = NULL;
	int rc = -1;

	*out = (struct recording_meta){0};
	if (len > RECORDING_META_BYTES_MAX)
		err_set(err, ERR_INVALID, "the metadata is longer than %u bytes", RECORDING_META_BYTES_MAX);
	else if ((doc = xml_parse(data, len, "the metadata", false, err)) &&
		 strcmp(xml_name(xml_root(doc)), "recording") != 0)
		err_set(err, ERR_INVALID, "the metadata must be a <recording>");
	else if (doc)
		rc = read_recording(a, xml_root(doc), out, err);
	xml_free(doc);
	return rc;
}
