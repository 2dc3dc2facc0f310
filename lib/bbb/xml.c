/* SPDX-License-Identifier: ISC */
/* XML of the BBB API: answers of nodes read, changed and written. */
#include "config.h"
#include "bbb/xml.h"

#include "base/xml_tree.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct bbbxml {
	struct xml *xml;
	xmlDoc *doc; /* behind xml */
	xmlNode *root;
};

static xmlNode *child_named(const xmlNode *parent, const char *name)
{
	for (xmlNode *n = parent->children; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0)
			return n;
	return NULL;
}

/* The text of a child, with its memory from the arena; NULL without that child. */
static char *child_text(const xmlNode *parent, struct arena *a, const char *name)
{
	xmlNode *n = child_named(parent, name);
	xmlChar *text;
	char *copy;

	if (!n)
		return NULL;
	text = xmlNodeGetContent(n);
	copy = arena_strdup(a, text ? (const char *)text : "");
	xmlFree(text);
	return copy;
}

struct bbbxml *bbbxml_parse(const char *data, size_t len, struct err *err)
{
	/* A name that a user gave may hold what XML forbids, and bbb-web writes it as it is: it must not hide a
	 * whole node. */
	struct xml *xml = xml_parse(data, len, "the answer", true, err);
	struct bbbxml *doc;
	xmlDoc *tree;

	if (!xml) {
		err->kind = ERR_AWAY;
		return NULL;
	}
	tree = xml_tree(xml);
	doc = mem_alloc(sizeof(*doc));
	*doc = (struct bbbxml){xml, tree, xmlDocGetRootElement(tree)};
	if (strcmp((const char *)doc->root->name, "response") != 0 || !child_named(doc->root, "returncode")) {
		err_set(err, ERR_AWAY, "the answer is not a BBB response");
		bbbxml_free(doc);
		return NULL;
	}
	/* Without this attribute values would be written as numbers. */
	xmlFree((xmlChar *)(uintptr_t)tree->encoding);
	tree->encoding = xmlStrdup((const xmlChar *)"UTF-8");
	return doc;
}

void bbbxml_free(struct bbbxml *doc)
{
	if (!doc)
		return;
	xml_free(doc->xml);
	free(doc);
}

char *bbbxml_text(const struct bbbxml *doc, struct arena *a, const char *name)
{
	return child_text(doc->root, a, name);
}

bool bbbxml_success(const struct bbbxml *doc)
{
	struct arena a = {0};
	const char *code = child_text(doc->root, &a, "returncode");
	bool ok = code && strcmp(code, "SUCCESS") == 0;

	arena_free(&a);
	return ok;
}

/* Replaces in one text or attribute-value node. */
static void replace_in_text(xmlNode *n, const char *from, const char *to)
{
	const char *text = (const char *)n->content, *hit;
	struct buf out = BUF_INIT;

	if (!text || !(hit = strstr(text, from)))
		return;
	for (; hit; hit = strstr(text, from)) {
		buf_add(&out, text, (size_t)(hit - text));
		buf_xml_chars(&out, to, strlen(to));
		text = hit + strlen(from);
	}
	buf_puts(&out, text);
	xmlNodeSetContentLen(n, NULL, 0);
	xmlNodeAddContentLen(n, (const xmlChar *)out.ptr, (int)out.len);
	buf_free(&out);
}

static void replace_in(xmlNode *n, const char *from, const char *to)
{
	for (; n; n = n->next) {
		if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) {
			replace_in_text(n, from, to);
		} else if (n->type == XML_ELEMENT_NODE) {
			for (xmlAttr *attr = n->properties; attr; attr = attr->next)
				replace_in(attr->children, from, to);
			replace_in(n->children, from, to);
		}
	}
}

void bbbxml_replace(struct bbbxml *doc, const char *from, const char *to)
{
	replace_in(doc->root->children, from, to);
}

static void node_write(xmlDoc *doc, xmlNode *n, struct buf *out)
{
	xmlBuffer *b = xmlBufferCreate();
	xmlOutputBuffer *o = b ? xmlOutputBufferCreateBuffer(b, NULL) : NULL;

	if (o) {
		/* Named, so that text comes out as UTF-8 and not as numbers. */
		xmlNodeDumpOutput(o, doc, n, 0, 0, "UTF-8");
		xmlOutputBufferClose(o);
		buf_add(out, xmlBufferContent(b), (size_t)xmlBufferLength(b));
	} else {
		out->failed = true;
	}
	xmlBufferFree(b);
}

