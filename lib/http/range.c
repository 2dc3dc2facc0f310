/* SPDX-License-Identifier: ISC */
/* Conditional and partial requests (RFC 9110, 13 and 14). */
#include "config.h"
#include "http/range.h"

#include "http/date.h"
#include "http/etag.h"

#include <string.h>
#include <strings.h>

#define BLANK " \t"
/* 10^18 - 1: sums of two such numbers do not overflow. */
#define DIGITS_MAX 18

/* 0: go on; else the status. */
static int precondition(const struct range_request *rq, const struct range_file *file)
{
	long long when;

	if (rq->if_match) {
		if (!etag_listed(rq->if_match, file->etag, false))
			return 412;
	} else if (rq->if_unmodified_since && http_date_parse(rq->if_unmodified_since, &when) &&
		   file->modified > when) {
		return 412;
	}
	if (rq->if_none_match)
		return etag_listed(rq->if_none_match, file->etag, true) ? 304 : 0;
	if (rq->if_modified_since && http_date_parse(rq->if_modified_since, &when) && file->modified <= when)
		return 304;
	return 0;
}

/* 13.1.5: a strong tag, or exactly the date that we sent. */
static bool if_range_holds(const char *if_range, const struct range_file *file)
{
	long long when;

	if (*if_range == '"')
		return strcmp(if_range, file->etag) == 0;
	return http_date_parse(if_range, &when) && when == file->modified;
}

/* Reads a number of digits; false when there is none or it has too many. */
static bool read_number(const char **at, long long *out)
{
	size_t len = strspn(*at, "0123456789");

	*out = 0;
	if (len == 0 || len > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		*out = *out * 10 + ((*at)[i] - '0');
	*at += len;
	return true;
}

/* One range of bytes (14.1.2); false for anything else, which is ignored. status is 206 or 416. */
static bool parse_range(const char *text, long long size, struct range_answer *answer)
{
	long long first = 0, last = size - 1, suffix;
	bool open_end;

	if (strncasecmp(text, "bytes=", 6) != 0)
		return false;
	text += 6;
	text += strspn(text, BLANK);
	if (*text == '-') {
		text++;
		if (!read_number(&text, &suffix) || text[strspn(text, BLANK)])
			return false;
		first = suffix >= size ? 0 : size - suffix;
		answer->status = suffix == 0 || size == 0 ? 416 : 206;
	} else {
		if (!read_number(&text, &first) || *text++ != '-')
			return false;
		open_end = !text[strspn(text, BLANK)];
		if (!open_end && (!read_number(&text, &last) || text[strspn(text, BLANK)] || last < first))
			return false;
		if (last >= size)
			last = size - 1;
		answer->status = first >= size ? 416 : 206;
	}
	answer->offset = first;
	answer->length = last - first + 1;
	return true;
}

void range_evaluate(
	const struct range_request *rq, const struct range_file *file, struct range_answer *answer)
{
	int status = precondition(rq, file);

	*answer = (struct range_answer){.status = status ? status : 200, .length = status ? 0 : file->size};
	if (status || !rq->get || !rq->range || (rq->if_range && !if_range_holds(rq->if_range, file)))
		return;
	if (!parse_range(rq->range, file->size, answer))
		*answer = (struct range_answer){.status = 200, .length = file->size};
	else if (answer->status == 416)
		answer->offset = answer->length = 0;
}
