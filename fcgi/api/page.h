/* SPDX-License-Identifier: ISC */
/* The page that a person gets whose join failed: a few words in the browser's language. */
#ifndef B3LB_API_PAGE_H
#define B3LB_API_PAGE_H

#include "base/buf.h"

/* What a person needs to know of an error. */
enum page_reason {
	PAGE_NOT_THERE,	 /* no such meeting, not begun or over */
	PAGE_FULL,	 /* as many people as may be are there */
	PAGE_LIMIT,	 /* as many meetings as may be are running */
	PAGE_WRONG_LINK, /* the link is no such one, or was changed */
	PAGE_AWAY,	 /* it may be right in a minute */
	PAGE_INTERNAL,	 /* our fault */
	PAGE__MAX,
};

/* The words of one language (page_words.c). */
struct page_words {
	const char *reference; /* what stands before the request's id */
	struct {
		const char *title, *text;
	} reason[PAGE__MAX];
};

#define PAGE_LANGUAGES 9
/* Languages as two letters, English first, and the words of each in the same place. */
extern const char *const page_languages[PAGE_LANGUAGES];
extern const struct page_words page_words[PAGE_LANGUAGES];

/*
 * Appends the whole HTML page, without any script and with nothing of the request but its own id.
 * accept_language may be NULL; logo is a URL or NULL. Any thread.
 */
void page_write(const char *accept_language, enum page_reason reason, const char *logo,
	const char *request_id, struct buf *out);
/* The page's Content-Security-Policy, in the arena: its style by hash, and its logo. */
const char *page_policy(struct arena *a, const char *logo);

#endif