void bbbxml_write(const struct bbbxml *doc, struct buf *out)
{
	node_write(doc->doc, doc->root, out);
}

void *bbbxml_root(struct bbbxml *doc)
{
	return doc->root;
}

void bbbxml_metadata_set(void *element, const char *name, const char *value)
{
	xmlNode *metadata = child_named(element, "metadata"), *old;

	if (!metadata)
		return;
	while ((old = child_named(metadata, name))) {
		xmlUnlinkNode(old);
		xmlFreeNode(old);
	}
	if (value) {
		struct buf text = BUF_INIT;

		buf_xml_chars(&text, value, strlen(value));
		xmlNewTextChild(metadata, NULL, (const xmlChar *)name, (const xmlChar *)buf_str(&text));
		buf_free(&text);
	}
}

int bbbxml_sessions_write(const struct bbbxml *doc, const char *list, struct buf *out)
{
	xmlNode *sessions = child_named(doc->root, "sessions");
	struct arena a = {0};
	int count = 0;

	for (xmlNode *n = sessions ? sessions->children : NULL; n; n = n->next) {
		const char *id = n->type == XML_ELEMENT_NODE ? child_text(n, &a, "meetingID") : NULL;

		if (!id || !*id || strchr(id, ',') || !strstr(list, arena_printf(&a, ",%s,", id)))
			continue;
		node_write(doc->doc, n, out);
		count++;
	}
	arena_free(&a);
	return count;
}

/* A count: absent or empty is 0; false when it is no number of a sane size. */
static bool count_of(const xmlNode *parent, struct arena *a, const char *name, int *out)
{
	const char *text = child_text(parent, a, name);
	char *end = NULL;
	long n;

	*out = 0;
	if (!text || !*text)
		return true;
	n = strtol(text, &end, 10);
	if (*end || n < 0 || n > 1000000)
		return false;
	*out = (int)n;
	return true;
}

static bool meeting_read(xmlNode *n, struct arena *a, struct bbbxml_meeting *m)
{
	const char *running = child_text(n, a, "running"), *breakout = child_text(n, a, "isBreakout");

	*m = (struct bbbxml_meeting){.element = n};
	m->id = child_text(n, a, "meetingID");
	m->internal_id = child_text(n, a, "internalMeetingID");
	if (!m->internal_id)
		m->internal_id = "";
	m->running = running && strcmp(running, "true") == 0;
	if (breakout && strcmp(breakout, "true") == 0)
		m->parent_id = child_text(n, a, "parentMeetingID");
	return m->id && *m->id && strlen(m->internal_id) <= BBBXML_INTERNAL_ID_MAX &&
	       count_of(n, a, "participantCount", &m->attendees) &&
	       count_of(n, a, "listenerCount", &m->listeners) &&
	       count_of(n, a, "voiceParticipantCount", &m->voices) &&
	       count_of(n, a, "videoCount", &m->videos) && count_of(n, a, "moderatorCount", &m->moderators);
}

int bbbxml_meetings(const struct bbbxml *doc, struct arena *a, struct bbbxml_meeting **list, struct err *err)
{
	xmlNode *meetings = child_named(doc->root, "meetings");
	size_t count = 0;

	*list = NULL;
	if (!meetings)
		return err_set(err, ERR_AWAY, "the answer has no <meetings>");
	for (xmlNode *n = meetings->children; n; n = n->next)
		count += n->type == XML_ELEMENT_NODE;
	*list = arena_alloc(a, (count + 1) * sizeof(**list));
	count = 0;
	for (xmlNode *n = meetings->children; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if (!meeting_read(n, a, &(*list)[count]))
			return err_set(err, ERR_AWAY,
				"a <meeting> has no id, one too long, or a count that is no number");
		count++;
	}
	return (int)count;
}

void bbbxml_meeting_write(const struct bbbxml_meeting *m, const char *from, const char *to, struct buf *out)
{
	xmlNode *n = m->element;

	for (xmlAttr *attr = n->properties; attr; attr = attr->next)
		replace_in(attr->children, from, to);
	replace_in(n->children, from, to);
	node_write(n->doc, n, out);
}
