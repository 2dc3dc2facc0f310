/* SPDX-License-Identifier: ISC */
/* Text from outside in each place it is written to: XML, JSON, a URL, a log line. */
#include "config.h"
#include "fuzz.h"

#include "bbb/xml.h"
#include "base/buf.h"

#include <jansson.h>

static void check_json(const char *text)
{
	struct buf out = BUF_INIT;
	json_t *list;

	buf_puts(&out, "[\"");
	buf_json(&out, text);
	buf_puts(&out, "\"]");
	list = json_loads(buf_str(&out), JSON_REJECT_DUPLICATES, NULL);
	FUZZ_REQUIRE(json_is_array(list) && json_array_size(list) == 1);
	json_decref(list);
	buf_free(&out);
}

/* As text and as an attribute's value it stays inside. */
static void check_xml(struct arena *a, const char *text)
{
	struct buf out = BUF_INIT;
	struct err err = {0};
	struct bbbxml *doc;

	buf_puts(&out, "<response><returncode a=\"");
	buf_xml(&out, text);
	buf_puts(&out, "\" b='");
	buf_xml(&out, text);
	buf_puts(&out, "'>");
	buf_xml(&out, text);
	buf_puts(&out, "</returncode></response>");
	doc = bbbxml_parse(out.ptr, out.len, &err);
	FUZZ_REQUIRE(doc);
	FUZZ_REQUIRE(utf8_length(bbbxml_text(doc, a, "returncode")) <= utf8_length(text));
	bbbxml_free(doc);
	buf_free(&out);
}

/* One value of one line: no break, no control, no blank outside of quotes. */
static void check_log(const char *text)
{
	struct buf out = BUF_INIT;
	const char *p;

	buf_logvalue(&out, text);
	p = buf_str(&out);
	if (*p != '"') {
		FUZZ_REQUIRE(strcmp(p, text) == 0 && !strpbrk(p, " \t\r\n\"="));
	} else {
		for (p++; *p && *p != '"'; p++)
			if (*p == '\\')
				FUZZ_REQUIRE(strchr("\"\\x", *++p) && *p);
		FUZZ_REQUIRE(p[0] == '"' && p[1] == '\0');
	}
	for (p = buf_str(&out); *p; p++) {
		unsigned cp;

		FUZZ_REQUIRE((unsigned char)*p >= 0x20 && *p != 0x7F);
		FUZZ_REQUIRE((unsigned char)*p < 0x80 || utf8_decode(p, &cp) || (*p & 0xC0) == 0x80);
	}
	buf_free(&out);
}

static void check_url(const char *text)
{
	struct buf out = BUF_INIT;

	buf_url(&out, text, strlen(text));
	FUZZ_REQUIRE(
		strspn(buf_str(&out),
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%") == out.len);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	const char *text = fuzz_text(&a, data, size);

	check_json(text);
	check_xml(&a, text);
	check_log(text);
	check_url(text);
	arena_free(&a);
	return 0;
}
