/* SPDX-License-Identifier: ISC */
/* Answers to a browser whose join failed: where it is sent, or the page that it gets. */
#ifndef B3LB_API_BROWSER_H
#define B3LB_API_BROWSER_H

#include "api.h"

/* True with redirect=false: a program asks. */
bool browser_stays(const struct api *api);
/*
 * Where a browser is sent with an error of join: the first of these that is an http(s) URL, with
 * errors=[{"key","message"}] in its query (doc/bbb-api, 1.3): errorRedirectUrl, logoutURL, the meeting's
 * logoutURL. With redirect=false a program asks, which errorRedirectUrl alone can send away, and nothing once
 * the request itself is right. NULL: nowhere. In the request's arena.
 */
const char *browser_location(struct api *api, enum api_error error, const char *key, const char *text);
/* Sends a page for people with that status to a browser, which accepts text/html; false when none asks:
 * nothing is sent then. */
bool browser_page(struct api *api, enum api_error error, int status);

#endif
