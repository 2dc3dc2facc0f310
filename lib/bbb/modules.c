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

/* HUGE: a slide is one text of many megabytes, and without a DOCTYPE nothing grows. */
#define PARSE_OPTIONS                                                                                        \
	(XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE)

static void ignore_error(void *arg, xmlError *error)
{
	(void)arg;
	(void)error;
}

/* Any attribute of that local name: which of two a reader takes is its own affair. */
static bool is_named(const xmlNode *module, const char *name)
{
	bool named = false;

	for (xmlAttr *attr = module->properties; attr && !named; attr = attr->next) {
		xmlChar *value = strcmp((const char *)attr->name, "name") == 0
					 ? xmlNodeListGetString(module->doc, attr->children, 1)
					 : NULL;

		named = value && strcasecmp((const char *)value, name) == 0;
		xmlFree(value);
	}
	return named;
}

static bool drop(xmlNode *root, const char *name)
{
	bool dropped = false;

	for (xmlNode *n = root->children, *next; n; n = next) {
		next = n->next;
		if (n->type != XML_ELEMENT_NODE || !is_named(n, name))
			continue;
		xmlUnlinkNode(n);
		xmlFreeNode(n);
		dropped = true;
	}
	return dropped;
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

int modules_drop(const char *xml, size_t len, const char *name, struct buf *out, struct err *err)
{
	xmlDoc *doc;
	xmlNode *root;
	int rc;

	xmlSetStructuredErrorFunc(NULL, ignore_error); /* of this thread */
	doc = len <= INT_MAX ? xmlReadMemory(xml, (int)len, "body", NULL, PARSE_OPTIONS) : NULL;
	root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (!root || doc->intSubset || doc->extSubset) {
		rc = err_set(err, ERR_INVALID, "The request body must be XML without a DOCTYPE");
	} else {
		rc = drop(root, name);
		if (rc == 1)
			write_document(doc, out);
	}
	xmlFreeDoc(doc);
	return rc;
}
