/* SPDX-License-Identifier: ISC */
/* The page that a person gets whose join failed: a few words in the browser's language. */
#include "config.h"
#include "page.h"

#include "http/accept.h"

#include <openssl/evp.h>
#include <string.h>

static const char STYLE[] = "body{font:1.1em/1.5 sans-serif;color:#222;background:#f4f5f7;margin:0;"
			    "padding:10vh 1em}main{max-width:34em;margin:auto;padding:2em;"
			    "background:#fff;border-radius:8px}img{max-width:100%;max-height:6em}"
			    "h1{font-size:1.3em}small{color:#666}";

void page_write(const char *accept_header, enum page_reason reason, const char *logo, const char *request_id,
	struct buf *out)
{
	int language = accept_language(accept_header, page_languages, PAGE_LANGUAGES);
	const struct page_words *words = &page_words[language < 0 ? 0 : language];

	buf_puts(out, "<!DOCTYPE html>\n<html lang=\"");
	buf_puts(out, page_languages[language < 0 ? 0 : language]);
	buf_puts(out, "\"><head><meta charset=\"utf-8\">"
		      "<meta name=\"viewport\" content=\"width=device-width\"><title>");
	buf_xml(out, words->reason[reason].title);
	buf_puts(out, "</title><style>");
	buf_puts(out, STYLE);
	buf_puts(out, "</style></head>\n<body><main>\n");
	if (logo) {
		buf_puts(out, "<img src=\"");
		buf_xml(out, logo);
		buf_puts(out, "\" alt=\"\">\n");
	}
	buf_puts(out, "<h1>");
	buf_xml(out, words->reason[reason].title);
	buf_puts(out, "</h1>\n<p>");
	buf_xml(out, words->reason[reason].text);
	buf_puts(out, "</p>\n<p><small>");
	buf_xml(out, words->reference);
	buf_puts(out, " ");
	buf_xml(out, request_id);
	buf_puts(out, "</small></p>\n</main></body></html>\n");
}

const char *page_policy(struct arena *a, const char *logo)
{
	unsigned char digest[EVP_MAX_MD_SIZE], text[EVP_MAX_MD_SIZE * 2];
	unsigned len = 0;

	if (EVP_Digest(STYLE, strlen(STYLE), digest, &len, EVP_sha256(), NULL) != 1)
		len = 0;
	EVP_EncodeBlock(text, digest, (int)len);
	return arena_printf(a,
		"default-src 'none'; style-src 'sha256-%s'; img-src %s; base-uri 'none'; form-action 'none'",
		(const char *)text, logo ? logo : "'none'");
}
