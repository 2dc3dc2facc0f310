/* SPDX-License-Identifier: ISC */
/* metadata.xml of a recording. */
#include "config.h"
#include "bbb/recording_meta.h"

#include <ctype.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ID_MAX	      128
#define META_NAME_MAX 128

/* Text without the blanks around it, which scripts and people leave. */
static const char *trimmed(struct arena *a, xmlChar *text)
{
	const char *s = text ? (const char *)text : "";
	const char *copy;
	size_t len;

	s += strspn(s, " \t\r\n");
	len = strlen(s);
	while (len && strchr(" \t\r\n", s[len - 1]))
		len--;
	copy = arena_strndup(a, s, len);
	xmlFree(text);
	return copy;
}

static xmlNode *child(const xmlNode *parent, const char *name)
{
	for (xmlNode *n = parent ? parent->children : NULL; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0)
			return n;
	return NULL;
}

static const char *child_text(struct arena *a, const xmlNode *parent, const char *name)
{
	xmlNode *n = child(parent, name);

	return n ? trimmed(a, xmlNodeGetContent(n)) : "";
}

static const char *attribute(struct arena *a, xmlNode *n, const char *name)
{
	return n ? trimmed(a, xmlGetProp(n, (const xmlChar *)name)) : "";
}

/* What is no number of a sane size counts as not said. */
static long long child_number(struct arena *a, const xmlNode *parent, const char *name)
{
	const char *text = child_text(a, parent, name);

	return *text && strlen(text) <= 15 && !text[strspn(text, "0123456789")] ? strtoll(text, NULL, 10) : 0;
}

static bool name_fits(const char *name)
{
	size_t len = strlen(name);

	return len <= META_NAME_MAX && isalpha((unsigned char)*name) &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == len;
}

static void read_meta(struct arena *a, const xmlNode *meta, struct recording_meta *out)
{
	int count = 0;

	for (xmlNode *n = meta ? meta->children : NULL; n; n = n->next)
		count += n->type == XML_ELEMENT_NODE;
	out->meta = arena_alloc(a, sizeof(*out->meta) * (size_t)(count + 1));
	for (xmlNode *n = meta ? meta->children : NULL; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || !name_fits((const char *)n->name))
			continue;
		out->meta[out->meta_count++] = (struct recording_meta_pair){
			.name = arena_strdup(a, (const char *)n->name),
			.value = trimmed(a, xmlNodeGetContent(n)),
		};
	}
}

static int read_recording(struct arena *a, xmlNode *root, struct recording_meta *out, struct err *err)
{
	xmlNode *meeting = child(root, "meeting"), *meta = child(root, "meta");
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
	xmlDoc *xml = len <= RECORDING_META_BYTES_MAX
			      ? xmlReadMemory(data, (int)len, "metadata.xml", NULL,
					XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
			      : NULL;
	xmlNode *root = xml ? xmlDocGetRootElement(xml) : NULL;
	int rc = -1;

	*out = (struct recording_meta){0};
	if (len > RECORDING_META_BYTES_MAX)
		err_set(err, ERR_INVALID, "the metadata is longer than %u bytes", RECORDING_META_BYTES_MAX);
	else if (!root)
		err_set(err, ERR_INVALID, "the metadata is not XML");
	else if (xml->intSubset || xml->extSubset)
		err_set(err, ERR_INVALID, "the metadata has a DOCTYPE");
	else if (strcmp((const char *)root->name, "recording") != 0)
		err_set(err, ERR_INVALID, "the metadata must be a <recording>");
	else
		rc = read_recording(a, root, out, err);
	xmlFreeDoc(xml);
	return rc;
}
