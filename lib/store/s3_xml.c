/* SPDX-License-Identifier: ISC */
/* What an S3 store's XML says. */
#include "config.h"
#include "store/s3.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct s3_xml {
	xmlDoc *doc;
	xmlNode *root;
};

static const char *node_text(xmlNode *n, struct arena *a)
{
	xmlChar *text = xmlNodeGetContent(n);
	const char *copy = arena_strdup(a, text ? (const char *)text : "");

	xmlFree(text);
	return copy;
}

static xmlNode *named(xmlNode *n, const char *name)
{
	for (; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0)
			return n;
	return NULL;
}

struct s3_xml *s3_xml_parse(const struct buf *body)
{
	xmlDoc *xml = body->len && body->len < INT_MAX
			      ? xmlReadMemory(body->ptr, (int)body->len, "answer", NULL,
					XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
			      : NULL;
	xmlNode *root = xml ? xmlDocGetRootElement(xml) : NULL;
	struct s3_xml *doc;

	if (!root || xml->intSubset || xml->extSubset) {
		xmlFreeDoc(xml);
		return NULL;
	}
	doc = mem_alloc(sizeof(*doc));
	*doc = (struct s3_xml){xml, root};
	return doc;
}

void s3_xml_free(struct s3_xml *doc)
{
	if (!doc)
		return;
	xmlFreeDoc(doc->doc);
	free(doc);
}

bool s3_xml_is(const struct s3_xml *doc, const char *root)
{
	return strcmp((const char *)doc->root->name, root) == 0;
}

const char *s3_xml_text(const struct s3_xml *doc, struct arena *a, const char *name)
{
	xmlNode *n = named(doc->root->children, name);

	return n ? node_text(n, a) : NULL;
}

const void *s3_xml_next(const struct s3_xml *doc, const char *name, const void *at)
{
	return named(at ? ((const xmlNode *)at)->next : doc->root->children, name);
}

const char *s3_xml_child(const void *element, struct arena *a, const char *name)
{
	xmlNode *n = named(((const xmlNode *)element)->children, name);

	return n ? node_text(n, a) : NULL;
}

long long s3_xml_time(const char *text)
{
	struct tm tm = {0};

	return text && strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) ? (long long)timegm(&tm) : 0;
}
