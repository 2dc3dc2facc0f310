/* SPDX-License-Identifier: ISC */
/* Answers of nodes (getMeetings, create, getMeetingInfo): what is taken can be written and read again, and
 * holds no id of ours afterwards. Input: a line with our id, a line with the client's, a line with the
 * client's parameters, then XML. */
#include "config.h"
#include "fuzz.h"

#include "bbb/xml.h"
#include "core/meeting.h"

/* A fragment is one element that any client's parser takes. */
static void require_element(const char *fragment)
{
	struct buf xml = BUF_INIT;
	struct err err = {0};
	struct bbbxml *doc;

	buf_printf(&xml, "<response><returncode>SUCCESS</returncode><meetings>%s</meetings></response>",
		fragment);
	doc = bbbxml_parse(buf_str(&xml), xml.len, &err);
	FUZZ_REQUIRE(doc);
	bbbxml_free(doc);
	buf_free(&xml);
}

static void check_meetings(struct bbbxml *doc, struct arena *a, const char *to)
{
	struct bbbxml_meeting *list = NULL;
	struct err err = {0};
	int skipped, count = bbbxml_meetings(doc, a, &list, &skipped, &err);

	FUZZ_REQUIRE(count >= 0 || (err.kind == ERR_AWAY && err.text[0]));
	for (int i = 0; i < count; i++) {
		struct buf fragment = BUF_INIT;

		FUZZ_REQUIRE(list[i].id && *list[i].id && list[i].internal_id);
		FUZZ_REQUIRE(list[i].attendees >= BBBXML_UNKNOWN && list[i].listeners >= BBBXML_UNKNOWN &&
			     list[i].voices >= BBBXML_UNKNOWN && list[i].videos >= BBBXML_UNKNOWN &&
			     list[i].moderators >= BBBXML_UNKNOWN);
		bbbxml_meeting_write(&list[i], list[i].id, to, &fragment);
		require_element(buf_str(&fragment));
		buf_free(&fragment);
	}
}

/* The fragment that stands for a young meeting until a poll sees it. */
static void check_young(struct bbbxml *doc, struct arena *a, const char *params, const char *to)
{
	struct query q = {0};
	struct buf fragment = BUF_INIT;
	struct err err = {0};

	if (query_parse(a, params, strlen(params), &q, &err) == 0) {
		meeting_write_fragment(doc, &q, to, &fragment);
		require_element(buf_str(&fragment));
	}
	buf_free(&fragment);
}

/* What is written is read again and says the same. */
static struct bbbxml *rewritten(const struct bbbxml *doc, struct buf *out)
{
	struct err err = {0};
	struct bbbxml *again;

	bbbxml_write(doc, out);
	FUZZ_REQUIRE(!out->failed && out->len);
	again = bbbxml_parse(out->ptr, out->len, &err);
	FUZZ_REQUIRE(again && bbbxml_success(again) == bbbxml_success(doc));
	return again;
}

static void check_write(struct bbbxml *doc)
{
	struct buf text[3] = {BUF_INIT, BUF_INIT, BUF_INIT};
	struct bbbxml *once = rewritten(doc, &text[0]), *twice = rewritten(once, &text[1]);

	/* The first reading may turn a bare carriage return of a CDATA section into a line feed. */
	bbbxml_write(twice, &text[2]);
	FUZZ_REQUIRE(strcmp(text[1].ptr, text[2].ptr) == 0);
	bbbxml_free(once);
	bbbxml_free(twice);
	for (int i = 0; i < 3; i++)
		buf_free(&text[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *rest = arena_strndup(&a, (const char *)data, size);
	const char *from = fuzz_line(&rest), *to = fuzz_line(&rest), *params = fuzz_line(&rest);
	size_t before = (size_t)(rest - from);
	struct err err = {0};
	bool whole;
	struct bbbxml *doc = before <= size ? bbbxml_parse(rest, size - before, &err) : NULL;

	if (doc) {
		FUZZ_REQUIRE(bbbxml_text(doc, &a, "returncode"));
		check_write(doc);
		check_young(doc, &a, params, to);
		if (*from && !strstr(to, from)) {
			bbbxml_replace(doc, from, to);
			check_write(doc);
		}
		check_meetings(doc, &a, to);
	}
	bbbxml_free(doc);
	/* As far as it goes: what is read is as sound. */
	doc = before <= size ? bbbxml_parse_partly(rest, size - before, &whole, &err) : NULL;
	if (doc)
		check_meetings(doc, &a, to);
	bbbxml_free(doc);
	arena_free(&a);
	return 0;
}
