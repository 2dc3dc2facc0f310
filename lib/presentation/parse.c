/* SPDX-License-Identifier: ISC */
/* Reading of a presentation's files. */
#include "config.h"
#include "presentation/parse.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 65536
#define ATTRS_MAX   64

struct pres_attrs {
	const char *name[ATTRS_MAX];
	size_t at[ATTRS_MAX];
	int count;
	struct buf values; /* NUL-terminated, one behind the other */
};

/* A file that is being read. */
struct reading {
	const struct pres_xml *xml;
	void *ctx;
	struct pres_attrs attrs;
	xmlParserCtxt *parser;
	bool refused;
};

const char *pres_attr(const struct pres_attrs *attrs, const char *name)
{
	for (int i = 0; i < attrs->count; i++)
		if (strcmp(attrs->name[i], name) == 0)
			return attrs->values.ptr + attrs->at[i];
	return NULL;
}

double pres_attr_number(const struct pres_attrs *attrs, const char *name, double otherwise)
{
	const char *text = pres_attr(attrs, name), *end;
	double value;

	return text && pres_number(text, &end, &value) ? value : otherwise;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int namespaces, const xmlChar **list, int count, int defaulted, const xmlChar **attributes)
{
	struct reading *r = ctx;
	struct pres_attrs *a = &r->attrs;

	(void)prefix, (void)uri, (void)namespaces, (void)list, (void)defaulted;
	a->count = 0;
	buf_clear(&a->values);
	for (int i = 0; i < count && a->count < ATTRS_MAX; i++, a->count++) {
		const xmlChar **one = attributes + 5 * (size_t)i;

		a->name[a->count] = (const char *)one[0];
		a->at[a->count] = a->values.len;
		buf_add(&a->values, one[3], (size_t)(one[4] - one[3]));
		buf_putc(&a->values, '\0');
	}
	if (r->xml->start)
		r->xml->start(r->ctx, (const char *)name, a);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reading *r = ctx;

	(void)prefix, (void)uri;
	if (r->xml->end)
		r->xml->end(r->ctx, (const char *)name);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
	struct reading *r = ctx;

	if (r->xml->text)
		r->xml->text(r->ctx, (const char *)text, (size_t)len);
}

/* BigBlueButton's scripts declare none; declared ones are made to blow up. */
static void on_entity(void *ctx, const xmlChar *name, int type, const xmlChar *public, const xmlChar *system,
	xmlChar *content)
{
	struct reading *r = ctx;

	(void)name, (void)type, (void)public, (void)system, (void)content;
	r->refused = true;
	xmlStopParser(r->parser);
}

static void silent(void *ctx, const char *fmt, ...)
{
	(void)ctx, (void)fmt;
}

int pres_xml_read(int fd, const struct pres_xml *xml, void *ctx)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.entityDecl = on_entity,
		.error = silent,
		.warning = silent};
	struct reading r = {.xml = xml, .ctx = ctx};
	char *block = mem_alloc(BLOCK_BYTES);
	long long total = 0;
	ssize_t n = -1;
	int bad = 1;

	r.parser = xmlCreatePushParserCtxt(&sax, &r, NULL, 0, NULL);
	if (!r.parser)
		goto out;
	/* NOENT: else "&amp;" in an attribute stays one; there are no others (on_entity). */
	xmlCtxtUseOptions(r.parser,
		XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_HUGE | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bad = 0;
	while (!bad && !r.refused && (n = read(fd, block, BLOCK_BYTES)) > 0) {
		total += n;
		bad = total > PRES_XML_BYTES_MAX || xmlParseChunk(r.parser, block, (int)n, 0) != 0;
	}
	if (!bad && !r.refused)
		bad = n == -1 || xmlParseChunk(r.parser, block, 0, 1) != 0 || !r.parser->wellFormed;
out:
	if (r.parser && r.parser->myDoc)
		xmlFreeDoc(r.parser->myDoc);
	xmlFreeParserCtxt(r.parser);
	buf_free(&r.attrs.values);
	free(block);
	return bad || r.refused ? -1 : 0;
}

json_t *pres_json_read(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || st.st_size > PRES_JSON_BYTES_MAX)
		return NULL;
	return json_loadfd(fd, 0, NULL);
}

bool pres_number(const char *s, const char **end, double *value)
{
	char *behind;

	*end = s;
	*value = strtod(s, &behind);
	if (behind == s || !isfinite(*value))
		return false;
	*end = behind;
	return true;
}

int pres_numbers(const char *s, double *values, int max)
{
	int n = 0;

	for (; n < max && pres_number(s, &s, &values[n]); n++)
		s += strspn(s, " \t\r\n,");
	return n;
}

double pres_json_number(const json_t *o, const char *key, double otherwise)
{
	const json_t *v = json_object_get(o, key);

	return json_is_number(v) && isfinite(json_number_value(v)) ? json_number_value(v) : otherwise;
}

const char *pres_json_text(const json_t *o, const char *key, const char *otherwise)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : otherwise;
}

static void put_utf8(struct buf *out, unsigned cp)
{
	if (cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
		cp = 0xFFFD;
	if (cp < 0x80) {
		buf_putc(out, (char)cp);
	} else if (cp < 0x800) {
		buf_putc(out, (char)(0xC0 | cp >> 6));
	} else if (cp < 0x10000) {
		buf_putc(out, (char)(0xE0 | cp >> 12));
		buf_putc(out, (char)(0x80 | (cp >> 6 & 0x3F)));
	} else {
		buf_putc(out, (char)(0xF0 | cp >> 18));
		buf_putc(out, (char)(0x80 | (cp >> 12 & 0x3F)));
		buf_putc(out, (char)(0x80 | (cp >> 6 & 0x3F)));
	}
	if (cp >= 0x80)
		buf_putc(out, (char)(0x80 | (cp & 0x3F)));
}

/* One entity at "&": bytes of it, 0 when it is none. */
static size_t put_entity(const char *s, struct buf *out)
{
	size_t len = strcspn(s + 1, ";& <\n");
	char name[16], *end;
	const htmlEntityDesc *entity;
	unsigned long cp;

	if (s[len + 1] != ';' || len == 0 || len >= sizeof(name))
		return 0;
	memcpy(name, s + 1, len);
	name[len] = '\0';
	if (name[0] == '#') {
		bool hex = tolower((unsigned char)name[1]) == 'x';
		const char *digits = name + 1 + hex;

		if (!isxdigit((unsigned char)*digits))
			return 0;
		cp = strtoul(digits, &end, hex ? 16 : 10);
		if (*end)
			return 0;
		put_utf8(out, cp > 0x10FFFF ? 0 : (unsigned)cp);
		return len + 2;
	}
	entity = htmlEntityLookup((const xmlChar *)name);
	if (entity)
		put_utf8(out, entity->value);
	else if (strcmp(name, "apos") == 0)
		buf_putc(out, '\'');
	return entity || strcmp(name, "apos") == 0 ? len + 2 : 0;
}

void pres_html_text(const char *html, struct buf *out)
{
	while (*html) {
		size_t len;

		if (*html == '<' && (isalpha((unsigned char)html[1]) || html[1] == '/' || html[1] == '!')) {
			if (strncasecmp(html, "<br", 3) == 0 || strncasecmp(html, "</p", 3) == 0)
				buf_putc(out, '\n');
			html += strcspn(html, ">");
			html += *html == '>';
		} else if (*html == '&' && (len = put_entity(html, out)) > 0) {
			html += len;
		} else {
			buf_putc(out, *html++);
		}
	}
}
