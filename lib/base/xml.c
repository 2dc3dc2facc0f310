/* SPDX-License-Identifier: ISC */
/* XML that others wrote: the one way in which it is parsed, and reading what it holds. */
#include "config.h"
#include "base/xml.h"

#include "base/buf.h"
#include "base/xml_tree.h"

#include <libxml/parser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Never NOENT, DTDLOAD or HUGE. */
#define PARSE_OPTIONS                                                                                        \
	(XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS)

/* Is libxml2's document: no memory of its own. */
xmlDoc *xml_tree(const struct xml *doc)
{
	return (xmlDoc *)(uintptr_t)doc;
}

static const xmlNode *tree_node(const struct xml_node *n)
{
	return (const xmlNode *)(const void *)n;
}

static const struct xml_node *first_named(const xmlNode *n, const char *name)
{
	while (n && (n->type != XML_ELEMENT_NODE || (name && strcmp((const char *)n->name, name) != 0)))
		n = n->next;
	return (const struct xml_node *)(const void *)n;
}

void xml_init(void)
{
	xmlInitParser();
}

/* libxml2 writes some complaints to stderr whatever the options say: not beside our log. */
static void ignore_error(void *arg, xmlError *error)
{
	(void)arg;
	(void)error;
}

static xmlDoc *read_document(const char *data, size_t len, int more)
{
	if (!len || len > INT_MAX / 4)
		return NULL;
	xmlSetStructuredErrorFunc(NULL, ignore_error); /* of this thread */
	return xmlReadMemory(data, (int)len, "document", NULL, PARSE_OPTIONS | more);
}

/* Once more without the characters that XML cannot hold; the same bytes would fail the same way. */
static xmlDoc *read_mended(const char *data, size_t len)
{
	struct buf clean = BUF_INIT;
	xmlDoc *xml = NULL;
	char *copy;

	if (!len || len > INT_MAX / 4)
		return NULL;
	copy = mem_strndup(data, len);
	buf_xml_chars(&clean, copy, len);
	if (clean.len != len || memcmp(buf_str(&clean), data, len) != 0)
		xml = read_document(buf_str(&clean), clean.len, 0);
	free(copy);
	buf_free(&clean);
	return xml;
}

/* The document, or why it is none of ours. */
static struct xml *accept_document(xmlDoc *xml, const char *what, struct err *err)
{
	if (xml && !xmlDocGetRootElement(xml)) {
		xmlFreeDoc(xml);
		xml = NULL;
	}
	if (!xml) {
		err_set(err, ERR_INVALID, "%s is not XML", what);
	} else if (xml->intSubset || xml->extSubset) {
		err_set(err, ERR_INVALID, "%s has a DOCTYPE", what);
		xmlFreeDoc(xml);
		xml = NULL;
	}
	return (struct xml *)(void *)xml;
}

struct xml *xml_parse(const char *data, size_t len, const char *what, bool mend, struct err *err)
{
	xmlDoc *xml = read_document(data, len, 0);

	if (!xml && mend)
		xml = read_mended(data, len);
	return accept_document(xml, what, err);
}

/* As deep as libxml2 reads: 256. */
static void drop_instructions(xmlNode *first)
{
	for (xmlNode *n = first, *next; n; n = next) {
		next = n->next;
		if (n->type == XML_ELEMENT_NODE) {
			drop_instructions(n->children);
		} else if (n->type == XML_PI_NODE) {
			xmlUnlinkNode(n);
			xmlFreeNode(n);
		}
	}
}

struct xml *xml_recover(const char *data, size_t len, const char *what, struct err *err)
{
	struct xml *doc = accept_document(read_document(data, len, XML_PARSE_RECOVER), what, err);

	/* One may be an XML declaration in the midst of it, which nobody reads once it is written again. */
	if (doc)
		drop_instructions(xmlDocGetRootElement(xml_tree(doc)));
	return doc;
}

void xml_free(struct xml *doc)
{
	if (doc)
		xmlFreeDoc(xml_tree(doc));
}

const struct xml_node *xml_root(const struct xml *doc)
{
	return (const struct xml_node *)(void *)xmlDocGetRootElement(xml_tree(doc));
}

const char *xml_name(const struct xml_node *n)
{
	return (const char *)tree_node(n)->name;
}

const struct xml_node *xml_child(const struct xml_node *n, const char *name)
{
	return n ? first_named(tree_node(n)->children, name) : NULL;
}

const struct xml_node *xml_next(const struct xml_node *n, const char *name)
{
	return n ? first_named(tree_node(n)->next, name) : NULL;
}

/* Frees libxml2's copy. */
static char *taken(struct arena *a, xmlChar *text)
{
	char *copy = arena_strdup(a, (const char *)text);

	xmlFree(text);
	return copy;
}

char *xml_text(struct arena *a, const struct xml_node *n)
{
	char *text = n ? taken(a, xmlNodeGetContent(tree_node(n))) : NULL;

	return n && !text ? arena_strdup(a, "") : text;
}

char *xml_attribute(struct arena *a, const struct xml_node *n, const char *name)
{
	return n ? taken(a, xmlGetProp(tree_node(n), (const xmlChar *)name)) : NULL;
}
