/* SPDX-License-Identifier: ISC */
/* Uploaded subtitles: what is made of them is WebVTT in UTF-8, and read once more stays as it is. */
#include "config.h"
#include "fuzz.h"

#include "bbb/subtitle.h"

static void check_utf8(const char *s, size_t len)
{
	unsigned cp;
	size_t n;

	FUZZ_REQUIRE(strlen(s) == len);
	for (; *s; s += n) {
		n = utf8_decode(s, &cp);
		FUZZ_REQUIRE(n > 0 && cp != '\r');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	struct buf out = BUF_INIT, again = BUF_INIT;
	struct err err = {0};

	/* Without anything behind it, so that reading there is seen. */
	memcpy(copy, data, size);
	copy = realloc(copy, size ? size : 1);
	if (subtitle_convert(copy, size, &out, &err) == 0) {
		FUZZ_REQUIRE(strncmp(out.ptr, "WEBVTT", 6) == 0);
		check_utf8(out.ptr, out.len);
		FUZZ_REQUIRE(subtitle_convert(out.ptr, out.len, &again, &err) == 0);
		FUZZ_REQUIRE(again.len == out.len && memcmp(again.ptr, out.ptr, out.len) == 0);
	} else {
		FUZZ_REQUIRE(err.kind == ERR_INVALID || err.kind == ERR_LIMIT);
	}
	buf_free(&out);
	buf_free(&again);
	free(copy);
	return 0;
}
