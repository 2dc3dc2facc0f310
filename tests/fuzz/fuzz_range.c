/* SPDX-License-Identifier: ISC */
/* Conditional and partial requests: whatever the headers say, what is sent lies in the file. Input: lines
 * with the file's size, If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since, Range and If-Range;
 * "-": not there. */
#include "config.h"
#include "fuzz.h"

#include "http/range.h"

#define ETAG "\"abc\""

static const char *header(char **rest)
{
	const char *line = fuzz_line(rest);

	return strcmp(line, "-") == 0 ? NULL : line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *rest = fuzz_text(&a, data, size);
	struct range_file file = {.etag = ETAG, .modified = 784111777};
	struct range_request rq = {.get = true};
	struct range_answer answer, whole;

	file.size = strtoll(fuzz_line(&rest), NULL, 10);
	if (file.size < 0)
		file.size = 0;
	rq.if_match = header(&rest);
	rq.if_unmodified_since = header(&rest);
	rq.if_none_match = header(&rest);
	rq.if_modified_since = header(&rest);
	rq.range = header(&rest);
	rq.if_range = header(&rest);
	range_evaluate(&rq, &file, &answer);
	FUZZ_REQUIRE(answer.status == 200 || answer.status == 206 || answer.status == 304 ||
		     answer.status == 412 || answer.status == 416);
	FUZZ_REQUIRE(answer.offset >= 0 && answer.length >= 0 && answer.offset <= file.size &&
		     answer.length <= file.size - answer.offset);
	if (answer.status == 200)
		FUZZ_REQUIRE(answer.offset == 0 && answer.length == file.size);
	else if (answer.status == 206)
		FUZZ_REQUIRE(answer.length > 0 && rq.range);
	else
		FUZZ_REQUIRE(answer.length == 0);
	/* HEAD says what GET without a range says. */
	rq.get = false;
	range_evaluate(&rq, &file, &whole);
	FUZZ_REQUIRE(whole.status != 206 && whole.status != 416);
	FUZZ_REQUIRE(whole.status == 200
			     ? answer.status == 200 || answer.status == 206 || answer.status == 416
			     : whole.status == answer.status);
	arena_free(&a);
	return 0;
}
