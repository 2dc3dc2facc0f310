/* SPDX-License-Identifier: ISC */
/* One safe set-up of libcurl for every call that leaves this machine. Private to net/ and store/s3*.c. */
#ifndef B3LB_NET_CURL_H
#define B3LB_NET_CURL_H

#include "base/err.h"

#include <curl/curl.h>
#include <stdbool.h>

/* Once for each module that calls others, before threads; curl_global_cleanup for each at the end. */
void curl_begin(void);
/*
 * Gives a new or reset handle the URL and what holds for all calls: http and https only, no redirect is
 * followed, no proxy of the environment is asked, the path goes out as it is, no signal is used, and a name
 * server that says nothing holds no time limit up. The URL is copied.
 */
void curl_plain(CURL *curl, const char *url) b3lb_nonnull;
/* Appends "NAME: VALUE", or "NAME:" where the value is "": libcurl leaves that header out then. The list's new
 * head; the old one where no memory is left. */
struct curl_slist *curl_header(struct curl_slist *list, const char *name, const char *value) b3lb_mustcheck;
/* True when the line of a CURLOPT_HEADERFUNCTION is the header of that name (with its colon, in any case) and
 * the value fits into size bytes with its NUL: then it stands in out; else out stays as it is. */
bool curl_header_is(const char *line, size_t len, const char *name, char *out, size_t size) b3lb_nonnull;

#endif
