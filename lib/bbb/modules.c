/* SPDX-License-Identifier: ISC */
/* The <modules> that a client sends in the body of create (doc/bbb-api, 3.7). */
#include "config.h"
#include "bbb/modules.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlsave.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

/* HUGE: a slide is one text of many megabytes, and without a DOCTYPE nothing grows. IGNORE_ENC: a node reads UTF-8
 * whatever encoding the body declares; in another one a module might look like a comment. */
#define PARSE_OPTIONS                                                                                        \
	(XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE |    \
		XML_PARSE_IGNORE_ENC)

static void ignore_error(void *arg, xmlError *error)
{
	(void)arg;
	(void)error;
}

/* Whether the list ("a, b") has the name. */
static bool lists(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = list + strspn(list, ", "); *at; at += strspn(at, ", ")) {
		size_t n = strcspn(at, ", ");

		if (n == len && strncasecmp(at, name, len) == 0)
			return true;
		at += n;
	}
	return false;
}

/* Whether the list has one of its names, or all of them: which of two attributes of that local name a reader takes is its own
 * affair. One without a name has none. */
static bool is_listed(const xmlNode *module, const char *list, bool all)
{
	bool listed = false;

	for (xmlAttr *attr = module->properties; attr; attr = attr->next) {
		xmlChar *value;

		if (strcmp((const char *)attr->name, "name") != 0)
			continue;
		value = xmlNodeListGetString(module->doc, attr->children, 1);
		listed = value && lists(list, (const char *)value);
		xmlFree(value);
		if (listed != all)
			return listed;
	}
	return listed;
}

static bool cut(xmlNode *root, const struct modules_rule *rule)
{
	bool all = strcmp(rule->only, "*") == 0, changed = false;

	for (xmlNode *n = root->children, *next; n; n = next) {
		next = n->next;
		if (n->type != XML_ELEMENT_NODE ||
			((all || is_listed(n, rule->only, true)) &&
				!(rule->never && is_listed(n, rule->never, false))))
			continue;
		xmlUnlinkNode(n);
		xmlFreeNode(n);
		changed = true;
	}
	return changed;
}

/* <modules></modules> when nothing is left: a slide of the tenant's may still come in. */
static void write_document(xmlDoc *doc, struct buf *out)
{
	xmlBuffer *text = xmlBufferCreate();
	xmlSaveCtxt *save = text ? xmlSaveToBuffer(text, "UTF-8", XML_SAVE_NO_EMPTY) : NULL;

	if (save) {
		xmlSaveDoc(save, doc);
		xmlSaveClose(save);
		buf_add(out, xmlBufferContent(text), (size_t)xmlBufferLength(text));
	}
	if (text)
		xmlBufferFree(text);
}

/* NULL with err; the caller's to xmlFreeDoc. What is no UTF-8, nor UTF-16 by its mark, is read as a node reads it: with a
 * replacement for each byte that makes no sense. */
static xmlDoc *parse(const char *xml, size_t len, struct err *err)
{
	struct buf text = BUF_INIT;
	bool marked = len >= 2 && (memcmp(xml, "\xFF\xFE", 2) == 0 || memcmp(xml, "\xFE\xFF", 2) == 0);
	xmlDoc *doc;

	if (!marked && !utf8_valid(xml)) {
		buf_xml_chars(&text, xml, len);
		xml = text.ptr;
		len = text.len;
	}
	xmlSetStructuredErrorFunc(NULL, ignore_error); /* of this thread */
	doc = len <= INT_MAX ? xmlReadMemory(xml, (int)len, "body", NULL, PARSE_OPTIONS) : NULL;
	buf_free(&text);
	if (doc && xmlDocGetRootElement(doc) && !doc->intSubset && !doc->extSubset)
		return doc;
	xmlFreeDoc(doc);
	err_set(err, ERR_INVALID, "The request body must be XML in UTF-8 without a DOCTYPE");
	return NULL;
}

int modules_cut(
	const char *xml, size_t len, const struct modules_rule *rule, struct buf *out, struct err *err)
{
	xmlDoc *doc = parse(xml, len, err);
	bool changed;

	if (!doc)
		return -1;
	changed = cut(xmlDocGetRootElement(doc), rule);
	if (changed)
		write_document(doc, out);
	xmlFreeDoc(doc);
	return changed;
}

int modules_have_slides(const char *xml, size_t len, struct err *err)
{
	xmlDoc *doc = parse(xml, len, err);
	bool found = false;

	if (!doc)
		return -1;
	for (xmlNode *m = xmlDocGetRootElement(doc)->children; m && !found; m = m->next) {
		if (m->type != XML_ELEMENT_NODE || !is_listed(m, "presentation", false))
			continue;
		for (xmlNode *n = m->children; n && !found; n = n->next)
			found = n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, "document") == 0;
	}
	xmlFreeDoc(doc);
	return found;
}
