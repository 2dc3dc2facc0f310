/* SPDX-License-Identifier: ISC */
/* What an S3 store's XML says. */
#include "config.h"
#include "store/s3.h"

#include "base/xml.h"

#include <string.h>

struct xml *s3_xml_parse(const struct buf *body)
{
	struct err ignored = {0};

	return xml_parse(buf_str(body), body->len, "the answer", false, &ignored);
}

bool s3_xml_is(const struct xml *doc, const char *root)
{
	return strcmp(xml_name(xml_root(doc)), root) == 0;
}

const char *s3_xml_text(const struct xml *doc, struct arena *a, const char *name)
{
	return xml_text(a, xml_child(xml_root(doc), name));
}

long long s3_xml_time(const char *text)
{
	struct tm tm = {0};

	return text && strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) ? (long long)timegm(&tm) : 0;
}
