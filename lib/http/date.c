/* SPDX-License-Identifier: ISC */
/* Dates of HTTP headers (RFC 9110, 5.6.7). */
#include "config.h"
#include "http/date.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Not strftime's: it follows the locale of a program that sets one. */
static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void http_date_write(long long when, char out[HTTP_DATE_SIZE])
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099) {
		t = 0;
		gmtime_r(&t, &tm);
	}
	snprintf(out, HTTP_DATE_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[tm.tm_wday],
		(unsigned)tm.tm_mday % 100, months[tm.tm_mon], ((unsigned)tm.tm_year + 1900) % 10000,
		(unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

bool http_date_parse(const char *text, long long *when)
{
	int hour, minute, second, end = 0;
	const char *colon = strchr(text, ':');
	time_t t;

	/* libcurl takes much more than the three forms: a day's name in front, a time of day with seconds, and no
	 * zone but GMT. */
	if (!isalpha((unsigned char)*text) || strlen(text) > HTTP_DATE_SIZE + 8 || !colon ||
		colon - text < 2 || sscanf(colon - 2, "%2d:%2d:%2d%n", &hour, &minute, &second, &end) != 3 ||
		end < 8)
		return false;
	/* "Sun Nov  6 08:49:37 1994" ends with the year, the others with GMT. */
	if (strcmp(colon - 2 + end, " GMT") != 0 &&
		(colon[end - 2] != ' ' || strlen(colon + end - 1) != 4 ||
			colon[end - 1 + strspn(colon + end - 1, "0123456789")]))
		return false;
	t = curl_getdate(text, NULL);
	*when = t;
	return t != -1;
}
