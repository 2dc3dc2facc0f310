/* SPDX-License-Identifier: ISC */
/* XML of the BBB API: answers of nodes read, changed and written. */
#include "config.h"
#include "bbb/xml.h"

#include "base/xml_tree.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libxml2 reads no document with a longer name. */
#define ELEMENT_NAME_MAX 50000

struct bbbxml {
	struct xml *xml;
	xmlDoc *doc; /* behind xml */
	xmlNode *root;
	bool whole;
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

/* The length of what begins like this and is no element, to its end; 0: it is something else. */
static size_t opaque_length(const char *from, const char *end)
{
	static const struct {
		const char *begin, *end;
	} kinds[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<!", ">"}, {"<?", "?>"}};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *stop;

		if (strncmp(from, kinds[i].begin, strlen(kinds[i].begin)) != 0)
			continue;
		stop = strstr(from, kinds[i].end);
		return stop ? (size_t)(stop - from) + strlen(kinds[i].end) : (size_t)(end - from);
	}
	return 0;
}

static bool name_char(unsigned char c, bool first)
{
	return c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
	       (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'));
}

/* Names of elements that are none, as bbb-web makes them of whatever a parameter is called (get-meetings.ftlx), get a
 * '_' for each character that no name has. Its elements have no attributes: what has quotes stays. */
static void clean_names(const char *data, size_t len, struct buf *out)
{
	const char *end = data + len;

	for (const char *p = data; p < end;) {
		const char *open = memchr(p, '<', (size_t)(end - p)), *close;
		size_t skip = open ? opaque_length(open, end) : 0, name_len;
		bool first = true;

		if (!open || skip) {
			buf_add(out, p, open ? (size_t)(open - p) + skip : (size_t)(end - p));
			p = open ? open + skip : end;
			continue;
		}
		open += 1 + (open + 1 < end && open[1] == '/');
		buf_add(out, p, (size_t)(open - p));
		close = memchr(open, '>', (size_t)(end - open));
		name_len = close ? (size_t)(close - open) : 0;
		p = open + name_len;
		if (memchr(open, '"', name_len) || memchr(open, '\'', name_len)) {
			buf_add(out, open, name_len);
			continue;
		}
		if (close && open[-1] != '/' && name_len && open[name_len - 1] == '/')
			name_len--; /* of an empty element */
		for (size_t i = 0; i < name_len; i++, first = false)
			buf_putc(out, name_char((unsigned char)open[i], first) ? open[i] : '_');
		if (close && !name_len)
			buf_putc(out, '_');
		buf_add(out, open + name_len, (size_t)(p - open) - name_len);
	}
}

/* A name that a user gave may hold what XML forbids, and bbb-web writes it as it is: it must not hide a whole
 * node. whole NULL: all or nothing; else the beginning of what is damaged or cut off is taken too. */
static struct xml *read_document(const char *data, size_t len, bool *whole, struct err *err)
{
	static const char what[] = "the answer";
	struct buf chars = BUF_INIT, clean = BUF_INIT;
	struct xml *xml = xml_parse(data, len, what, true, err);
	char *copy;

	if (whole)
		*whole = true;
	if (xml || len > INT_MAX / 4)
		return xml;
	copy = mem_strndup(data, len);
	buf_xml_chars(&chars, copy, len);
	free(copy);
	clean_names(buf_str(&chars), chars.len, &clean);
	xml = xml_parse(buf_str(&clean), clean.len, what, false, err);
	if (!xml && whole) {
		*whole = false;
		xml = xml_recover(buf_str(&clean), clean.len, what, err);
	}
	buf_free(&chars);
	buf_free(&clean);
	return xml;
}

/* A number as bbb-web writes it, which in versions before 2025 groups the digits by the server's language (BBB #22102:
 * 1,202): the digits alone go to out. False when it is none. */
static bool plain_number(const char *text, char *out, size_t size)
{
	static const char *const separators[] = {
		",", ".", "'", " ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x99"};
	const char *separator = NULL;
	size_t n = 0, group;

	text += strspn(text, " \t\r\n");
	for (;;) {
		group = strspn(text, "0123456789");
		if (!group || n + group >= size || (separator && group != 3))
			return false;
		memcpy(out + n, text, group);
		n += group;
		out[n] = '\0';
		text += group;
		if (!text[strspn(text, " \t\r\n")])
			return true;
		if (!separator && group > 3)
			return false;
		for (size_t i = 0; !separator && i < ARRAY_SIZE(separators); i++)
			if (strncmp(text, separators[i], strlen(separators[i])) == 0)
				separator = separators[i];
		if (!separator || strncmp(text, separator, strlen(separator)) != 0)
			return false;
		text += strlen(separator);
	}
}

static void set_text(xmlNode *n, const char *text)
{
	xmlNodeSetContentLen(n, NULL, 0);
	xmlNodeAddContentLen(n, (const xmlChar *)text, (int)strlen(text));
}

/* Numbers of a meeting become what newer versions write: clients would read 1 of 1,202. */
static void plain_numbers(xmlNode *parent)
{
	static const char *const names[] = {"participantCount", "listenerCount", "voiceParticipantCount",
		"videoCount", "moderatorCount", "maxUsers", "duration", "startTime", "endTime", "createTime"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		xmlNode *n = child_named(parent, names[i]);
		xmlChar *text = n ? xmlNodeGetContent(n) : NULL;
		char number[24];

		if (text && plain_number((const char *)text, number, sizeof(number)) &&
			strcmp(number, (const char *)text) != 0)
			set_text(n, number);
		xmlFree(text);
	}
}

static struct bbbxml *parse(const char *data, size_t len, bool *whole, struct err *err)
{
	struct err why = {0};
	struct xml *xml = read_document(data, len, whole, &why);
	struct bbbxml *doc;
	xmlDoc *tree;

	if (!xml) {
		err_set(err, ERR_AWAY, "%s", why.text);
		return NULL;
	}
	tree = xml_tree(xml);
	doc = mem_alloc(sizeof(*doc));
	*doc = (struct bbbxml){xml, tree, xmlDocGetRootElement(tree), !whole || *whole};
	if (strcmp((const char *)doc->root->name, "response") != 0 || !child_named(doc->root, "returncode")) {
		err_set(err, ERR_AWAY, "the answer is not a BBB response");
		bbbxml_free(doc);
		return NULL;
	}
	/* Without this attribute values would be written as numbers. */
	xmlFree((xmlChar *)(uintptr_t)tree->encoding);
	tree->encoding = xmlStrdup((const xmlChar *)"UTF-8");
	plain_numbers(doc->root);
	return doc;
}

struct bbbxml *bbbxml_parse(const char *data, size_t len, struct err *err)
{
	return parse(data, len, NULL, err);
}

struct bbbxml *bbbxml_parse_partly(const char *data, size_t len, bool *whole, struct err *err)
{
	struct bbbxml *doc = parse(data, len, whole, err);

	if (!doc || *whole || bbbxml_success(doc))
		return doc;
	bbbxml_free(doc);
	err_set(err, ERR_AWAY, "the answer is not XML");
	return NULL;
}

void bbbxml_drop_unnamable(struct query *q, const char *prefix)
{
	size_t kept = 0, len = strlen(prefix);

	for (size_t i = 0; i < q->count; i++)
		if (strncmp(q->params[i].name, prefix, len) != 0 ||
			(xmlValidateNCName((const xmlChar *)q->params[i].name + len, 0) == 0 &&
				strlen(q->params[i].name + len) <= ELEMENT_NAME_MAX))
			q->params[kept++] = q->params[i];
	q->count = kept;
}

void bbbxml_set_text(void *element, const char *name, const char *text)
{
	xmlNode *n = child_named(element, name);

	if (n)
		set_text(n, text);
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

/* A count: absent or empty is 0, unless the document breaks off; UNKNOWN when it is no number of a sane size. */
static int count_of(const xmlNode *parent, struct arena *a, const char *name, bool whole)
{
	const char *text = child_text(parent, a, name);
	char number[24];
	long n;

	if (!text || !*text)
		return whole ? 0 : BBBXML_UNKNOWN;
	if (!plain_number(text, number, sizeof(number)))
		return BBBXML_UNKNOWN;
	n = strtol(number, NULL, 10);
	return n <= 1000000 ? (int)n : BBBXML_UNKNOWN;
}

/* False when it has no sound id. */
static bool meeting_read(xmlNode *n, struct arena *a, bool whole, struct bbbxml_meeting *m)
{
	const char *running = child_text(n, a, "running"), *breakout = child_text(n, a, "isBreakout");

	*m = (struct bbbxml_meeting){.element = n};
	m->id = child_text(n, a, "meetingID");
	m->internal_id = child_text(n, a, "internalMeetingID");
	if (!m->internal_id || strlen(m->internal_id) > BBBXML_INTERNAL_ID_MAX)
		m->internal_id = "";
	plain_numbers(n);
	m->running = running && strcmp(running, "true") == 0;
	if (breakout && strcmp(breakout, "true") == 0)
		m->parent_id = child_text(n, a, "parentMeetingID");
	m->attendees = count_of(n, a, "participantCount", whole);
	m->listeners = count_of(n, a, "listenerCount", whole);
	m->voices = count_of(n, a, "voiceParticipantCount", whole);
	m->videos = count_of(n, a, "videoCount", whole);
	m->moderators = count_of(n, a, "moderatorCount", whole);
	return m->id && *m->id && strlen(m->id) <= BBBXML_ID_MAX;
}

int bbbxml_meetings(const struct bbbxml *doc, struct arena *a, struct bbbxml_meeting **list, int *skipped,
	struct err *err)
{
	xmlNode *meetings = child_named(doc->root, "meetings");
	size_t count = 0;

	*list = NULL;
	*skipped = 0;
	if (!meetings)
		return err_set(err, ERR_AWAY, "the answer has no <meetings>");
	for (xmlNode *n = meetings->children; n; n = n->next)
		count += n->type == XML_ELEMENT_NODE;
	*list = arena_alloc(a, (count + 1) * sizeof(**list));
	count = 0;
	for (xmlNode *n = meetings->children; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if (meeting_read(n, a, doc->whole, &(*list)[count]))
			count++;
		else
			++*skipped;
	}
	/* Where the document broke off the last one may be half of one. */
	if (!doc->whole && count)
		count--;
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
