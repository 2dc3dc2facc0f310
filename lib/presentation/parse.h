/* SPDX-License-Identifier: ISC */
/* Reading of a presentation's files: XML as events, JSON as a tree, numbers and fragments of HTML, all with limits. */
#ifndef B3LB_PRESENTATION_PARSE_H
#define B3LB_PRESENTATION_PARSE_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

/* Larger files are not read. */
#define PRES_XML_BYTES_MAX  (256 << 20)
#define PRES_JSON_BYTES_MAX (128 << 20)

/* Attributes of an element: values live until its handler returns. */
struct pres_attrs;
/* The value of that (local) name, NULL when it is missing. */
const char *pres_attr(const struct pres_attrs *attrs, const char *name) b3lb_nonnull;
/* As a number; otherwise when it is missing or none. */
double pres_attr_number(const struct pres_attrs *attrs, const char *name, double otherwise) b3lb_nonnull;

/* What a reader does; names are local. Any of them may be NULL. */
struct pres_xml {
	void (*start)(void *ctx, const char *name, const struct pres_attrs *attrs);
	void (*text)(void *ctx, const char *text, size_t len);
	void (*end)(void *ctx, const char *name);
};
/*
 * Reads a whole file: no network, no external DTD; a declared entity, more than PRES_XML_BYTES_MAX or broken XML
 * ends it. 0, or -1 (the handlers may have been called until then).
 */
int pres_xml_read(int fd, const struct pres_xml *xml, void *ctx) b3lb_nonnull;

/* The whole file, NULL when it is none, or too large. The caller json_decref()s it. Duplicate keys: the last wins. */
json_t *pres_json_read(int fd);

/*
 * A number of the C locale, with blanks before it: false when there is none, or it is not finite. *end is put behind
 * it. Any thread.
 */
bool pres_number(const char *s, const char **end, double *value) b3lb_nonnull;
/* Up to max numbers, between blanks or commas; returns how many there are. */
int pres_numbers(const char *s, double *values, int max) b3lb_nonnull;
/* Members of JSON objects, with what stands for those that are missing or of another kind. */
double pres_json_number(const json_t *o, const char *key, double otherwise);
const char *pres_json_text(const json_t *o, const char *key, const char *otherwise);

/*
 * The text of an HTML fragment: tags dropped, <br> and </p> as line feeds, entities decoded once. Appended to out.
 */
void pres_html_text(const char *html, struct buf *out) b3lb_nonnull;

#endif
